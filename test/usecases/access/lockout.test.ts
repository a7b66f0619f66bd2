import type { NamedSettings } from '../../../src/domain/access/sign-in-settings'
import { changePassword } from '../../../src/usecases/access/change-password'
import { createAdministrator } from '../../../src/usecases/access/create-administrator'
import { findSession } from '../../../src/usecases/access/find-session'
import { setNeverExpires, setPassword, showPassword } from '../../../src/usecases/access/password-set'
import { changeSignInSettings } from '../../../src/usecases/access/sign-in-settings'
import { createUser } from '../../../src/usecases/directory/create-user'
import { aClient, aUser } from '../../kit/builders'
import { signInWithPassword } from '../../kit/sign-in'
import { openUseCaseDeps, type UseCaseDeps } from '../../kit/use-case-deps'
import { describeWith } from '../../services/describe-with'
import { query, startMariadb, type Mariadb } from '../../services/mariadb'
import { hookTimeoutMs } from '../../services/service'

const operator = { kind: 'operator', name: 'root' } as const
const minute = 60_000
const day = 24 * 60 * minute
const right = 'four quiet rivers'

function suite(open: () => Promise<UseCaseDeps>, openAgain?: () => Promise<UseCaseDeps>): void {
  let deps: UseCaseDeps
  let count = 0
  let name = ''
  beforeAll(async () => void (deps = await open()), hookTimeoutMs)
  afterAll(() => deps?.close(), hookTimeoutMs)
  beforeEach(async () => {
    name = `taro${++count}`
    await set({})
    await createUser(deps, aClient('entra'), {
      attributes: { loginName: aUser({ loginName: name }).loginName, status: 'inUse', profile: {} },
      password: right,
    })
  })
  const set = (settings: NamedSettings) => changeSignInSettings(deps, operator, () => ({ profile: 'recommended', settings }))
  const signIn = (password = right, as = deps) => signInWithPassword(as, {}, name, password)
  const isIn = (password = right, as = deps) =>
    signIn(password, as).then(
      () => true,
      (error: { code?: string }) => {
        if (error.code !== 'wrongPassword') throw error
        return false
      },
    )
  const fail = async (times: number) => {
    for (let i = 0; i < times; i++) expect(await isIn('wrong words')).toBe(false)
  }
  const failures = async () => (await showPassword(deps, operator, name)).failures

  describe('lockout (S12)', () => {
    it('is off at first', async () => {
      await fail(5)
      expect([await failures(), await isIn()]).toEqual([0, true])
    })

    it('comes when the failures exceed the limit; a success before forgets them', async () => {
      await set({ lockout: { failures: 2 } })
      await fail(2)
      expect([await isIn(), await failures()]).toEqual([true, 0])
      await fail(3)
      expect(await isIn()).toBe(false)
      expect(await showPassword(deps, operator, name)).toMatchObject({ locked: true, failures: 3 })
      await fail(4)
      expect(await failures()).toBe(3)
    })

    it('is released by a higher limit, which keeps the count, and by an administrator who sets the password', async () => {
      await set({ lockout: { failures: 1 } })
      await fail(2)
      expect(await isIn()).toBe(false)
      await set({ lockout: { failures: 2 } })
      expect(await failures()).toBe(2)
      expect(await isIn()).toBe(true)
      await set({ lockout: { failures: 1 } })
      await fail(2)
      await setPassword(deps, operator, name, { password: 'another quiet river' })
      expect(await isIn('another quiet river')).toBe(true)
    })

    it('is released after its time, and then counts from the beginning', async () => {
      await set({ lockout: { failures: 1, releaseMinutes: 10 } })
      await fail(2)
      deps.clock.advance(10 * minute - 1)
      expect(await isIn()).toBe(false)
      deps.clock.advance(1)
      await fail(1)
      expect(await failures()).toBe(1)
      expect(await isIn()).toBe(true)
    })

    it('never locks out a built-in administrator', async () => {
      await set({ lockout: { failures: 1 } })
      name = `root${count}`
      await createAdministrator(deps, operator, name, right)
      await fail(5)
      expect(await isIn()).toBe(true)
    })

    it('counts every one of many wrong ones at the same moment, on two nodes', async () => {
      await set({ lockout: { failures: 5 } })
      const other = openAgain ? await openAgain() : deps
      const tries = await Promise.all(Array.from({ length: 12 }, (_, i) => isIn('wrong words', i % 2 ? other : deps)))
      expect(tries).not.toContain(true)
      expect(await failures()).toBe(6)
      expect([await isIn(right, other), await isIn()]).toEqual([false, false])
      if (openAgain) await other.close()
    })
  })

  it('takes as long for who is unknown, mistyped, locked out or suspended', async () => {
    await set({ lockout: { failures: 1 } })
    const locked = name
    await fail(2)
    for (const [loginName, status] of [
      [`wach${count}`, 'inUse'],
      [`aus${count}`, 'suspended'],
    ] as const) {
      await createUser(deps, aClient('entra'), {
        attributes: { loginName: aUser({ loginName }).loginName, status, profile: {} },
        password: right,
      })
    }
    const times = new Map<string, number[]>()
    for (let round = 0; round < 24; round++) {
      for (const [who, password] of [
        ['nobody', right],
        [`wach${count}`, 'wrong words'],
        [locked, right],
        [`aus${count}`, right],
      ] as const) {
        const started = performance.now()
        name = who
        expect(await isIn(password)).toBe(false)
        times.set(who, [...(times.get(who) ?? []), performance.now() - started])
      }
    }
    const medians = [...times.values()].map((all) => all.sort((a, b) => a - b)[12]!)
    expect(Math.max(...medians)).toBeLessThan(Math.min(...medians) * 2) // one that is not verified takes a tenth
  })

  it('a provisional administrator is one for an hour (D61)', async () => {
    const made = await createAdministrator(deps, operator, `kari${count}`, undefined, true)
    name = made.loginName
    const { session } = await signIn(made.password)
    expect(await findSession(deps, session.cookie)).toMatchObject({ administrator: true, mustChangePassword: false })
    deps.clock.advance(60 * minute)
    expect(await findSession(deps, session.cookie)).toBeUndefined()
    expect(await isIn(made.password)).toBe(false)
    await expect(createAdministrator(deps, operator, name, undefined, true)).rejects.toMatchObject({ code: 'loginNameTaken' })
  })

  describe('lifetime and history (S11, S18)', () => {
    it('an expired password opens a session that may only set another; a per-user never wins', async () => {
      await set({ password: { lifetimeDays: 30 } })
      deps.clock.advance(30 * day)
      const outcome = await signIn()
      expect(outcome).toMatchObject({ kind: 'mustChange', why: 'expired' })
      const session = (await findSession(deps, outcome.session.cookie))!
      expect(session.mustChangePassword).toBe(true)
      await changePassword(deps, session, {}, right, 'a new quiet river')
      expect(await findSession(deps, outcome.session.cookie)).toMatchObject({ mustChangePassword: false })
      deps.clock.advance(30 * day)
      await setNeverExpires(deps, operator, name, true)
      expect((await signIn('a new quiet river')).kind).toBe('in')
    })

    it('asks for a change of a temporary one only since the policy does', async () => {
      await set({ password: { changeTemporary: false } })
      const { password } = await setPassword(deps, operator, name, {})
      deps.clock.advance(1)
      await set({})
      expect((await signIn(password)).kind).toBe('in')
      await setPassword(deps, operator, name, { password: 'later quiet river' })
      expect(await signIn('later quiet river')).toMatchObject({ kind: 'mustChange', why: 'temporary' })
    })

    it('refuses the last ones, whoever set them, and takes an older one', async () => {
      await set({ password: { reuseLimit: 3 } })
      await setPassword(deps, operator, name, { password: 'slow teapots in march' })
      await setPassword(deps, operator, name, { password: 'slow teapots in april' })
      const { session } = await signIn('slow teapots in april')
      const change = async (current: string, wanted: string) =>
        changePassword(deps, (await findSession(deps, session.cookie))!, {}, current, wanted)
      for (const old of ['slow teapots in april', 'slow teapots in march', right]) {
        await expect(change('slow teapots in april', old)).rejects.toMatchObject({ rules: [{ rule: 'reused', limit: 3 }] })
      }
      await expect(setPassword(deps, operator, name, { password: right })).rejects.toMatchObject({ code: 'passwordRefused' })
      await change('slow teapots in april', 'slow teapots in hectic may')
      await change('slow teapots in hectic may', right)
    })
  })
}

describe('passwords on SQLite', () => suite(() => openUseCaseDeps()))

describeWith(['mariadb'], 'passwords on MariaDB', () => {
  let mariadb: Mariadb
  let database: Awaited<ReturnType<Mariadb['createDatabase']>>
  beforeAll(async () => {
    mariadb = await startMariadb()
    database = await mariadb.createDatabase()
    await query(database, `ALTER DATABASE ${database.database} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`)
  }, hookTimeoutMs)
  afterAll(() => mariadb.stop(), hookTimeoutMs)
  suite(
    () => openUseCaseDeps(database),
    () => openUseCaseDeps(database),
  )
})
