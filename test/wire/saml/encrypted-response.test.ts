import { VerificationKeys } from '../../../src/wire/saml/verification-keys'
import { verifyResponse } from '../../../src/wire/saml/verify-response'
import { encryptedByOthers, encryptedXml, pemOf, xmlenc11, type Encryption } from '../../kit/saml-encryption'
import { assertionXml, encode, expectations, makeIdp, responseXml, signXml, xmlenc, type TestIdp } from '../../kit/saml-idp'

describe('verifyResponse, of an encrypted assertion', () => {
  let [idp, sp, next, stranger]: readonly TestIdp[] = []
  const keys = new VerificationKeys()
  beforeAll(async () => void ([idp, sp, next, stranger] = await Promise.all([makeIdp(), makeIdp(), makeIdp(), makeIdp()])))

  const mgf1p = `${xmlenc}rsa-oaep-mgf1p`
  const judge = (xml: string, decryptionKeys = [pemOf(next!), pemOf(sp!)]) =>
    verifyResponse(encode(xml), { ...expectations, idp: { certificates: [idp!.certificate] }, decryptionKeys }, keys)
  const outcome = (xml: string, decryptionKeys?: string[]) => {
    const judgement = judge(xml, decryptionKeys)
    if (judgement.kind === 'verified') return judgement.assertion.nameId
    const { actual } = judgement.verdicts.find(({ name, passed }) => name === 'encryption' && !passed) ?? {}
    return actual ?? judgement.verdicts.flatMap(({ name, passed }) => (passed ? [] : name)).join(' ')
  }
  const inner = (xml: string) => /<saml:Assertion.*<\/saml:Assertion>/.exec(xml)![0]
  const signedAssertion = (overrides = {}, by = idp!) => inner(signXml(by, responseXml(assertionXml(overrides)), '_assertion'))
  /** The assertion signed, then encrypted; the Response signed around it or not. */
  const response = (encryption: Encryption = {}, signed: 'response' | 'assertion' | 'both' = 'assertion', overrides = {}) => {
    const text = signed === 'response' ? assertionXml(overrides) : signedAssertion(overrides)
    const xml = responseXml(encryptedXml(text, sp!, encryption))
    return signed === 'assertion' ? xml : signXml(idp!, xml, '_response')
  }

  it.each(['response', 'assertion', 'both'] as const)('reads it when signed is: %s', (signed) => {
    expect(outcome(response({}, signed))).toBe('taro')
    expect(judge(response({}, signed)).verdicts.filter(({ passed }) => !passed)).toEqual([])
  })

  it.each([`${xmlenc}aes128-cbc`, `${xmlenc}aes256-cbc`, `${xmlenc11}aes128-gcm`, `${xmlenc11}aes256-gcm`])(
    'reads %s, by our hand and by that of others',
    async (cipher) => {
      expect(outcome(response({ cipher }))).toBe('taro')
      const others = responseXml(await encryptedByOthers(signedAssertion(), sp!, cipher, mgf1p))
      expect([outcome(others), outcome(signXml(idp!, others, '_response'))]).toEqual(['taro', 'taro'])
    },
  )

  it.each<readonly [string, Encryption]>([
    ['SHA-1, said so', { hash: 'sha1' }],
    ['RSA-OAEP of XML Encryption 1.1', { transport: `${xmlenc11}rsa-oaep` }],
    ['… with SHA-256', { transport: `${xmlenc11}rsa-oaep`, hash: 'sha256', maskHash: 'sha256' }],
    ['… with SHA-512', { transport: `${xmlenc11}rsa-oaep`, hash: 'sha512', maskHash: 'sha512' }],
    ['the key beside the data', { keys: 'beside' }],
  ])('reads: %s', (_what, encryption) => expect(outcome(response(encryption))).toBe('taro'))

  it('reads what was encrypted for others too', () => {
    expect(outcome(response({ readers: [stranger!.publicKey, sp!.publicKey] }))).toBe('taro')
  })

  it('reads it with the old key and the new one, while keys are rolled over', () => {
    for (const reader of [sp!, next!]) expect(outcome(response({ readers: [reader.publicKey] }))).toBe('taro')
    expect(outcome(response({ readers: [next!.publicKey] }), [pemOf(sp!)])).toContain('none of our keys decrypts')
  })

  it('takes namespaces from around it', () => {
    const bare = assertionXml().replace(/ xmlns:saml="[^"]+"/, '')
    expect(outcome(signXml(idp!, responseXml(encryptedXml(bare, sp!)), '_response'))).toBe('taro')
  })

  it('judges what it reads, and shows it, for it was signed', () => {
    const verdicts = judge(response({}, 'assertion', { entityId: 'https://other.example' })).verdicts
    expect(verdicts.filter(({ passed }) => !passed)).toMatchObject([{ name: 'audience', actual: 'https://other.example' }])
  })

  it.each<readonly [string, Encryption, string]>([
    ['Triple DES', { cipher: `${xmlenc}tripledes-cbc` }, 'an EncryptionMethod other than'],
    ['AES-192', { cipher: `${xmlenc}aes192-cbc` }, 'an EncryptionMethod other than'],
    ['RSA 1.5', { transport: `${xmlenc}rsa-1_5` }, 'a key transport other than RSA-OAEP'],
    ['a key that is not wrapped by RSA', { transport: `${xmlenc}kw-aes256` }, 'a key transport other than RSA-OAEP'],
    ['two digests that differ', { hash: 'sha256' }, 'RSA-OAEP with a digest other than'],
    ['nobody who may read it', { readers: [] }, 'no EncryptedKey, or more than 4'],
  ])('refuses before it decrypts: %s', (_what, encryption, why) => {
    const cipher = encryption.cipher ? `${xmlenc}aes256-cbc` : undefined
    const xml = response({ ...encryption, ...(cipher && { cipher }) })
    expect(outcome(cipher ? xml.replace(cipher, encryption.cipher!) : xml)).toContain(why)
  })

  it.each<readonly [string, (xml: string) => string, string]>([
    [
      'more keys than anybody needs',
      (xml) => xml.replace(/(<xenc:EncryptedKey.*<\/xenc:EncryptedKey>)/, '$1'.repeat(5)),
      'more than 4',
    ],
    [
      'a reference instead of a value',
      (xml) =>
        xml.replace(/<xenc:CipherValue>[^<]+<\/xenc:CipherValue>/, '<xenc:CipherReference URI="http://169.254.169.254/"/>'),
      'without one CipherValue',
    ],
    ['no base64', (xml) => xml.replace(/<xenc:CipherValue>[^<]+/, '<xenc:CipherValue>%'), 'not base64'],
    [
      'something before the data',
      (xml) => xml.replace('<xenc:EncryptedData', '<xenc:x xmlns:xenc="urn:x"/><xenc:EncryptedData'),
      'without EncryptedData',
    ],
    ['content instead of an element', (xml) => xml.replace('#Element', '#Content'), 'another type than Element'],
  ])('refuses: %s', (_what, change, why) => expect(outcome(change(response()))).toContain(why))

  it('refuses it while there is no key of ours', () => expect(outcome(response(), [])).toBe('encrypted, and we have no key'))

  it('does not decrypt what was altered after the Response was signed', () => {
    const altered = response({}, 'both').replace('Destination', 'Consent="x" Destination')
    expect(outcome(altered)).toBe('not decrypted, for the Response was altered')
  })

  const last = (content: Buffer, change: number) => {
    const altered = Buffer.from(content)
    altered[altered.length - 17] = altered[altered.length - 17]! ^ change
    return altered
  }
  const evil = '<saml:NameID>admin</saml:NameID>'
  it('tells the same of every failure behind the encryption: nothing is learnt from altered ciphertexts', () => {
    const gcm = { cipher: `${xmlenc11}aes256-gcm` }
    const both = (more: string) => signedAssertion() + more
    const wrapped = (text: string) => signedAssertion().replace('</saml:Assertion>', `${text}</saml:Assertion>`)
    const made = [
      response({ readers: [stranger!.publicKey] }),
      response({ alter: (content) => content.subarray(0, -16) }),
      response({ alter: (content) => content.subarray(0, -1) }),
      response({ alter: () => Buffer.from('x') }),
      ...[0x01, 0x10, 0x80, 0xff].map((change) => response({ alter: (content) => last(content, change) })),
      response({ ...gcm, alter: (content) => last(content, 1) }),
      response({ ...gcm, alter: (content) => content.subarray(0, 20) }),
      response({ text: '' }),
      response({ text: 'hello' }),
      response({ text: '<x>' }),
      response({ text: '\u0000' }),
      response({ text: assertionXml() }),
      response({ text: signedAssertion({}, stranger) }),
      response({ text: signedAssertion().replace('>taro<', '>admin<') }),
      response({ text: responseXml(signedAssertion()) }),
      response({ text: both(assertionXml({ nameId: evil })) }),
      response({ text: wrapped(assertionXml({ nameId: evil, assertionId: '_evil' })) }),
      response({ text: signedAssertion().replaceAll('_assertion', '_response') }),
      response({ text: `<!DOCTYPE x>${signedAssertion()}` }),
    ]
    const answers = made.map((xml) => JSON.stringify(judge(xml)))
    expect(new Set(answers).size).toBe(1)
    expect(answers[0]).toContain('none of our keys decrypts')
    expect(answers[0]).not.toContain('admin')
  })

  it('does not take an unsigned assertion, however well it is encrypted', () => {
    const text = assertionXml({ nameId: evil })
    expect(outcome(response({ text }))).toContain('none of the certificates signed')
    // a Response that was signed around another one
    const swapped = response({}, 'both').replace(/<saml:EncryptedAssertion.*<\/saml:EncryptedAssertion>/, encryptedXml(text, sp!))
    expect(outcome(swapped)).toBe('not decrypted, for the Response was altered')
  })
})
