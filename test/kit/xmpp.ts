import path from 'node:path'
import { Worker } from 'node:worker_threads'

export interface XmppSession {
  roster(): Promise<readonly { readonly jid: string; readonly name?: string; readonly groups: readonly string[] }[]>
  addContact(jid: string): Promise<void>
  /** Private data on the server (XEP-0049). */
  putPrivate(text: string): Promise<void>
  getPrivate(): Promise<string>
  /** Tells the server that he is there: it hands over the messages that waited. */
  present(): Promise<void>
  send(jid: string, text: string): Promise<void>
  /** Messages that came so far. */
  readonly messages: readonly string[]
  /** Why the server ended the session, once it has. */
  readonly ended: Promise<string>
  signOut(): Promise<void>
}

type Told = {
  readonly id?: number
  readonly value?: unknown
  readonly error?: string
  readonly ended?: string
  readonly message?: string
}

const calls = ['roster', 'addContact', 'putPrivate', 'getPrivate', 'present', 'send'] as const

/**
 * Signs in with `@xmpp/client`: STARTTLS, then the password by SASL. It runs in a thread of its own, with a certificate of any signer.
 *
 * @throws Error whose message is the server's condition: `not-authorized`, `not-allowed`
 */
export async function signInXmpp(
  server: { readonly clientPort: number; readonly domain: string },
  username: string,
  password: string,
): Promise<XmppSession> {
  const worker = new Worker(path.join(__dirname, 'xmpp-worker.mjs'), {
    env: { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' },
    workerData: {
      service: `xmpp://127.0.0.1:${server.clientPort}`,
      domain: server.domain,
      username,
      password: Buffer.from(password).toString('latin1'), // its PLAIN takes bytes only
    },
  })
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  const messages: string[] = []
  let last = 0
  let over = false
  const ended = new Promise<string>((resolve) =>
    worker.on('message', (told: Told) => {
      if (told.message !== undefined) messages.push(told.message)
      if (told.ended !== undefined) {
        over = true
        resolve(told.ended)
      }
      const call = waiting.get(told.id ?? 0)
      if (told.error === undefined) call?.resolve(told.value)
      else call?.reject(new Error(told.error))
    }),
  )
  const call = (method: string, ...args: unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      waiting.set(++last, { resolve, reject })
      worker.postMessage({ id: last, method, args })
    })
  try {
    await call('signIn')
  } catch (error) {
    await worker.terminate()
    throw error
  }
  const methods = Object.fromEntries(calls.map((name) => [name, (...args: unknown[]) => call(name, ...args)]))
  const signOut = async () => {
    if (!over) await call('signOut')
    await worker.terminate()
  }
  return { ...(methods as unknown as Pick<XmppSession, (typeof calls)[number]>), messages, ended, signOut }
}
