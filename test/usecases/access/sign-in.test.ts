import type { UserStatus } from '../../../src/domain/directory/user'
import { changePassword } from '../../../src/usecases/access/change-password'
import { createAdministrator } from '../../../src/usecases/access/create-administrator'
import { findSession } from '../../../src/usecases/access/find-session'
import { sessionHash } from '../../../src/usecases/access/begin-session'
import { signInWithSaml } from '../../../src/usecases/access/saml-sign-in'
import { signOut } from '../../../src/usecases/access/sign-out'
import { createUser } from '../../../src/usecases/directory/create-user'
import { deleteUser } from '../../../src/usecases/directory/delete-user'
import { editUser } from '../../../src/usecases/directory/edit-user'
import { aClient, aUser } from '../../kit/builders'
import { signInWithPassword } from '../../kit/sign-in'
import { openUseCaseDeps, type UseCaseDeps } from '../../kit/use-case-deps'

const entra = aClient('entra')
const operator = { kind: 'operator', name: 'root' } as const
const hour = 60 * 60_000

let deps: UseCaseDeps
beforeEach(async () => void (deps = await openUseCaseDeps()))
afterEach(() => deps.close())

const create = async (loginName: string, password?: string, status: UserStatus = 'inUse') =>
  (
    await createUser(deps, entra, {
      attributes: { loginName: aUser({ loginName }).loginName, status, profile: {} },
      ...(password === undefined ? {} : { password }),
    })
  ).user
const signIn = async (loginName: string, password: string) =>
  (await signInWithPassword(deps, { address: '192.0.2.1' }, loginName, password)).session

describe('by password (S32)', () => {
  it('begins a session of which only a hash is kept, in any spelling of the login name', async () => {
    const user = await create('Taro', 'right words')
    const { cookie, loginName } = await signIn('ＴＡＲＯ', 'right words')
    expect(loginName).toBe('Taro')
    expect(await deps.store.read.sessions.find(cookie)).toBeUndefined()
    expect(await findSession(deps, cookie)).toMatchObject({
      userId: user.id,
      method: 'password',
      administrator: false,
      mustChangePassword: false,
    })
  })

  it('answers unknown, wrong, without password, suspended and deleted alike, and notes each', async () => {
    await create('taro', 'right words')
    await create('bare')
    await create('asleep', 'right words', 'suspended')
    await deleteUser(deps, entra, (await create('gone', 'right words')).id)
    const lines = await deps.store.read.logs.countAudit()
    const tries = [
      ['nobody', 'right words'],
      ['taro', 'wrong words'],
      ['taro', ''],
      ['bare', ''],
      ['asleep', 'right words'],
      ['gone', 'right words'],
    ] as const
    const answers = await Promise.all(tries.map(([name, password]) => signIn(name, password).catch((error: unknown) => error)))
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(answers[0]).toMatchObject({ code: 'wrongPassword', detail: 'The login name or the password is wrong.' })
    expect(await deps.store.read.logs.countAudit()).toBe(lines + tries.length)
  })

  it('takes about as long for nobody as for somebody', async () => {
    await create('taro', 'right words')
    const timed = async (name: string) => {
      const started = performance.now()
      for (let i = 0; i < 5; i++) await signIn(name, 'wrong words').catch(() => undefined)
      return performance.now() - started
    }
    await timed('nobody') // the hash for nobody is made once
    const [nobody, somebody] = [await timed('nobody'), await timed('taro')]
    expect(nobody).toBeGreaterThan(somebody / 3)
  })
})

describe('signInWithSaml (S33)', () => {
  it('signs in whose login name is the NameID, and nobody else', async () => {
    const user = await create('Taro')
    await create('asleep', undefined, 'suspended')
    const session = await signInWithSaml(deps, {}, 'taro')
    expect(await findSession(deps, session!.cookie)).toMatchObject({ userId: user.id, method: 'saml' })
    for (const name of ['nobody', 'asleep', '']) expect(await signInWithSaml(deps, {}, name)).toBeUndefined()
  })

  it('takes no other spelling for him, for that may be somebody else at the identity provider', async () => {
    await create('Kanri')
    expect(await signInWithSaml(deps, {}, 'kANRI')).toBeDefined()
    for (const name of ['ｋａｎｒｉ', '\u212aanri', 'kanri ', ' kanri', 'kanr\u0131', 'kanri\u0000', 'ｋanri']) {
      expect(await signInWithSaml(deps, {}, name)).toBeUndefined()
    }
  })
})

