import { connect, type Socket } from 'node:net'

export type Answer = { readonly status: number; readonly text: string }

/** What a request asks of a server: its SCIM endpoint and whose token is sent. */
export type Endpoint = { readonly url: string; readonly token: string }

/** Of a request with a body. */
export type Headers = Readonly<Record<string, string>>
const scim: Headers = { 'Content-Type': 'application/scim+json' }

type Waiting = { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void }

const patienceMs = 120_000

/**
 * One connection that stays open, with one request under way. It knows as little of HTTP as the servers of the benchmark need (bodies
 * of a stated length and chunked ones), so that they are what is measured.
 */
export class Connection {
  private readonly at: URL
  private socket: Socket | undefined
  private waiting: Waiting | undefined
  private unread: Buffer = Buffer.alloc(0)
  /** Of the answer that is coming in; `left`: bytes still to come of the body or of its chunk. */
  private status: number | undefined
  private chunked = false
  private ended = false
  private left = 0
  private parts: Buffer[] = []

  constructor(private readonly endpoint: Endpoint) {
    this.at = new URL(endpoint.url)
  }

  /** @throws Error when the connection breaks or nothing comes for two minutes */
  async ask(method: string, path: string, body?: string | object, headers: Headers = scim): Promise<Answer> {
    this.socket ??= await this.open()
    const { socket, at, endpoint } = this
    const text = typeof body === 'object' ? JSON.stringify(body) : body
    const folder = at.pathname === '/' ? '' : at.pathname
    const head = `${method} ${folder}${path} HTTP/1.1\r\nHost: ${at.host}\r\nAuthorization: Bearer ${endpoint.token}\r\n`
    const named = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    const length = text === undefined ? '' : `${named.join('')}Content-Length: ${Buffer.byteLength(text)}\r\n`
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject }
      socket.write(`${head}${length}\r\n${text ?? ''}`)
    })
  }

  close(): void {
    this.socket?.destroy()
    this.socket = undefined
  }

  private open(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: this.at.hostname, port: Number(this.at.port), noDelay: true }, () => resolve(socket))
      socket.setTimeout(patienceMs, () => socket.destroy(new Error(`no answer in ${patienceMs} ms`)))
      socket.on('error', reject)
      socket.on('data', (data) => this.read(data))
      socket.on('close', () => this.closed(socket))
      socket.on('error', (error) => this.waiting?.reject(error))
    })
  }

  private closed(socket: Socket): void {
    if (this.socket === socket) this.socket = undefined
    this.waiting?.reject(new Error('the connection was closed before the answer was whole'))
  }

  private read(data: Buffer): void {
    this.unread = this.unread.length === 0 ? data : Buffer.concat([this.unread, data])
    while (this.left > 0 ? this.readBody() : this.readLine()) if (this.status === undefined && this.unread.length === 0) return
  }

  /** @returns whether there may be more to read */
  private readBody(): boolean {
    const part = this.unread.subarray(0, this.left)
    this.unread = this.unread.subarray(part.length)
    this.left -= part.length
    this.parts.push(part)
    if (this.left === 0 && !this.chunked) this.finish()
    return this.left === 0
  }

  /** The head, or between two chunks the size of the next. */
  private readLine(): boolean {
    const mark = this.status === undefined ? '\r\n\r\n' : '\r\n'
    const end = this.unread.indexOf(mark)
    if (end < 0) return false
    const line = this.unread.toString('latin1', 0, end)
    this.unread = this.unread.subarray(end + mark.length)
    if (this.status === undefined) this.begin(line)
    else if (line !== '') {
      this.left = parseInt(line, 16)
      this.ended = this.left === 0
    } else if (this.ended) this.finish()
    return true
  }

  private begin(head: string): void {
    this.status = Number(head.slice(9, 12))
    this.chunked = /\r\ntransfer-encoding: *chunked/i.test(head)
    this.ended = false
    this.left = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
    if (!this.chunked && this.left === 0) this.finish()
  }

  private finish(): void {
    const answer = { status: this.status!, text: Buffer.concat(this.parts).toString() }
    this.parts = []
    this.status = undefined
    const { waiting } = this
    this.waiting = undefined
    waiting?.resolve(answer)
  }
}
