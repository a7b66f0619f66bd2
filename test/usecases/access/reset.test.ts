import type { PluralValue, UserStatus } from '../../../src/domain/directory/user'
import type { UserId } from '../../../src/domain/ids'
import { parseLoginName } from '../../../src/domain/directory/login-name'
import type { Mail } from '../../../src/domain/system/mail'
import { changePassword } from '../../../src/usecases/access/change-password'
import { findSession } from '../../../src/usecases/access/find-session'
import { findReset, resetPassword } from '../../../src/usecases/access/reset-password'
import { requestPasswordReset } from '../../../src/usecases/access/reset-request'
import { createUser } from '../../../src/usecases/directory/create-user'
import { deleteUser } from '../../../src/usecases/directory/delete-user'
import { editUser } from '../../../src/usecases/directory/edit-user'
import { changeMailSettings } from '../../../src/usecases/system/mail-settings'
import { purgeOld } from '../../../src/usecases/system/purge-old'
import { sendMails } from '../../../src/usecases/system/send-mails'
import { aClient } from '../../kit/builders'
import { onBoth } from '../../kit/on-both'
import { signInWithPassword } from '../../kit/sign-in'
import type { UseCaseDeps } from '../../kit/use-case-deps'

const entra = aClient('entra')
const operator = { kind: 'operator', name: 'root' } as const
const minute = 60_000
const [first, second] = ['the first password', 'the second password']

