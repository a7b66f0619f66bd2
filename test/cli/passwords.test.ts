import { openParts, type Parts } from '../../src/assemble'
import { readConfig } from '../../src/config'
import { parseLoginName } from '../../src/domain/directory/login-name'
import { createUser } from '../../src/usecases/directory/create-user'
import { aClient } from '../kit/builders'
import { cliOn, words } from '../kit/cli'
import { signInWithPassword } from '../kit/sign-in'
import { settableClock, tempFolder } from '../kit/temp-store'

const folder = tempFolder()
const cli = cliOn(folder.path)
const kagami = (line: string, input?: string) => cli.run(words(line), input)
let parts: Parts
beforeAll(async () => void (parts = await openParts(readConfig(cli.env))))
afterAll(async () => {
  await parts.store.close()
  folder.remove()
})
/** By the database that the command line has written to. */
const signIn = async (loginName: string, password: string, now = parts.clock.now()) =>
  signInWithPassword({ ...parts, clock: settableClock(now) }, {}, loginName, password).then(
    () => 'in',
    (error: { code?: string }) => error.code,
  )

describe('kagami admin create', () => {
  it('makes a common administrator and shows his password alone on standard output, once', async () => {
    const made = await kagami('admin create jiro')
    expect(made).toEqual({
      code: 0,
      out: expect.stringMatching(/^\S{16}\n$/),
      err: 'jiro was made and is a common administrator.\nOne-time password, to be changed at the first sign-in at /login?saml=off:\n',
    })
    expect(await signIn('jiro', made.out.trim())).toBe('in')
    const again = await kagami('admin create jiro')
    expect([again.code, again.err]).toEqual([0, expect.stringMatching(/^jiro is a common administrator/)])
    expect(await signIn('jiro', made.out.trim())).toBe('wrongPassword')
  })

  it('takes his password from standard input, and then shows none', async () => {
    expect(await kagami('admin create saburo --password-stdin', 'four-quiet-rivers\n')).toEqual({
      code: 0,
      out: '',
      err: 'saburo was made and is a common administrator.\n',
    })
    expect(await signIn('saburo', 'four-quiet-rivers')).toBe('in')
  })

  it('--provisional makes one for an hour, and never of who is there (D61)', async () => {
    const made = await kagami('admin create kyuen --provisional')
    expect([made.code, made.err]).toEqual([0, expect.stringContaining('Password for the next hour, at /login?saml=off')])
    expect((await kagami('password show kyuen')).out).not.toContain('temporary')
    expect(await signIn('kyuen', made.out.trim())).toBe('in')
    const later = parts.clock.now() + 61 * 60_000
    expect(await signIn('kyuen', made.out.trim(), later)).toBe('wrongPassword')
    const again = await kagami('admin create kyuen --provisional')
    expect(again).toEqual({ code: 1, out: '', err: expect.stringMatching(/a user kyuen already\. Take another login name/) })
  })

  it.each([
    ['admin create', 2, /needs a login name/],
    ['admin create goro --password-stdin', 2, /standard input is empty/],
    ['admin create goro shiro', 2, /unexpected: shiro/],
  ])('%s is refused with the mend', async (line, code, message) => {
    expect(await kagami(line)).toEqual({ code, out: '', err: expect.stringMatching(message) })
  })
})

