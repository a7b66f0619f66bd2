import SqliteDatabase from 'better-sqlite3'
import path from 'node:path'
import request from 'supertest'
import { readConfig } from '../../src/config'
import type { Scope } from '../../src/domain/access/actor'
import { jsonLog } from '../../src/log'
import type { Store } from '../../src/ports/store'
import { openParts, type Parts } from '../../src/assemble'
import { startServer } from '../../src/server'
import { createToken } from '../../src/usecases/access/create-token'
import { postForm } from './browser'
import { tempFolder } from './temp-store'

export const baseUrl = 'http://kagami.test'
const scimToken = 'a-scim-token-of-the-test-environment'
export const admin = { loginName: 'admin', password: 'correct horse battery' }

/** The whole product on a free port and a folder of its own, with embedded chat and mail. */
export type TestServer = {
  readonly url: string
  readonly folder: string
  /** SCIM with a valid token. */
  scim(method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string): request.Test
  /** A token with these scopes, made beside the server. */
  token(scopes: readonly Scope[]): Promise<string>
  /** The session cookie of the first administrator. */
  signIn(): Promise<string>
  /** What a table of `kagami.db`, `chat.db` or `mail.db` holds, in the order of its keys. */
  rows(file: 'kagami' | 'chat' | 'mail', table: string): readonly Readonly<Record<string, unknown>>[]
  /** The same database, as the command line sees it. */
  withStore<T>(work: (store: Store) => Promise<T>): Promise<T>
  /** Stops, and starts again on the same folder; at another URL. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export async function startTestServer(settings: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  const folder = tempFolder()
  const config = readConfig({
    KAGAMI_PORT: '0',
    KAGAMI_BASE_URL: baseUrl,
    KAGAMI_DATA_DIR: folder.path,
    KAGAMI_ORGANIZATION_DOMAIN: 'example.jp',
    KAGAMI_SCIM_TOKEN: scimToken,
    KAGAMI_ADMIN_LOGIN: admin.loginName,
    KAGAMI_ADMIN_PASSWORD: admin.password,
    ...settings,
  })
  const start = () => startServer(config, jsonLog('silent', process.stdout))
  let server = await start()
  const withParts = async <T>(work: (parts: Parts) => Promise<T>): Promise<T> => {
    const parts = await openParts(config)
    return work(parts).finally(() => parts.store.close())
  }
  return {
    get url() {
      return server.url
    },
    folder: folder.path,
    scim: (method, at) => {
      const agent = request(server.url)
      return agent[method](`/scim/v2${at}`).set({ Authorization: `Bearer ${scimToken}`, 'Content-Type': 'application/scim+json' })
    },
    token: (scopes) =>
      withParts(async (parts) => {
        const operator = { kind: 'operator', name: 'test' } as const
        return (await createToken(parts, operator, { client: 'test', scopes })).token
      }),
    signIn: async () => {
      return cookieOf(await postForm(server.url, '/login', admin))
    },
    rows: (file, table) => {
      const database = new SqliteDatabase(path.join(folder.path, `${file}.db`), { readonly: true })
      try {
        return database.prepare(`SELECT * FROM ${table}`).all() as Readonly<Record<string, unknown>>[]
      } finally {
        database.close()
      }
    },
    withStore: (work) => withParts(({ store }) => work(store)),
    restart: async () => {
      await server.stop()
      server = await start()
    },
    stop: async () => {
      await server.stop()
      folder.remove()
    },
  }
}

/** `name=value` of the session cookie that an answer sets. */
export function cookieOf(answer: request.Response): string {
  const cookies = (answer.headers['set-cookie'] ?? []) as unknown as readonly string[]
  return cookies.find((cookie) => /^(__Host-)?kagami=/.test(cookie))?.split(';')[0] ?? ''
}

/** Waits until `ready` is true; what happens by itself happens within seconds. */
export async function eventually(ready: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const giveUpAt = Date.now() + withinMs
  for (;;) {
    if (await readyOrNot(ready)) return
    if (Date.now() > giveUpAt) throw new Error(`not true within ${withinMs} ms: ${ready.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
}

/** Not yet there is not yet ready: a file or table that is missing, a page that answers something else. */
async function readyOrNot(ready: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await ready()
  } catch {
    return false
  }
}