describe('findSession', () => {
  const begin = async () => {
    const user = await create('taro', 'right words')
    return { user, ...(await signIn('taro', 'right words')) }
  }

  it('ends 24 hours after the last access (S13)', async () => {
    const { cookie } = await begin()
    deps.clock.advance(24 * hour - 1)
    expect(await findSession(deps, cookie)).toBeDefined()
    deps.clock.advance(24 * hour - 1)
    expect(await findSession(deps, cookie)).toBeDefined()
    deps.clock.advance(24 * hour)
    expect(await findSession(deps, cookie)).toBeUndefined()
  })

  it('writes an access down once a minute', async () => {
    const { cookie } = await begin()
    const lastSeen = async () => (await deps.store.read.sessions.find(sessionHash(cookie)))!.lastSeenAt
    const began = await lastSeen()
    deps.clock.advance(59_999)
    await findSession(deps, cookie)
    expect(await lastSeen()).toBe(began)
    deps.clock.advance(1)
    await findSession(deps, cookie)
    expect(await lastSeen()).toBe(began + 60_000)
  })

  it('knows no cookie that it did not give', async () => {
    const { cookie } = await begin()
    for (const other of ['', `${cookie}x`, sessionHash(cookie)]) expect(await findSession(deps, other)).toBeUndefined()
  })

  it('ends at once by signing out, suspension and deletion', async () => {
    const { cookie, user } = await begin()
    await signOut(deps, (await findSession(deps, cookie))!, {})
    expect(await findSession(deps, cookie)).toBeUndefined()
    const second = await signIn('taro', 'right words')
    await editUser(deps, entra, user.id, { apply: (current) => ({ ...current, status: 'suspended' }) })
    expect(await findSession(deps, second.cookie)).toBeUndefined()
    await editUser(deps, entra, user.id, { apply: (current) => ({ ...current, status: 'inUse' }) })
    const third = await signIn('taro', 'right words')
    await deleteUser(deps, entra, user.id)
    expect(await findSession(deps, third.cookie)).toBeUndefined()
  })
})

describe('createAdministrator (D60)', () => {
  it('makes an account with a one-time password that must be changed (S11)', async () => {
    const made = await createAdministrator(deps, operator, 'Administrator')
    expect(made).toEqual({ loginName: 'Administrator', password: expect.stringMatching(/^[\w-]{16}$/) as string, created: true })
    const { cookie } = await signIn('administrator', made.password)
    expect(await findSession(deps, cookie)).toMatchObject({ administrator: true, mustChangePassword: true })
    expect(await deps.store.read.mirror.hasDueWork('chat')).toBe(false)
  })

  it('makes one with a password that was chosen, which stays', async () => {
    await createAdministrator(deps, operator, 'root', 'chosen words')
    expect(await findSession(deps, (await signIn('root', 'chosen words')).cookie)).toMatchObject({ mustChangePassword: false })
  })

  it('makes a person of the directory one, and ends his sessions', async () => {
    const user = await create('taro', 'right words')
    const { cookie } = await signIn('taro', 'right words')
    expect(await createAdministrator(deps, operator, 'TARO', 'chosen words')).toMatchObject({ created: false })
    expect(await findSession(deps, cookie)).toBeUndefined()
    expect(await findSession(deps, (await signIn('taro', 'chosen words')).cookie)).toMatchObject({
      userId: user.id,
      administrator: true,
    })
  })

  it('does nothing for a suspended one', async () => {
    await create('asleep', 'right words', 'suspended')
    await expect(createAdministrator(deps, operator, 'asleep')).rejects.toMatchObject({ code: 'invalidAttribute' })
  })
})

describe('changePassword (S11)', () => {
  it('ends his other sessions and frees a temporary one; the mirrors get it', async () => {
    const { password } = await createAdministrator(deps, operator, 'root')
    const [mine, other] = [await signIn('root', password), await signIn('root', password)]
    await changePassword(deps, (await findSession(deps, mine.cookie))!, {}, password, 'another secret')
    expect(await findSession(deps, mine.cookie)).toMatchObject({ mustChangePassword: false })
    expect(await findSession(deps, other.cookie)).toBeUndefined()
    await expect(signIn('root', password)).rejects.toMatchObject({ code: 'wrongPassword' })
    await signIn('root', 'another secret')
  })

  it.each<[what: string, current: string, wanted: string, code: string]>([
    ['a wrong current one', 'wrong words', 'another secret', 'wrongPassword'],
    ['one that is too short', 'right words!', 'short', 'passwordRefused'],
    ['one that is too long', 'right words!', 'ab'.repeat(513), 'passwordRefused'],
    ['the one that he has', 'right words!', 'right words!', 'passwordRefused'],
    ['his login name', 'right words!', 'ＴＡＲＯ.ＹＡＭＡＤＡ', 'passwordRefused'],
  ])('refuses %s', async (_what, current, wanted, code) => {
    await create('taro.yamada', 'right words!')
    const session = (await findSession(deps, (await signIn('taro.yamada', 'right words!')).cookie))!
    await expect(changePassword(deps, session, {}, current, wanted)).rejects.toMatchObject({ code })
    await signIn('taro.yamada', 'right words!')
  })
})
