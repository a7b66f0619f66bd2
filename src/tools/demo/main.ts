import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readConfig } from '../../config'
import { jsonLog } from '../../log'
import { startServer } from '../../server'
import { identityProvider, type IdentityProvider } from './identity-provider'
import { groups, people } from './people'
import { describe, readTargets, type Held } from './targets'

// `npm run demo`: the product on a fresh database, and an identity provider that talks to it over HTTP. After each step it waits until
// chat and mail are in step, and shows what they hold; it fails when that is not what it should be.

type Stage = {
  readonly idp: IdentityProvider
  readonly ids: ReadonlyMap<string, string>
  readonly syncGroups: () => Promise<void>
  /** Waits until the targets are as they should be, and shows them. */
  readonly show: (title: string, isAsExpected: (held: Held) => boolean) => Promise<void>
}

async function play(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kagami-demo-'))
  const [scimToken, password] = [randomBytes(32).toString('hex'), randomBytes(12).toString('hex')]
  const config = readConfig({
    KAGAMI_PORT: '0',
    KAGAMI_DATA_DIR: folder,
    KAGAMI_ORGANIZATION_DOMAIN: 'example.jp',
    KAGAMI_SCIM_TOKEN: scimToken,
    KAGAMI_ADMIN_LOGIN: 'admin',
    KAGAMI_ADMIN_PASSWORD: password,
  })
  const server = await startServer(config, jsonLog('silent', process.stdout))
  try {
    console.log(`Kagami runs at ${server.url}, its data in a fresh folder.`)
    const ids = new Map<string, string>()
    let before: Held | undefined
    await perform({
      idp: remembering(identityProvider(server.url, scimToken), ids),
      ids,
      syncGroups: groupSync(server.url, password),
      show: async (title, isAsExpected) => {
        const held = await settled(folder, isAsExpected)
        console.log(`\n${title}\n${describe(held, before)}`)
        before = held
      },
    })
    console.log('\nThe demo is over: chat and mail held what they should after every step.')
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function perform({ idp, ids, syncGroups, show }: Stage): Promise<void> {
  const id = (name: string) => ids.get(name)!
  const [hanako, taro, misaki] = [people[0]!, people[1]!, people[2]!]

  await Promise.all(people.map((person) => idp.createUser(person)))
  await show('The identity provider pushed 50 people.', ({ chat, mail }) => chat.active === 50 && mail.active === 50)

  for (const group of groups) {
    await idp.createGroup(group.name, [...group.people.map((i) => id(people[i]!.userName)), ...(group.contains ?? []).map(id)])
  }
  await show('It pushed 5 groups; one contains the others.', (held) => held.groups.length === 0)

  await syncGroups()
  await show('An administrator pressed Sync.', (held) => membersOf(held, '全社') === 50 && membersOf(held, '部長会') === 3)

  await idp.patchUser(id(hanako.userName), [{ op: 'replace', path: 'userName', value: 'hanako.yamada' }])
  await idp.patchGroup(id('部長会'), [{ op: 'add', path: 'members', value: [{ value: id(taro.userName) }] }])
  await show(
    `${hanako.familyName} ${hanako.givenName} married and is hanako.yamada now: a new address, the same account. ${taro.givenName} joined 部長会, which waits for Sync.`,
    (held) => held.mail.addresses.includes('hanako.yamada@example.jp') && membersOf(held, '部長会') === 3,
  )

  await idp.patchUser(id(taro.userName), [{ op: 'replace', path: 'active', value: false }])
  await show(`${taro.familyName} ${taro.givenName} was suspended.`, ({ chat, mail }) => chat.active === 49 && mail.active === 49)

  await idp.deleteUser(id(misaki.userName))
  await show(
    `${misaki.familyName} ${misaki.givenName} left and was deleted.`,
    ({ chat, mail }) => chat.accounts === 49 && mail.accounts === 49,
  )

  await syncGroups()
  await show('Sync once more.', (held) => membersOf(held, '部長会') === 4 && membersOf(held, '全社') === 49)
}

const membersOf = ({ groups: shown }: Held, name: string) => shown.find(({ label }) => label === name)?.members

function remembering(idp: IdentityProvider, ids: Map<string, string>): IdentityProvider {
  const keep = async (name: string, made: Promise<string>) => {
    ids.set(name, await made)
    return ids.get(name)!
  }
  return {
    ...idp,
    createUser: (person) => keep(person.userName, idp.createUser(person)),
    createGroup: (name, members) => keep(name, idp.createGroup(name, members)),
  }
}

/** As the administrator's browser does it: sign in, press Sync, reload until it is over. */
function groupSync(url: string, password: string): () => Promise<void> {
  return async () => {
    const page = await fetch(`${url}/login`)
    const csrf = /name="csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
    const body = new URLSearchParams({ csrf, loginName: 'admin', password })
    const headers = { cookie: cookiesOf(page) }
    const signedIn = await fetch(`${url}/login`, { method: 'POST', body, headers, redirect: 'manual' })
    const cookie = cookiesOf(signedIn)
    const api = async (method: string, path: string, token = '') => {
      const response = await fetch(`${url}/api/v1/${path}`, { method, headers: { cookie, 'X-CSRF-Token': token } })
      if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${await response.text()}`)
      return (await response.json()) as { readonly state?: string; readonly csrfToken?: string }
    }
    const { csrfToken } = await api('GET', 'me')
    await api('POST', 'chat/group-sync', csrfToken)
    await until(async () => (await api('GET', 'chat/group-sync')).state === 'succeeded', 'the group sync did not succeed')
  }
}

const cookiesOf = ({ headers }: Response) =>
  headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0]!)
    .join('; ')

async function settled(folder: string, isAsExpected: (held: Held) => boolean): Promise<Held> {
  await until(async () => isAsExpected(readTargets(folder)), 'chat and mail are not what they should be')
  return readTargets(folder)
}

async function until(isTrue: () => Promise<boolean>, otherwise: string): Promise<void> {
  const giveUpAt = Date.now() + 15_000
  while (!(await isTrue().catch(() => false))) {
    if (Date.now() > giveUpAt) throw new Error(otherwise)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

play().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
