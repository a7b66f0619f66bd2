import fc from 'fast-check'
import { sealPendingSaml } from '../../src/usecases/access/take-authn-request'
import { secretsUnder } from '../../src/store/secrets'
import { VerificationKeys } from '../../src/wire/saml/verification-keys'
import { verifyResponse } from '../../src/wire/saml/verify-response'
import { encryptedXml, pemOf } from '../kit/saml-encryption'
import { audienceXml, expectations, makeIdp, rightParts, type TestIdp } from '../kit/saml-idp'
import { watchStalls } from '../kit/stalls'
import { canonical, signedByHand } from './forge'
import { parameter } from './families/family'
import { post, secretKey, sessionsAt, startLab, trialOf, type Lab, type Trial } from './lab'
import { mutated, mutations, type Mutation } from './mutate'

const seed = 20_260_401
const attributes =
  '<saml:AttributeStatement>\n <saml:Attribute Name="mail"><saml:AttributeValue>taro@example.jp</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>'
const idOf = ({ right }: Pick<Trial, 'right'>) => right.assertionId

/** The forms of a signed Response, and the ID of what its signature covers. */
const forms: readonly (readonly [make: (t: Trial) => string, covered: (t: Trial) => string])[] = [
  [(t) => signedByHand(t.idp, t.response(t.assertion()), idOf(t)), idOf],
  [(t) => signedByHand(t.idp, t.response(t.assertion({ attributes })), idOf(t)), idOf],
  [(t) => signedByHand(t.idp, t.response(t.assertion()), '_response'), () => '_response'],
  [(t) => signedByHand(t.idp, signedByHand(t.idp, t.response(t.assertion()), idOf(t)), '_response'), () => '_response'],
]

describe('20,000 mutated responses, at the verifier', () => {
  let lab: Record<'idp' | 'sp', TestIdp>
  let originals: readonly string[]
  const keys = new VerificationKeys()
  beforeAll(async () => {
    const [idp, sp] = await Promise.all([makeIdp(), makeIdp()])
    lab = { idp, sp }
    const unused = { ec: idp, dsa: idp, lowExponent: idp, encryption: idp, foreign: idp, sp, outside: { url: '' } }
    const t = trialOf({ idp, ...unused }, { cookie: '', requestId: rightParts.requestId }, expectations.now)
    const inside = /<saml:Assertion.*<\/saml:Assertion>/s.exec(forms[0]![0](t))![0]
    const odd = t.assertion({ conditions: `\n${audienceXml(t.right.entityId)}<saml:OneTimeUse/>` })
    originals = [
      ...forms.map(([make]) => make(t)),
      t.response(encryptedXml(inside, sp)),
      signedByHand(idp, t.response(odd), t.right.assertionId),
    ]
  })

  it('are accepted only as what they were: nobody else, no other id, no later end, no other attributes; none throws or takes long', () => {
    const judge = (bytes: Buffer) =>
      verifyResponse(
        bytes.toString('base64'),
        { ...expectations, idp: { certificates: [lab.idp.certificate] }, decryptionKeys: [pemOf(lab.sp)] },
        keys,
      )
    const right = originals.map((xml) => judge(Buffer.from(xml)))
    expect(right.map(({ kind }) => kind)).toEqual(originals.map(() => 'verified'))
    const counted = { verified: 0, SLASH_SA02: 0, SLASH_SA04: 0, notSigned: 0 }
    let longestMs = 0
    fc.assert(
      fc.property(fc.nat(originals.length - 1), mutations, (index, list) => {
        const bytes = mutated(Buffer.from(originals[index]!), list)
        const cpu = process.cpuUsage()
        const judgement = judge(bytes)
        const { user, system } = process.cpuUsage(cpu)
        longestMs = Math.max(longestMs, (user + system) / 1_000)
        if (judgement.kind === 'verified') {
          counted.verified++
          expect(judgement.assertion).toEqual((right[index] as typeof judgement).assertion)
        } else {
          counted[judgement.code]++
          counted.notSigned += judgement.verdicts.some(({ name, passed }) => name === 'signature' && !passed) ? 1 : 0
        }
      }),
      { numRuns: 20_000, seed, endOnFailure: true },
    )
    // some changes mean nothing, and some leave the signature alone: the mutations reach behind the parser
    expect(counted.verified).toBeGreaterThan(500)
    expect(counted.SLASH_SA04 - counted.notSigned).toBeGreaterThan(50)
    expect(longestMs).toBeLessThan(200)
  }, 60_000)
})

describe('2,000 mutated responses, at the ACS', () => {
  let lab: Lab
  beforeAll(async () => void (lab = await startLab()), 60_000)
  afterAll(() => lab.stop())

  const begin = (number: number) => {
    const pending = { id: `_mutated${number}`, returnTo: '/', at: Date.now() }
    const cookie = `__Host-kagami-saml=${sealPendingSaml(secretsUnder(Buffer.from(secretKey, 'hex')), pending)}`
    return trialOf(lab, { cookie, requestId: pending.id })
  }

  it('open a session only when what is signed is canonically what it was; all others get their code', async () => {
    const before = sessionsAt(lab.server)
    const counted = new Map<string, number>()
    let sessions = 0
    const send = async (number: number, list: readonly Mutation[]) => {
      const trial = begin(number)
      const [make, covered] = forms[number % forms.length]!
      const original = make(trial)
      const bytes = mutated(Buffer.from(original), list)
      const outcome = await post(lab.server, trial.cookie, parameter(bytes.toString('base64')), { counts: false })
      const code = outcome.said.split(' ')[0]!
      counted.set(code, (counted.get(code) ?? 0) + 1)
      if (outcome.status === 303) {
        sessions++
        expect(canonical(bytes.toString('utf8'), covered(trial))).toBe(canonical(original, covered(trial)))
      } else {
        expect([outcome.status, code]).toEqual([400, expect.stringMatching(/^SLASH_SA0[234]$/)])
        expect(outcome.sessionCookie).toBeUndefined()
      }
    }
    const lists = fc.sample(mutations, { numRuns: 2_000, seed: seed + 1 })
    const stalls = watchStalls()
    for (let i = 0; i < lists.length; i += 8) await Promise.all(lists.slice(i, i + 8).map((list, j) => send(i + j, list)))
    expect(stalls.stop().longestMs).toBeLessThan(200)
    expect(sessionsAt(lab.server) - before).toBe(sessions)
    expect(sessions).toBeGreaterThan(20)
    expect(counted.get('SLASH_SA04')).toBeGreaterThan(1_000)
  }, 120_000)
})
