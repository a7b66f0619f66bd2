import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { verifierThreads, type ThreadSettings } from '../../../src/connectors/saml/verifier-threads'
import { SamlVerifierBusy, type SamlVerifier } from '../../../src/ports/saml-verifier'
import { encryptedXml, pemOf } from '../../kit/saml-encryption'
import { assertionXml, encode, expectations, makeIdp, responseXml, signedResponse, type TestIdp } from '../../kit/saml-idp'
import { tempFolder } from '../../kit/temp-store'

describe('verifierThreads', () => {
  const folder = tempFolder()
  const opened: SamlVerifier[] = []
  let [idp, sp]: readonly TestIdp[] = []
  beforeAll(async () => void ([idp, sp] = await Promise.all([makeIdp(), makeIdp()])))
  afterEach(() => Promise.all(opened.splice(0).map((one) => one.close())))
  afterAll(() => folder.remove())

  const open = (settings: Partial<ThreadSettings> = {}) => {
    const verifier = verifierThreads(settings)
    opened.push(verifier)
    return verifier
  }
  let written = 0
  /** A thread that does something else for a SAMLResponse that says so; any other it refuses at once. */
  const misbehaving = (deeds: Readonly<Record<string, string>>) => {
    const script = path.join(folder.path, `thread-${++written}.js`)
    const cases = Object.entries(deeds).map(([name, deed]) => `case ${JSON.stringify(name)}: ${deed}; break;`)
    writeFileSync(
      script,
      `const { parentPort } = require('node:worker_threads')
       const answer = () => parentPort.postMessage({ judgement: { kind: 'refused', code: 'SLASH_SA04', verdicts: [] } })
       parentPort.on('message', ({ parameter }) => { switch (parameter) { ${cases.join(' ')} default: answer() } })`,
    )
    return script
  }
  const expected = () => ({ ...expectations, idp: { certificates: [idp!.certificate] }, decryptionKeys: [pemOf(sp!)] })
  const failedNames = async (judgement: ReturnType<SamlVerifier['verify']>) =>
    (await judgement).verdicts.flatMap(({ name, passed }) => (passed ? [] : name))

  it('judges as verifyResponse does, many at once; attributes come back whole', async () => {
    const attributes = `<saml:AttributeStatement><saml:Attribute Name="mail"><saml:AttributeValue>taro@example.jp</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>`
    const [good, bad] = [signedResponse(idp!, { attributes }), signedResponse(idp!, { entityId: 'https://x/' })].map(encode)
    const verifier = open({ threads: 2 })
    const judgements = await Promise.all(Array.from({ length: 40 }, (_, i) => verifier.verify(i % 2 ? bad! : good!, expected())))
    expect(judgements.map(({ kind }) => kind)).toEqual(Array.from({ length: 40 }, (_, i) => (i % 2 ? 'refused' : 'verified')))
    const assertion = { nameId: 'taro', attributes: new Map([['mail', ['taro@example.jp']]]) }
    expect(judgements[0]).toMatchObject({ assertion })
  })

  it('keeps the event loop free meanwhile', async () => {
    const verifier = open({ threads: 1, script: misbehaving({ slow: 'setTimeout(answer, 300)' }) })
    const slow = verifier.verify('slow', expected())
    const started = performance.now()
    await new Promise(setImmediate)
    expect(performance.now() - started).toBeLessThan(100)
    await slow
  })

  it('refuses when too many wait, and takes new ones when they are done', async () => {
    const verifier = open({ threads: 1, waiting: 2, script: misbehaving({ slow: 'setTimeout(answer, 200)' }) })
    const three = [1, 2, 3].map(() => verifier.verify('slow', expected()))
    await expect(verifier.verify('slow', expected())).rejects.toThrow(SamlVerifierBusy)
    await Promise.all(three)
    expect((await verifier.verify('fast', expected())).kind).toBe('refused')
  })

  it('refuses what takes too long, and goes on with a new thread', async () => {
    const verifier = open({ threads: 1, timeoutMs: 300, script: misbehaving({ endless: 'for (;;);' }) })
    const [endless, waiting] = [verifier.verify('endless', expected()), verifier.verify('fast', expected())]
    expect(await failedNames(endless)).toContain('document')
    expect((await waiting).verdicts).toEqual([])
  })

  it('replaces a thread that dies; only the Response in it is lost, and may come again', async () => {
    const script = misbehaving({
      exit: 'process.exit(3)',
      throw: "throw new Error('broken')",
      grow: 'for (const all = []; ; ) all.push(new Array(100_000).fill(all.length))',
    })
    const verifier = open({ threads: 1, script })
    const dying = ['exit', 'throw', 'grow'].map((deed) => verifier.verify(deed, expected()))
    const after = verifier.verify('fast', expected())
    for (const one of await Promise.allSettled(dying)) {
      expect(one).toMatchObject({ status: 'rejected', reason: expect.any(SamlVerifierBusy) as unknown })
    }
    expect((await after).kind).toBe('refused')
  })

  it('tells nothing by its time of why something was not decrypted', async () => {
    const verifier = open({ concealedMs: 250 })
    await verifier.verify('warm', expected())
    const timeOf = async (xml: string) => {
      const started = performance.now()
      expect(await failedNames(verifier.verify(encode(xml), expected()))).toContain('encryption')
      return performance.now() - started
    }
    const unsigned = responseXml(encryptedXml(assertionXml(), sp!))
    const cut = responseXml(encryptedXml(assertionXml(), sp!, { alter: (content) => content.subarray(0, -1) }))
    for (const xml of [unsigned, cut]) expect(await timeOf(xml)).toBeGreaterThanOrEqual(249)
  })

  it('sends away who waits when it closes', async () => {
    const verifier = open({ threads: 1, script: misbehaving({ slow: 'setTimeout(answer, 5_000)' }) })
    const two = [1, 2].map(() => verifier.verify('slow', expected()))
    const settled = Promise.allSettled(two)
    await verifier.close()
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await expect(verifier.verify('fast', expected())).rejects.toThrow(SamlVerifierBusy)
  })
})
