import { createServer, type AddressInfo, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

/** A mail as it came. */
export type SunkMail = {
  readonly from: string
  readonly to: readonly string[]
  /** Header and body, unfolded lines as they were sent. */
  readonly raw: string
  readonly secured: boolean
  readonly account?: string
}

export type SinkManner = {
  /** PEM; offers STARTTLS, or with `implicit` speaks TLS from the first byte. */
  readonly tls?: { readonly key: string; readonly cert: string; readonly implicit?: boolean }
  readonly auth?: { readonly user: string; readonly pass: string }
  /** Another answer than the usual one to a command; `hang`: none at all. */
  answer?(command: string): string | undefined
}

export type SmtpSink = {
  readonly port: number
  readonly mails: readonly SunkMail[]
  manner: SinkManner
  /** The part of the body that a person reads. */
  textOf(mail: SunkMail): string
  stop(): Promise<void>
}

/** An SMTP server that takes everything, or refuses, hangs and breaks off as a test says: what a real one cannot be made to do. */
export async function startSmtpSink(manner: SinkManner = {}, host = '127.0.0.1'): Promise<SmtpSink> {
  const mails: SunkMail[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    const { tls } = sink.manner
    const secured = tls?.implicit ? new TLSSocket(socket, { isServer: true, key: tls.key, cert: tls.cert }) : undefined
    converse(secured ?? socket, sink.manner, mails, secured !== undefined)
  })
  const sink = {
    port: 0,
    mails,
    manner,
    textOf: ({ raw }: SunkMail) => {
      const end = raw.indexOf('\r\n\r\n')
      const [head, body] = [raw.slice(0, end), raw.slice(end + 4)]
      if (/^Content-Transfer-Encoding: base64/im.test(head)) return Buffer.from(body, 'base64').toString('utf8')
      if (!/^Content-Transfer-Encoding: quoted-printable/im.test(head)) return body
      const bytes = body
        .replace(/=\r\n/g, '')
        .replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)))
      return Buffer.from(bytes, 'latin1').toString('utf8')
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  sink.port = (server.address() as AddressInfo).port
  return sink
}

function converse(socket: Socket, manner: SinkManner, mails: SunkMail[], secured: boolean, greets = true): void {
  let mail = { from: '', to: [] as string[] }
  let [buffer, account, inData] = ['', undefined as string | undefined, false]
  const say = (command: string, usual: string) => {
    const answer = manner.answer?.(command) ?? usual
    if (answer !== 'hang') socket.write(`${answer}\r\n`)
    return answer
  }
  if (greets) say('CONNECT', '220 sink.test ESMTP')
  const command = (line: string) => {
    const verb = line.split(' ', 1)[0]!.toUpperCase()
    switch (verb) {
      case 'EHLO': {
        const offers = [...(manner.tls && !secured ? ['STARTTLS'] : []), ...(manner.auth ? ['AUTH PLAIN'] : [])]
        return say(line, ['250-sink.test', ...offers.map((offer) => `250-${offer}`), '250 8BITMIME'].join('\r\n'))
      }
      case 'STARTTLS':
        if (!say(line, manner.tls ? '220 go ahead' : '502 5.5.1 not here').startsWith('220')) return
        socket.removeAllListeners('data')
        return converse(
          new TLSSocket(socket, { isServer: true, key: manner.tls!.key, cert: manner.tls!.cert }).on('error', () => undefined),
          manner,
          mails,
          true,
          false,
        )
      case 'AUTH': {
        const [, user, pass] = Buffer.from(line.split(' ')[2] ?? '', 'base64')
          .toString()
          .split('\0')
        const right = user === manner.auth?.user && pass === manner.auth?.pass
        if (right) account = user
        return say(line, right ? '235 2.7.0 ok' : '535 5.7.8 bad credentials')
      }
      case 'MAIL':
        mail = { from: /<(.*?)>/.exec(line)![1]!, to: [] }
        return say(line, '250 ok')
      case 'RCPT':
        if (say(line, '250 ok').startsWith('250')) mail.to.push(/<(.*?)>/.exec(line)![1]!)
        return
      case 'DATA':
        inData = say(line, '354 go on').startsWith('354')
        return
      case 'QUIT':
        return void socket.end('221 bye\r\n')
      default:
        return say(line, '250 ok')
    }
  }
  socket.on('data', (part) => {
    buffer += part.toString('latin1')
    for (;;) {
      const end = inData ? buffer.indexOf('\r\n.\r\n') : buffer.indexOf('\r\n')
      if (end < 0) return
      const piece = buffer.slice(0, end)
      buffer = buffer.slice(end + (inData ? 5 : 2))
      if (!inData) command(piece)
      else {
        inData = false
        const raw = Buffer.from(piece.replace(/^\.\./gm, '.'), 'latin1').toString('utf8')
        if (say('.', '250 2.0.0 taken').startsWith('250'))
          mails.push({ ...mail, raw, secured, ...(account === undefined ? {} : { account }) })
      }
    }
  })
}