onBoth('password reset by mail (S17)', (open) => {
  let deps: UseCaseDeps & { readonly baseUrl: string; readonly settings: { organizationDomain: string; mailDomain: string } }
  beforeEach(async () => {
    deps = {
      ...(await open()),
      baseUrl: 'https://id.example.jp',
      settings: { organizationDomain: 'example.jp', mailDomain: 'mail.example.jp' },
    }
    await changeMailSettings(deps, operator, { host: 'mail.example.jp', sender: 'no-reply@example.jp' })
  })
  afterEach(() => deps.close())

  type Person = { emails?: readonly PluralValue[]; password?: string | null; status?: UserStatus; preferredLanguage?: string }
  const create = async (loginName: string, { emails = [], password = first, status = 'inUse', preferredLanguage }: Person) => {
    const profile = { emails, ...(preferredLanguage === undefined ? {} : { preferredLanguage }) }
    const attributes = { loginName: parseLoginName(loginName), status, profile }
    return (await createUser(deps, entra, { attributes, ...(password === null ? {} : { password }) })).user
  }
  const at = (value: string, primary = false): PluralValue => ({ value, ...(primary ? { primary } : {}) })
  const ask = (address: string) => requestPasswordReset(deps, { address: '192.0.2.1' }, address, 'en')
  const received = async () => {
    const mails: Mail[] = []
    const mailer = { send: async (_server: unknown, mail: Mail) => (mails.push(mail), []) }
    while ((await sendMails({ ...deps, mailer })).taken > 0);
    return mails
  }
  const tokenIn = (mail: Mail | undefined) => /token=([\w-]{43})\n/.exec(mail?.text ?? '')![1]!
  const linkTo = async (address: string) => {
    await ask(address)
    return tokenIn((await received()).at(-1))
  }
  const useCodes = (userId: UserId, secret: string, method: 'mail' | 'totp' = 'mail') =>
    deps.store.transact((tx) => tx.secondSteps.put({ userId, method, secret, lastStep: 0, since: 0, recovery: [] }))
  const signIn = async (loginName: string, password: string) =>
    (await signInWithPassword(deps, {}, loginName, password)).session.cookie

  it('mails a link that sets a new password once, and ends every session', async () => {
    const { id } = await create('taro', { emails: [at('Taro@example.com')] })
    const cookie = await signIn('taro', first)
    await ask(' taro@EXAMPLE.com ')
    const [mail, ...more] = await received()
    expect([mail?.to, more]).toEqual([['Taro@example.com'], []])
    expect(mail!.text).toContain('https://id.example.jp/reset/new?token=')
    const token = tokenIn(mail)
    expect(await deps.store.read.resets.find(token)).toBeUndefined()
    expect((await findReset(deps, token)).id).toBe(id)
    expect((await findReset(deps, token)).id).toBe(id)
    await resetPassword(deps, {}, token, second)
    expect(await findSession(deps, cookie)).toBeUndefined()
    await expect(signIn('taro', first)).rejects.toMatchObject({ code: 'wrongPassword' })
    await signIn('taro', second)
    await expect(resetPassword(deps, {}, token, 'the third password')).rejects.toMatchObject({ code: 'linkInvalid' })
  })

  it('two who use a link at the same moment: one sets the password', async () => {
    await create('taro', { emails: [at('taro@example.com')] })
    const token = await linkTo('taro@example.com')
    const both = await Promise.allSettled([second, 'the third password'].map((wanted) => resetPassword(deps, {}, token, wanted)))
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await signIn('taro', both[0]!.status === 'fulfilled' ? second : 'the third password')
  })

  it('goes only to a registered address of one person in use, who has a password, and reads it elsewhere', async () => {
    await create('primary', { emails: [at('second@example.com'), at('first@example.com', true)] })
    await create('shared1', { emails: [at('shared@example.com')] })
    await create('shared2', { emails: [at('other@example.com', true), at('SHARED@example.com')] })
    await create('asleep', { emails: [at('asleep@example.com')], status: 'suspended' })
    await create('sso', { emails: [at('sso@example.com')], password: null })
    await create('here', { emails: [at('here@mail.example.jp')] })
    await create('odd', { emails: [at('odd@example.com, evil@example.net')] })
    const tries = [
      ...['nobody@example.com', 'second@example.com', 'shared@example.com', 'asleep@example.com', 'sso@example.com'],
      ...['here@mail.example.jp', 'odd@example.com, evil@example.net', '', `${'x'.repeat(5_000)}@example.com`],
    ]
    const before = await deps.store.read.logs.countAudit()
    for (const address of tries) await ask(address)
    expect(await received()).toEqual([])
    expect(await deps.store.read.logs.countAudit()).toBe(before + tries.length)
    await ask('first@example.com')
    expect((await received()).map((mail) => mail.to)).toEqual([['first@example.com']])
  })

  it('is nothing for who has his codes mailed to the same mailbox; outwardly nothing differs, the audit log tells', async () => {
    const { id } = await create('taro', { emails: [at('Taro@例え.jp')] })
    await useCodes(id, 'taro@xn--r8jz45g.jp')
    const before = await deps.store.read.logs.countAudit()
    expect(await ask('taro@例え.jp')).toBe(await ask('nobody@example.com'))
    expect(await received()).toEqual([])
    expect(await deps.store.read.logs.countAudit()).toBe(before + 2)
    await useCodes(id, 'phone@example.net')
    await ask('taro@例え.jp')
    await useCodes(id, 'ABCDEFGH', 'totp')
    await ask('taro@例え.jp')
    expect((await received()).map((mail) => mail.to)).toEqual([['Taro@xn--r8jz45g.jp'], ['Taro@xn--r8jz45g.jp']])
  })

  it('a look-alike that counts as the same gets the mail at the registered address, not at the typed one', async () => {
    await create('taro', { emails: [at('taro@example.com')] })
    await ask('ｔａｒｏ@example.com')
    expect((await received()).map((mail) => mail.to)).toEqual([['taro@example.com']])
  })

  it('a newer link replaces the older; three an hour and no more', async () => {
    await create('taro', { emails: [at('taro@example.com')] })
    const tokens = [await linkTo('taro@example.com'), await linkTo('taro@example.com'), await linkTo('taro@example.com')]
    await Promise.all([ask('taro@example.com'), ask('taro@example.com')])
    expect(await received()).toEqual([])
    await expect(findReset(deps, tokens[1]!)).rejects.toMatchObject({ code: 'linkInvalid' })
    await findReset(deps, tokens[2]!)
    deps.clock.advance(60 * minute)
    await Promise.all(Array.from({ length: 5 }, () => ask('taro@example.com')))
    expect(await received()).toHaveLength(3)
  })

  it.each<[what: string, spoil: (id: Awaited<ReturnType<typeof create>>['id']) => Promise<unknown>]>([
    ['after half an hour', async () => deps.clock.advance(30 * minute)],
    ['of who was suspended', (id) => editUser(deps, entra, id, { apply: (now) => ({ ...now, status: 'suspended' }) })],
    ['of who was deleted', (id) => deleteUser(deps, entra, id)],
    [
      'of who has another address now',
      (id) => editUser(deps, entra, id, { apply: (now) => ({ ...now, profile: { emails: [at('new@example.com')] } }) }),
    ],
    ['of who has his codes mailed there since', (id) => useCodes(id, 'taro@example.com')],
    [
      'of who changed his password meanwhile',
      async () => {
        deps.clock.advance(1)
        const session = (await findSession(deps, await signIn('taro', first)))!
        await changePassword(deps, session, {}, first, second)
      },
    ],
  ])('a link is worth nothing %s', async (_what, spoil) => {
    const { id } = await create('taro', { emails: [at('taro@example.com')] })
    const token = await linkTo('taro@example.com')
    await spoil(id)
    await expect(findReset(deps, token)).rejects.toMatchObject({ code: 'linkInvalid' })
    await expect(resetPassword(deps, {}, token, 'the third password')).rejects.toMatchObject({ code: 'linkInvalid' })
  })

  it('refuses a poor password, and the link goes on', async () => {
    await create('taro.yamada', { emails: [at('taro@example.com')] })
    const token = await linkTo('taro@example.com')
    for (const wanted of ['short', 'Taro.Yamada', first, 'x'.repeat(257)]) {
      await expect(resetPassword(deps, {}, token, wanted)).rejects.toMatchObject({ code: 'passwordRefused' })
    }
    await resetPassword(deps, {}, token, second)
  })

  it('speaks the language of the person, else that of the page; without a mail server it sends nothing', async () => {
    await create('taro', { emails: [at('taro@example.com')], preferredLanguage: 'ja-JP' })
    await create('hans', { emails: [at('hans@example.com')], preferredLanguage: 'de' })
    await ask('taro@example.com')
    await ask('hans@example.com')
    expect((await received()).map((mail) => mail.subject).sort()).toEqual([
      '[Kagami] Reset your password',
      '[Kagami] パスワードの再設定',
    ])
    await changeMailSettings(deps, operator, undefined)
    await ask('taro@example.com')
    expect(await deps.store.read.mails.countWaiting()).toBe(0)
  })

  it('nothing of it stays for ever', async () => {
    await create('taro', { emails: [at('taro@example.com')] })
    const token = await linkTo('taro@example.com')
    deps.clock.advance(25 * 60 * minute)
    await purgeOld(deps)
    expect(await deps.store.transact((tx) => tx.resets.take(token))).toBe(false)
  })
})
