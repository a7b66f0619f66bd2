import { spawn } from 'node:child_process'
import path from 'node:path'
import request from 'supertest'
import { postForm } from './kit/browser'
import { cookieOf, eventually, startTestServer, type TestServer } from './kit/server'
import { tempFolder } from './kit/temp-store'

type Ended = { readonly code: number | null; readonly out: string; readonly err: string }

const script = path.join(__dirname, '../dist/src/cli.js')

/** The built command line with nothing of our own environment's settings. */
function kagami(args: readonly string[], env: Readonly<Record<string, string>>, input = ''): Promise<Ended> {
  const child = spawn(process.execPath, [script, ...args], { env: { PATH: process.env['PATH'], ...env } })
  child.stdin.end(input)
  let [out, err] = ['', '']
  child.stdout.on('data', (part) => (out += String(part)))
  child.stderr.on('data', (part) => (err += String(part)))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })))
}

describe('kagami, beside a running server', () => {
  let server: TestServer
  let env: Readonly<Record<string, string>>
  beforeAll(async () => {
    server = await startTestServer({ KAGAMI_LEAVER_DAYS: '30' })
    env = { KAGAMI_DATA_DIR: server.folder, KAGAMI_ORGANIZATION_DOMAIN: 'example.jp' }
  })
  afterAll(() => server.stop())

  const scimStatus = async (token: string) =>
    (await request(server.url).get('/scim/v2/Users').set('Authorization', `Bearer ${token}`)).status

  it('token create, list, revoke: the token is printed once, works at once, and no longer after', async () => {
    const made = await kagami(['token', 'create', '--client', 'entra', '--days', '30'], env)
    expect([made.code, made.out]).toEqual([0, expect.stringMatching(/^kgm_[\w-]{43}\n$/)])
    const token = made.out.trim()
    expect(await scimStatus(token)).toBe(200)
    const id = /Token (\S+)/.exec(made.err)![1]!
    const listed = await kagami(['token', 'list'], env)
    expect(listed.out).toMatch(new RegExp(`${id}  valid    token   entra`))
    expect(listed.out).not.toContain(token)
    expect((await kagami(['token', 'revoke', id], env)).code).toBe(0)
    await eventually(async () => (await scimStatus(token)) === 401) // another process revoked it: within a second
    expect((await kagami(['token', 'revoke', id], env)).err).toContain('kagami token list')
  })

  it('token rotate: the new one works at once, the old one until the overlap is over', async () => {
    const old = (await kagami(['token', 'create', '--client', 'rotating', '--scopes', 'users:read'], env)).out.trim()
    const [id] = (await kagami(['token', 'list', '--client', 'rotating'], env)).out.split('  ') as [string]
    const fresh = (await kagami(['token', 'rotate', id, '--overlap', '1'], env)).out.trim()
    expect([await scimStatus(old), await scimStatus(fresh)]).toEqual([200, 200])
    const newest = (await kagami(['token', 'rotate', id, '--overlap', '0'], env)).out.trim()
    await eventually(async () => (await scimStatus(old)) === 401)
    expect(await scimStatus(newest)).toBe(200)
    expect((await kagami(['token', 'rotate', id], env)).err).toContain('has ended already')
  })

  it('client create, list, change', async () => {
    const made = await kagami(['client', 'create', 'Okta', '--addresses', '127.0.0.1,::1'], env)
    const id = made.out.trim()
    const token = (await kagami(['token', 'create', '--client', 'okta'], env)).out.trim()
    expect(await scimStatus(token)).toBe(200)
    expect((await kagami(['client', 'list'], env)).out).toContain(`${id}  enabled   Okta  from 127.0.0.1/32,::1/128`)
    const settings = ['--addresses', '192.0.2.0/24', '--requests-per-second', '50', '--ignore-unknown-members', 'on']
    const changed = await kagami(['client', 'change', 'okta', '--name', 'Okta 2', ...settings], env)
    expect(changed.out).toContain('Okta 2  from 192.0.2.0/24  50 requests/s  ignores unknown members')
    await eventually(async () => (await scimStatus(token)) === 403)
    const undone = ['--addresses', '', '--requests-per-second', '0', '--ignore-unknown-members', 'off']
    expect((await kagami(['client', 'change', id, ...undone], env)).out).toMatch(/Okta 2 {2}from everywhere {2}last request/)
  }, 60_000)

  it('client disable, enable, show, delete', async () => {
    const id = (await kagami(['client', 'create', 'Ping'], env)).out.trim()
    const token = (await kagami(['token', 'create', '--client', 'ping'], env)).out.trim()
    expect((await kagami(['client', 'disable', id], env)).out).toContain('refused within a second')
    await eventually(async () => (await scimStatus(token)) === 401)
    await kagami(['client', 'enable', 'ping'], env)
    await eventually(async () => (await scimStatus(token)) === 200)
    const asked = await kagami(['client', 'delete', id], env)
    expect([asked.code, asked.err]).toEqual([2, expect.stringMatching(/has 1 tokens and secrets.*Add --yes/)])
    expect((await kagami(['client', 'show', id], env)).out).toContain('valid    token   Ping  kgm_')
    expect((await kagami(['client', 'delete', id, '--yes'], env)).code).toBe(0)
    await eventually(async () => (await scimStatus(token)) === 401)
    expect((await kagami(['client', 'show', id], env)).err).toContain('kagami client list')
  }, 60_000)

  it('admin create: with a one-time password that must be changed, or with one from standard input', async () => {
    const made = await kagami(['admin', 'create', 'second'], env)
    const signIn = (loginName: string, password: string) => postForm(server.url, '/login', { loginName, password })
    const first = await signIn('second', made.out.trim())
    expect(first.status).toBe(303)
    const home = await request(server.url).get('/').set('Cookie', cookieOf(first))
    expect(home.headers['location']).toBe('/password')
    expect((await kagami(['admin', 'create', 'third', '--password-stdin'], env, 'given on a line\n')).code).toBe(0)
    expect((await signIn('third', 'given on a line')).status).toBe(303)
  })

  it('publication: may other sites show us in a frame? (S20)', async () => {
    expect((await kagami(['publication', 'show'], env)).out).toContain('clickjacking protection: on')
    expect((await kagami(['publication', 'change'], env)).err).toContain('--clickjacking-protection on or off')
    const off = await kagami(['publication', 'change', '--clickjacking-protection', 'off'], env)
    expect([off.code, off.out]).toEqual([0, 'clickjacking protection: off\n'])
    await eventually(async () => (await request(server.url).get('/login')).headers['x-frame-options'] === undefined)
    await kagami(['publication', 'change', '--clickjacking-protection', 'on'], env)
  }, 60_000)

  it('sync run waits for the end; sync status tells it', async () => {
    expect((await kagami(['sync', 'status'], env)).out).toContain('not been synced yet')
    const run = await kagami(['sync', 'run'], env)
    expect([run.code, run.out]).toEqual([0, expect.stringMatching(/succeeded, 0 of 0 groups/)])
    expect((await kagami(['sync', 'status'], env)).out).toContain('chat: 0 accounts, 0 waiting, 0 that cannot be mirrored')
  })

  it('leaver list, remove: who is kept, until when; removed, his name is the newcomer’s within seconds', async () => {
    const create = async (externalId: string) =>
      (await server.scim('post', '/Users').send({ userName: 'taro', externalId })).body.id as string
    const homes = () => server.rows('mail', 'mail_user').map((row) => `${String(row['home'])} ${String(row['active'])}`)
    const leaver = await create('e-1')
    await eventually(() => homes()[0] === `example.jp/${leaver} 1`)
    await server.scim('delete', `/Users/${leaver}`).expect(204)
    const newcomer = await create('e-2')
    await eventually(() => homes()[0] === `example.jp/${leaver} 0`)
    expect((await kagami(['leaver', 'list'], env)).out).toMatch(
      new RegExp(`^${leaver}  taro  account taro  deleted \\S+ \\S+  kept until \\S+ \\S+ UTC\n$`),
    )
    const status = (await kagami(['sync', 'status'], env)).out
    expect(status).toContain('Deleted people whose accounts are kept for now: 1. See: kagami leaver list')
    const removed = await kagami(['leaver', 'remove', 'taro'], env)
    expect([removed.code, removed.out]).toEqual([0, expect.stringContaining('The account taro of the deleted user taro')])
    await eventually(() => homes()[0] === `example.jp/${newcomer} 1`)
    expect((await kagami(['leaver', 'list'], env)).out).toBe('No accounts of deleted people are kept.\n')
    expect((await kagami(['leaver', 'remove', 'taro'], env)).err).toContain('kagami leaver list')
    expect(await kagami(['leaver', 'remove'], env)).toMatchObject({ code: 2 })
  })

  it('doctor finds nothing wrong here', async () => {
    const { code, out } = await kagami(['doctor'], env)
    expect([code, out]).toEqual([0, expect.not.stringContaining('FAIL')])
    for (const what of ['configuration', 'database (sqlite)', 'chat (embedded)', 'mail (embedded)']) expect(out).toContain(what)
  })

  it('explain tells what hinders a person first', async () => {
    await server.scim('post', '/Users').send({ userName: 'who@elsewhere.example' })
    await eventually(async () => (await kagami(['explain', 'WHO@elsewhere.example'], env)).out.includes('FAILED'))
    const { code, out } = await kagami(['explain', 'who@elsewhere.example'], env)
    expect([code, out]).toEqual([1, expect.stringMatching(/^who@elsewhere.example \(.*\)\n {2}chat work: .*example\.jp/)])
    expect(out).toMatch(/\n {2}ok {6}SCIM {10}bootstrap, create at /)
    const doctor = await kagami(['doctor'], env)
    expect([doctor.code, doctor.out]).toEqual([1, expect.stringContaining('FAIL  who@elsewhere.example in chat')])
  })
})

