import { claimedNameId, redactResponse } from '../../../src/wire/saml/redact-response'
import { makeIdp, signedResponse } from '../../kit/saml-idp'

describe('redactResponse', () => {
  it('cuts signature values, attribute values and ciphertext, whatever their prefix, and keeps the rest', () => {
    const text =
      '<a:NameID>taro</a:NameID><ds:SignatureValue>abc\n</ds:SignatureValue><AttributeValue x="1"><b>secret</b></AttributeValue><x:CipherValue/><y>kept</y>'
    expect(redactResponse(text)).toBe(
      '<a:NameID>taro</a:NameID><ds:SignatureValue>[4 characters]</ds:SignatureValue><AttributeValue x="1">[13 characters]</AttributeValue><x:CipherValue/><y>kept</y>',
    )
  })

  it('leaves nothing by which a signed Response could be used again', async () => {
    const xml = signedResponse(await makeIdp())
    const value = /<ds:SignatureValue>([^<]+)</.exec(xml)![1]!
    expect(redactResponse(xml)).not.toContain(value.slice(0, 20))
    expect(redactResponse(xml)).toContain('<saml:NameID>taro</saml:NameID>')
  })

  it('gives at most 32 KB, whole characters, of any text, and fast', () => {
    const started = performance.now()
    for (const text of [
      '<AttributeValue>'.repeat(60_000),
      '<'.repeat(900_000),
      '<x>'.repeat(200_000),
      `<x>${'漢'.repeat(400_000)}`,
    ]) {
      const shown = redactResponse(text)
      expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(32 * 1024)
      expect(shown).not.toContain('\ufffd')
    }
    expect(performance.now() - started).toBeLessThan(2_000)
    expect(redactResponse('<SignatureValue>never closed')).toBe('<SignatureValue>[12 characters]')
    expect(redactResponse('no xml')).toBe('no xml')
  })
})

describe('claimedNameId', () => {
  it.each([
    ['<saml:NameID Format="x">taro</saml:NameID>', 'taro'],
    ['<NameID> taro </NameID>', 'taro'],
    ['<NameIDPolicy/>', undefined],
    ['<NameID></NameID>', undefined],
  ])('%s: %s', (xml, name) => expect(claimedNameId(xml)).toBe(name))
})