describe('kagami password', () => {
  beforeAll(async () => {
    const attributes = { loginName: parseLoginName('taro'), status: 'inUse', profile: {} } as const
    await createUser(parts, aClient(), { attributes, password: 'four-quiet-rivers' })
  })

  it('gives a new temporary password, shown alone on standard output, in place of the old one', async () => {
    const set = await kagami('password set taro')
    expect(set).toEqual({ code: 0, out: expect.stringMatching(/^\S{16}\n$/), err: expect.stringMatching(/^taro .*temporary/) })
    expect(await signIn('taro', 'four-quiet-rivers')).toBe('wrongPassword')
    expect(await signIn('taro', set.out.trim())).toBe('in')
    const shown = await kagami('password show taro')
    expect(shown.out).toMatch(/^taro {2}set \d{4}-.* expires never {2}0 failures\nIt is temporary/)
  })

  it('takes one from standard input, whatever the policy says, and shows it to nobody', async () => {
    const set = await kagami('password set taro --password-stdin --never-expires on', 'short\n')
    expect([set.code, set.out]).toEqual([0, ''])
    expect(await signIn('taro', 'short')).toBe('in')
    expect((await kagami('password show taro')).out).toContain('never expires')
  })

  it('--keep changes the lifetime alone', async () => {
    expect((await kagami('password set taro --password-stdin', 'kept-as-it-is')).code).toBe(0)
    expect((await kagami('password set taro --keep --never-expires off')).err).toBe('The password is kept.\n')
    expect((await kagami('password show taro')).out).toContain('expires never')
    expect(await signIn('taro', 'kept-as-it-is')).toBe('in')
  })

  it('shows who is locked out, and setting a password releases him', async () => {
    expect((await kagami('password-policy set lockout.failures=2')).code).toBe(0)
    for (let i = 0; i < 3; i++) expect(await signIn('taro', 'wrong')).toBe('wrongPassword')
    expect((await kagami('password show taro')).out).toContain("Locked out. Release: kagami password set 'taro'")
    const { out } = await kagami('password set taro')
    expect((await kagami('password show taro')).out).not.toContain('Locked out')
    expect(await signIn('taro', out.trim())).toBe('in')
    expect((await kagami('password-policy set lockout.failures=null')).code).toBe(0)
  })

  it.each([
    ['password show', 2, /needs the id or userName/],
    ['password show nobody', 1, /no user nobody/],
    ['password set nobody', 1, /no user nobody/],
    ['password set taro --keep', 2, /--keep needs --never-expires on or off/],
    ['password set taro --never-expires maybe', 2, /--never-expires needs on or off/],
    ['password set taro --password-stdin', 2, /standard input is empty/],
    ['password forget', 2, /no command password forget/],
  ])('%s is refused with the mend', async (line, code, message) => {
    expect(await kagami(line)).toEqual({ code, out: '', err: expect.stringMatching(message) })
  })
})

describe('kagami password-policy', () => {
  it('shows every value as it can be set, changes one of them, and all of them by a profile', async () => {
    const before = (await kagami('password-policy show')).out.trim().split('\n')
    expect(before).toEqual(expect.arrayContaining(['profile=recommended', 'password.minLength=12', 'lockout.failures=null']))
    const changed = await kagami('password-policy set password.minLength=14')
    expect([changed.code, changed.out.trim().split('\n')]).toEqual([
      0,
      before.map((line) => (line === 'password.minLength=12' ? 'password.minLength=14' : line)),
    ])
    const written = before.filter((line) => /minLength=|refusedWords|complexity|failureMessage.ja|lifetimeDays/.test(line))
    for (const line of written) expect([line, (await kagami(`password-policy set ${line}`)).code]).toEqual([line, 0])
    expect((await kagami('password-policy show')).out.trim().split('\n')).toEqual(before)
    const manual = (await kagami('password-policy set profile=manual')).out
    expect(manual).toMatch(/^profile=manual\n[^]*password\.minLength=3\n[^]*password\.lifetimeDays=365\n/)
    expect((await kagami('password-policy set profile=recommended')).out.trim().split('\n')).toEqual(before)
  })

  it.each([
    ['password-policy set', /needs NAME=VALUE/],
    ['password-policy set password.minLength', /needs NAME=VALUE/],
    ['password-policy set password.minLength=x', /password\.minLength Send a whole number from 1 to 128/],
    ['password-policy set password.minLength=0', /from 1 to 128/],
    ['password-policy set password.minlength=14', /no setting password\.minlength; kagami password-policy show/],
    ['password-policy set password=14', /no setting password;/],
    ['password-policy set nothing.at=1', /no setting nothing\.at/],
    ['password-policy set constructor.name=x', /no setting constructor\.name/],
    ['password-policy set profile=none', /one of recommended, manual/],
  ])('%s is refused with the mend, and changes nothing', async (line, message) => {
    const before = (await kagami('password-policy show')).out
    expect(await kagami(line)).toEqual({ code: 2, out: '', err: expect.stringMatching(message) })
    expect((await kagami('password-policy show')).out).toBe(before)
  })
})