it('kagami ends its work when nobody reads what it prints', async () => {
  const child = spawn(process.execPath, [script, 'help'], { env: { PATH: process.env['PATH'] } })
  child.stdout.destroy()
  let err = ''
  child.stderr.on('data', (part) => (err += String(part)))
  expect([await new Promise((resolve) => child.on('close', resolve)), err]).toEqual([0, ''])
})

describe('kagami, where something is wrong', () => {
  const folder = tempFolder()
  afterAll(() => folder.remove())
  const env = { KAGAMI_DATA_DIR: folder.path }
  // nobody listens on port 1
  const nobody = 'mysql://root@127.0.0.1:1/kagami'

  it('doctor names a target that does not answer, and the mend', async () => {
    const { code, out } = await kagami(['doctor'], { ...env, KAGAMI_MAIL_DATABASE_URL: nobody })
    expect(code).toBe(1)
    expect(out).toMatch(/FAIL {2}mail \(\S+\)\n {6}The database kagami at 127\.0\.0\.1:1 does not answer/)
    expect(out).toContain('ok    chat (embedded)')
  })

  it('doctor names SAML settings that cannot be read', async () => {
    const { code, out } = await kagami(['doctor'], { ...env, KAGAMI_SAML_IDP_METADATA: '<html></html>' })
    expect([code, out]).toEqual([1, expect.stringMatching(/FAIL {2}SAML settings of the environment\n {6}\S/)])
  })

  it.each<[string, readonly string[], Readonly<Record<string, string>>, number, RegExp]>([
    ['an unknown setting', ['doctor'], { KAGAMI_PROT: '1' }, 1, /KAGAMI_PROT is not a setting.*KAGAMI_PORT/],
    ['an unknown command', ['sing'], {}, 2, /no command sing\. See: kagami help/],
    ['an unknown option', ['token', 'list', '--loud'], {}, 2, /--loud/],
    [
      'an option without its value',
      ['client', 'create', 'x', '--addresses', '-1'],
      {},
      2,
      /--addresses[^\n]*[^.]\. See: kagami help\n$/,
    ],
    ['an unknown scope', ['token', 'create', '--client', 'x', '--scopes', 'all'], {}, 2, /no scope all.*users:read/],
    ['a missing name', ['token', 'create'], {}, 2, /--client NAME/],
    ['no client named', ['client', 'show'], {}, 2, /client show needs the name or the id of a client/],
    ['a change of nothing', ['client', 'change', 'x'], {}, 2, /what is to change/],
    ['no whole number', ['token', 'rotate', 'x', '--overlap', '1h'], {}, 2, /--overlap needs a whole number from 0/],
    ['no network', ['client', 'create', 'x', '--addresses', '10.1/8'], {}, 1, /10\.1\/8 is no address or network/],
    ['a missing login name', ['admin', 'create'], {}, 2, /needs a login name/],
    [
      'a database that does not answer',
      ['migrate'],
      { KAGAMI_DATABASE_URL: nobody, KAGAMI_SECRET_KEY: '0'.repeat(64) },
      1,
      /127\.0\.0\.1:1/,
    ],
  ])('%s', async (_what, args, settings, code, words) => {
    const ended = await kagami(args, { ...env, ...settings })
    expect([ended.code, ended.out + ended.err]).toEqual([code, expect.stringMatching(words)])
    expect(ended.err).not.toMatch(/\n {4}at /)
  })

  it('serve refuses a port that is taken, in plain words', async () => {
    const server = await startTestServer()
    const ended = await kagami(['serve'], { ...env, KAGAMI_PORT: new URL(server.url).port })
    await server.stop()
    expect([ended.code, ended.err]).toEqual([1, expect.stringMatching(/is in use\. Stop the other program, or set KAGAMI_PORT/)])
  })

  it('guide lists the guides, and prints one with the addresses of the installation; no database is needed', async () => {
    const settings = {
      KAGAMI_BASE_URL: 'https://id.example.jp',
      KAGAMI_DATABASE_URL: 'mysql://u:p@127.0.0.1:1/none',
      KAGAMI_SECRET_KEY: '0'.repeat(64),
    }
    const listed = await kagami(['guide', '--language', 'ja'], settings)
    expect([listed.code, listed.out]).toEqual([
      0,
      expect.stringMatching(/^entra +Microsoft Entra ID\n[^]*^trustlogin +GMOトラスト・ログイン$/m),
    ])
    const english = await kagami(['guide', 'okta'], settings)
    expect(english.out).toMatch(/^# Okta\n[^]*`https:\/\/id\.example\.jp\/saml\/acs`[^]*^## At Kagami$/m)
    expect((await kagami(['guide', 'okta'], { ...settings, LANG: 'ja_JP.UTF-8' })).out).toContain('## Kagamiの側')
    expect((await kagami(['guide', 'okta', '--language', 'en'], { ...settings, LANG: 'ja_JP.UTF-8' })).out).toBe(english.out)
    for (const [wrong, why] of [
      [['guide', '../saml'], 'there is no guide ../saml; there are entra, okta'],
      [['guide', 'okta', '--language', 'fr'], '--language fr: there are ja and en'],
      [['guide', 'okta', 'entra'], 'unexpected: entra'],
    ] as const) {
      const refused = await kagami(wrong, settings)
      expect([refused.code, refused.out, refused.err]).toEqual([2, '', expect.stringContaining(why)])
    }
  }, 30_000)

  it('--help and help settings tell everything', async () => {
    expect((await kagami(['--help'], env)).out).toContain('kagami sync run')
    expect((await kagami(['help', 'settings'], env)).out).toContain('KAGAMI_SAML_IDP_METADATA')
  })
})
