import type { Actor } from '../../../src/domain/access/actor'
import { maxSamlSignIns } from '../../../src/domain/access/saml-trace'
import { newUuid } from '../../../src/ports/clock'
import { changeSamlDraft, disableSaml, enableSaml, showSaml } from '../../../src/usecases/access/saml-change'
import { addNextSpKey, ensureSpKeys, promoteSpKey, readSpKeys, retireSpKeys } from '../../../src/usecases/access/saml-keys'
import { passSamlTest, startSamlTest, takeSamlTest } from '../../../src/usecases/access/saml-test'
import { getSamlSignIn, listSamlSignIns, SamlTraceBook, type SeenSignIn } from '../../../src/usecases/access/saml-trace'
import { isPairOf, samlDeps } from '../../kit/saml-deps'
import { testSecrets } from '../../kit/temp-store'
import type { OpenStore, StoreUnderTest } from './under-test'

const operator: Actor = { kind: 'operator', name: 'test' }
const idp = { ssoUrl: 'https://idp.test/sso', certificates: ['PEM'] }

/** The SAML settings, keys and sign-ins, also when two nodes work on them at once. */
export function samlContract(open: OpenStore): void {
  let at: StoreUnderTest
  beforeAll(async () => void (at = await open()))
  afterAll(() => at.close())
  const deps = () => ({ ...samlDeps('https://id.example.jp', at.clock), store: at.store, clock: at.clock, secrets: testSecrets })
  const change = (skew: number) =>
    changeSamlDraft(deps(), operator, (draft) => ({ idp, options: { ...draft.options, clockSkewSeconds: skew } }))

  it('loses no change of the settings to another that is made at once', async () => {
    const contexts = Array.from({ length: 8 }, (_, i) => `urn:example:${i}`)
    await Promise.all(
      contexts.map((context) =>
        changeSamlDraft(deps(), operator, ({ options }) => ({
          idp,
          options: { ...options, requestedAuthnContext: [...options.requestedAuthnContext, context] },
        })),
      ),
    )
    const { draft, version } = await showSaml(deps(), operator)
    expect([[...draft.options.requestedAuthnContext].sort(), version]).toEqual([contexts, 8])
    await expect(changeSamlDraft(deps(), operator, (same) => same)).resolves.toMatchObject({ version: 8 })
  })

  it('enables what was tried, by its fingerprint, and takes the leave to try it once', async () => {
    await change(10)
    const { token } = await startSamlTest(deps(), operator)
    const taken = await Promise.all([1, 2, 3].map(() => takeSamlTest(deps(), token)))
    const [tried] = taken.filter((one) => one !== undefined)
    expect([taken.filter((one) => one !== undefined).length, tried?.settings.options.clockSkewSeconds]).toEqual([1, 10])
    await expect(enableSaml(deps(), operator)).rejects.toMatchObject({ code: 'samlNotTested' })
    expect(await passSamlTest(deps(), 'another', 'taro')).toBe(false)
    expect(await passSamlTest(deps(), tried!.fingerprint, 'taro')).toBe(true)
    expect(await enableSaml(deps(), operator)).toMatchObject({ enabled: true, active: { options: { clockSkewSeconds: 10 } } })
    await change(20)
    await expect(enableSaml(deps(), operator)).rejects.toMatchObject({ code: 'samlNotTested' })
    await disableSaml(deps(), operator)
    await change(10)
    expect(await enableSaml(deps(), operator)).toMatchObject({ enabled: true })
  })

  it('the URL of a test ends after ten minutes', async () => {
    const { token } = await startSamlTest(deps(), operator)
    at.clock.advance(10 * 60_000)
    expect(await takeSamlTest(deps(), token)).toBeUndefined()
  })

  it('leaves alone what the environment sets', async () => {
    const locked = { ...deps(), saml: { ...deps().saml, locked: true } }
    const other = { ...idp, ssoUrl: 'https://other.test/' }
    const state = await showSaml(locked, operator)
    await at.store.transact((tx) => tx.settings.set('saml', { ...state, source: 'environment' }))
    const refused = changeSamlDraft(locked, operator, (draft) => ({ ...draft, idp: other }))
    await expect(refused).rejects.toMatchObject({ code: 'samlLocked' })
    await changeSamlDraft(deps(), operator, (draft) => ({ ...draft, idp: other })) // the variables were taken away
    expect((await showSaml(deps(), operator)).source).toBe('administrator')
  })

  it('makes one SP key, however many nodes ask at first, sealed; and rolls it over', async () => {
    const nodes = [deps(), deps()]
    const made = await Promise.all(nodes.map(ensureSpKeys))
    expect(made[0]!.map(({ id, use }) => [id, use])).toEqual(made[1]!.map(({ id, use }) => [id, use]))
    const [first] = made[0]!
    expect([made[0]!.length, isPairOf(first!.certificate, first!.privateKey)]).toEqual([1, true])
    expect(JSON.stringify(await at.query('SELECT value FROM system_setting'))).not.toContain('PRIVATE KEY')
    const both = await Promise.allSettled(nodes.map((node) => addNextSpKey(node, operator)))
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const promoted = await promoteSpKey(deps(), operator)
    expect(promoted.map(({ id, use }) => [id === first!.id, use])).toEqual([[true, 'previous'], [false, 'current']]) // prettier-ignore
    const brought = [{ ...first!, id: 'sp', use: 'current', from: 'file' }] as const
    const withFiles = { ...deps(), saml: { ...deps().saml, broughtKeys: brought } }
    expect((await readSpKeys(withFiles)).map(({ use }) => use)).toEqual(['current', 'previous', 'previous'])
    await expect(addNextSpKey(withFiles, operator)).rejects.toMatchObject({ code: 'spKeyState' })
    expect((await retireSpKeys(deps(), operator)).map(({ use }) => use)).toEqual(['current'])
  })

  const seen = (requestId: string, code?: 'SLASH_SA04'): SeenSignIn => ({
    requestId,
    test: false,
    verdicts: [{ name: 'audience', passed: code === undefined, actual: 'x'.repeat(600) }],
    ...(code && { code }),
    document: () => ({ nameId: 'n'.repeat(300), xml: `<x>${requestId}</x>` }),
  })

  it('keeps the last hundred sign-ins, whatever two nodes write at once', async () => {
    const rounds = Array.from({ length: 12 }, (_, round) =>
      Array.from({ length: 10 }, (_, i) => ({
        id: newUuid(at.clock.now() + round),
        at: at.clock.now(),
        requestId: `${round}-${i}`,
        test: false,
        verdicts: [],
        missed: 0,
      })),
    )
    await Promise.all(rounds.map((signIns) => at.store.transact((tx) => tx.samlTrace.add(signIns, maxSamlSignIns))))
    await at.store.transact((tx) => tx.samlTrace.add([{ ...rounds[11]![0]!, id: newUuid(at.clock.now() + 99) }], maxSamlSignIns))
    const [{ rows }] = (await at.query('SELECT COUNT(*) AS n FROM saml_trace')).map(({ n }) => ({ rows: Number(n) })) as [
      { rows: number },
    ]
    expect(rows).toBe(maxSamlSignIns)
  })

  it('writes five failures and fifteen successes of a second, and counts the others', async () => {
    at.clock.advance(60_000)
    const book = new SamlTraceBook(at.clock)
    for (let i = 0; i < 50; i++) book.note(seen(`bad${i}`, 'SLASH_SA04'))
    for (let i = 0; i < 20; i++) book.note(seen(`good${i}`))
    await book.write(at.store)
    at.clock.advance(1000)
    book.note(seen('later'))
    await book.write(at.store)
    const all = (await listSamlSignIns(deps(), operator)).filter(({ requestId }) => /bad|good|later/.test(requestId))
    expect([all.filter(({ code }) => code).length, all.length]).toEqual([5, 21])
    expect(all.reduce((sum, { missed }) => sum + missed, 0)).toBe(50)
    const later = await getSamlSignIn(deps(), operator, 'later')
    expect([later.xml, later.nameId?.length, later.verdicts[0]?.actual?.length]).toEqual(['<x>later</x>', 255, 500])
    expect(await getSamlSignIn(deps(), operator, later.id)).toEqual(later)
  })
}
