import type { UserId } from '../../src/domain/ids'
import { person } from '../people'
import { perform, type Request } from '../perform'
import { pageOf } from '../../test/kit/browser'
import type { Product, Server } from '../servers'
import type { Scenario } from '../turns'

const password = 'correct horse battery staple'
/** Who signs in, one after the other. */
const people = 50
const form = { 'Content-Type': 'application/x-www-form-urlencoded' }

/** What a browser has that has looked at the sign-in page. */
type Page = Awaited<ReturnType<typeof pageOf>>

const postLogin =
  ({ csrf, cookie }: Page): Request<number> =>
  async (connection, n) => {
    const body = new URLSearchParams({ csrf, loginName: person(n).userName, password }).toString()
    const { status, text } = await connection.ask('POST', '/login', body, { ...form, ...(cookie !== '' && { Cookie: cookie }) })
    return status === 303 ? undefined : `status ${status}: ${text}`
  }

/** @returns what is kept of the password of everybody who signs in */
async function setPasswords({ parts, ids }: Product): Promise<string> {
  const records = await parts.passwords.makeRecords(password)
  const changedAt = parts.clock.now()
  await parts.store.transact(async (tx) => {
    for (const id of ids.slice(0, people)) await tx.passwords.set(id as UserId, { ...records, changedAt, temporary: false })
  }, 'bulk')
  return records.argon2
}

export const signIn: Scenario = {
  name: 'sign-in',
  title: () => 'Sign-ins by password, 8 at a time',
  only: 'sqlite',
  begin: async (world, { requests }) => {
    const product = await world.product('small')
    const phc = await setPasswords(product)
    const argon2 = await world.argon2(phc)
    const everybody = Array.from({ length: Math.min(requests, 300) }, (_, i) => i % people)
    const entry = (server: Server, page: Page) => ({
      key: server.name,
      server,
      turn: () => perform(server, 8, everybody, postLogin(page)),
    })
    const url = product.config.baseUrl
    return [entry({ ...product, url }, await pageOf(url)), entry(argon2, { csrf: '', cookie: '' })]
  },
}
