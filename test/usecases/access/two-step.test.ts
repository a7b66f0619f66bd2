import { defaultSamlOptions, noSamlState, type SamlSettings, type SamlState } from '../../../src/domain/access/saml-settings'
import { totpAt } from '../../../src/domain/access/totp'
import type { Version } from '../../../src/domain/brand'
import { parseLoginName } from '../../../src/domain/directory/login-name'
import type { Mail } from '../../../src/domain/system/mail'
import { createAdministrator } from '../../../src/usecases/access/create-administrator'
import { findSession } from '../../../src/usecases/access/find-session'
import { confirmSecondStep, findHalfWay, mailAnotherCode, signInInSteps } from '../../../src/usecases/access/second-step-sign-in'
import { mustSetUpTwoStep, requireTwoStep, resetTwoStep, showTwoStep } from '../../../src/usecases/access/two-step-admin'
import {
  askForMailStep,
  confirmMailStep,
  confirmTotp,
  draftTotp,
  stopTwoStep,
} from '../../../src/usecases/access/two-step-settings'
import { createUser } from '../../../src/usecases/directory/create-user'
import { changeMailSettings } from '../../../src/usecases/system/mail-settings'
import { sendMails } from '../../../src/usecases/system/send-mails'
import { aClient } from '../../kit/builders'
import { onBoth } from '../../kit/on-both'
import type { UseCaseDeps } from '../../kit/use-case-deps'

const operator = { kind: 'operator', name: 'root' } as const
const password = 'the first password'
const minute = 60_000

onBoth('two-step sign-in (S15)', (open) => {
  let deps: UseCaseDeps & { readonly baseUrl: string }
  beforeEach(async () => {
    deps = { ...(await open()), baseUrl: 'https://id.example.jp' }
    await changeMailSettings(deps, operator, { host: 'mail.example.jp', sender: 'no-reply@example.jp' })
    const attributes = {
      loginName: parseLoginName('taro'),
      status: 'inUse',
      profile: { emails: [{ value: 'taro@example.com' }, { value: 'taro@例え.jp' }] },
    } as const
    await createUser(deps, aClient(), { attributes, password })
  })
  afterEach(() => deps.close())

  const enter = (loginName = 'taro', secret = password) =>
    signInInSteps(deps, {}, { loginName, password: secret, returnTo: '/here', language: 'en' })
  const sessionOf = async (loginName = 'taro') => {
    const outcome = await enter(loginName)
    if (outcome.kind === 'secondStep') throw new Error('half-way')
    return (await findSession(deps, outcome.session.cookie))!
  }
  const half = async () => {
    const outcome = await enter()
    if (outcome.kind !== 'secondStep') throw new Error('no second step')
    return (await findHalfWay(deps, outcome.cookie))!
  }
  const confirm = async (halfWay: Awaited<ReturnType<typeof half>>, code: string) => {
    const { session } = await confirmSecondStep(deps, {}, halfWay, code)
    return (await findSession(deps, session.cookie))!
  }
  const mailed = async () => {
    const mails: Mail[] = []
    const mailer = { send: async (_server: unknown, mail: Mail) => (mails.push(mail), []) }
    while ((await sendMails({ ...deps, mailer })).taken > 0);
    return mails.map((mail) => ({ to: String(mail.to[0]), code: /^\d{6}$/m.exec(mail.text)![0] }))
  }
  const useMail = async () => {
    const session = await sessionOf()
    await askForMailStep(deps, session, password, 'phone@example.net', 'en')
    const [{ to, code }] = (await mailed()) as unknown as [{ to: string; code: string }]
    expect(to).toBe('phone@example.net')
    await confirmMailStep(deps, session, {}, code)
    return session
  }
  const useTotp = async (loginName = 'taro') => {
    const session = await sessionOf(loginName)
    const { secret, draft } = await draftTotp(deps, session, password)
    const codeNow = () => totpAt(secret, Math.floor(deps.clock.now() / 30_000))
    const recovery = await confirmTotp(deps, session, {}, draft, codeNow())
    return { session, secret, codeNow, recovery, draft }
  }

  it('by mail: no session before the code, which works once, also when it comes twice at the same moment', async () => {
    await useMail()
    const halfWay = await half()
    const [{ code }] = (await mailed()) as unknown as [{ code: string }]
    expect(JSON.stringify(halfWay.challenge)).not.toContain(code)
    const both = await Promise.allSettled([confirm(halfWay, code), confirm(halfWay, code)])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(halfWay.returnTo).toBe('/here')
    await expect(confirm(halfWay, code)).rejects.toMatchObject({ code: 'codeSpent' })
  })

  it('neither asks who may not sign in by password for a code, nor mails one: nobody learns that his password was right', async () => {
    await useMail()
    const settings = {
      idp: { ssoUrl: 'https://idp.example/sso', certificates: [] },
      options: defaultSamlOptions,
    } satisfies SamlSettings
    const saml = { ...noSamlState, enabled: true, active: settings, draft: settings } satisfies SamlState
    await deps.store.transact((tx) => tx.settings.set('saml', saml))
    await expect(enter()).rejects.toMatchObject({ code: 'wrongPassword' })
    expect(await mailed()).toEqual([])
  })

  it('by mail: five tries, ten minutes, and a newer code replaces the older', async () => {
    await useMail()
    const halfWay = await half()
    const [{ code }] = (await mailed()) as unknown as [{ code: string }]
    const wrong = code === '000000' ? '111111' : '000000'
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => confirm(halfWay, wrong)))
    const codes = tries.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : 'in'))
    expect([codes.filter((one) => one === 'wrongCode').length, codes.filter((one) => one === 'codeSpent').length]).toEqual([
      5, 15,
    ])
    await expect(confirm(halfWay, code)).rejects.toMatchObject({ code: 'codeSpent' })
    await mailAnotherCode(deps, halfWay, 'en')
    const [{ code: newer }] = (await mailed()) as unknown as [{ code: string }]
    const again = (await findHalfWay(deps, undefined)) ?? {
      ...halfWay,
      challenge: (await deps.store.read.secondSteps.findChallenge(halfWay.challenge.idHash))!,
    }
    if (newer !== code) await expect(confirm(again, code)).rejects.toMatchObject({ code: 'wrongCode' })
    deps.clock.advance(10 * minute)
    await expect(confirm(again, newer)).rejects.toMatchObject({ code: 'codeSpent' })
  })

  it('by mail: not to the address of the sign-in, not without the password, and not endlessly many', async () => {
    const session = await sessionOf()
    const ask = (address: string, secret = password) => askForMailStep(deps, session, secret, address, 'en')
    await expect(ask('TARO@example.com')).rejects.toMatchObject({ code: 'invalidAttribute' })
    await expect(ask('taro@xn--r8jz45g.jp')).rejects.toMatchObject({ code: 'invalidAttribute' })
    await expect(ask('a@example.net, b@example.net')).rejects.toMatchObject({ code: 'invalidAttribute' })
    await expect(ask('phone@example.net', 'wrong')).rejects.toMatchObject({ code: 'wrongPassword' })
    await expect(confirmMailStep(deps, session, {}, '123456')).rejects.toMatchObject({ code: 'codeSpent' })
    let sent = 0
    for (; sent < 20; sent++)
      if (
        await ask('phone@example.net').then(
          () => false,
          () => true,
        )
      )
        break
    expect(sent).toBeLessThan(8)
    expect(await mailed()).toHaveLength(sent)
    expect((await enter()).kind).toBe('in')
  })

  it('with an app: each step works once, on every node; a recovery code too', async () => {
    const { codeNow, recovery, session } = await useTotp()
    await expect(confirm(await half(), codeNow())).rejects.toMatchObject({ code: 'wrongCode' })
    deps.clock.advance(30_000)
    const [one, two] = [await half(), await half()]
    const both = await Promise.allSettled([confirm(one, codeNow()), confirm(two, codeNow())])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(recovery).toHaveLength(10)
    await confirm(await half(), recovery[3]!.toLowerCase())
    await expect(confirm(await half(), recovery[3]!)).rejects.toMatchObject({ code: 'wrongCode' })
    expect(await showTwoStep(deps, operator, 'taro')).toMatchObject({ method: 'totp', recoveryCodes: 9 })
    const told = JSON.stringify(await deps.store.read.secondSteps.find(session.userId))
    expect(told).not.toContain(recovery[0]!.replace('-', ''))
  })

  it('with an app: nothing is on before a code was shown, and a draft is of one session', async () => {
    const [session, other] = [await sessionOf(), await sessionOf()]
    const { draft, secret } = await draftTotp(deps, session, password)
    const code = totpAt(secret, Math.floor(deps.clock.now() / 30_000))
    const wrong = code === '000000' ? '111111' : '000000'
    await expect(confirmTotp(deps, session, {}, draft, wrong)).rejects.toMatchObject({ code: 'wrongCode' })
    await expect(confirmTotp(deps, other, {}, draft, code)).rejects.toMatchObject({ code: 'codeSpent' })
    await expect(draftTotp(deps, session, 'wrong')).rejects.toMatchObject({ code: 'wrongPassword' })
    expect((await enter()).kind).toBe('in')
  })

  it('ends the other sessions when it is set; is stopped with the password, or by an administrator', async () => {
    const other = await enter()
    const { session } = await useTotp()
    expect(other.kind === 'in' && (await findSession(deps, other.session.cookie))).toBeUndefined()
    await expect(stopTwoStep(deps, session, {}, 'wrong')).rejects.toMatchObject({ code: 'wrongPassword' })
    const waiting = await half()
    await stopTwoStep(deps, session, {}, password)
    await expect(confirm(waiting, '123456')).rejects.toMatchObject({ code: 'codeSpent' })
    expect((await enter()).kind).toBe('in')
    await useTotp()
    await expect(resetTwoStep(deps, aClient(), 'taro')).rejects.toMatchObject({ code: 'notAllowed' })
    const self = { kind: 'user', userId: session.userId, name: 'taro', administrator: true } as const
    await expect(resetTwoStep(deps, self, 'taro')).rejects.toMatchObject({ code: 'notAllowed' })
    expect([await resetTwoStep(deps, operator, 'TARO'), await resetTwoStep(deps, operator, 'taro')]).toEqual([true, false])
    expect((await enter()).kind).toBe('in')
  })

  it('administrators must set it up once it is required', async () => {
    await createAdministrator(deps, operator, 'root', password)
    const [admin, person] = [await sessionOf('root'), await sessionOf()]
    expect(await mustSetUpTwoStep(deps, admin)).toBe(false)
    const versions = [1 as Version]
    await expect(requireTwoStep(deps, operator, true, versions)).rejects.toMatchObject({ code: 'versionMismatch' })
    const both = await Promise.all([requireTwoStep(deps, operator, true), requireTwoStep(deps, operator, true)])
    expect(both).toEqual([1, 1].map((version) => ({ administratorsMust: true, version })))
    expect([await mustSetUpTwoStep(deps, admin), await mustSetUpTwoStep(deps, person)]).toEqual([true, false])
    const { session } = await useTotp('root')
    expect(await mustSetUpTwoStep(deps, session)).toBe(false)
    expect(await requireTwoStep(deps, operator, false, versions)).toEqual({ administratorsMust: false, version: 2 })
    await expect(requireTwoStep(deps, aClient(), false)).rejects.toMatchObject({ code: 'notAllowed' })
  })
})
