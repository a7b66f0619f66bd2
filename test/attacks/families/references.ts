import { dsig, exclusive, signatureOf, transform } from '../forge'
import type { Trial } from '../lab'
import { byHand, digestOf, victim } from './confusion'
import { instead, signatureIn, type Attack, type Family } from './family'

const signature = 'SLASH_SA04 signature'

const uri = (text: string): Attack => ({
  name: `a Reference to ${JSON.stringify(text).slice(0, 90)}, signed`,
  expects: signature,
  make: (t) => byHand(t, { uri: text.replace('ID', t.right.assertionId) }),
})

const transforms = (name: string, list: string): Attack => ({
  name: `Transforms: ${name}, signed`,
  expects: signature,
  make: (t) => byHand(t, { transforms: list }),
})

const enveloped = transform(`${dsig}enveloped-signature`)
const c14n = (name: string, algorithm: string): Attack => ({
  name: `CanonicalizationMethod: ${name}, signed`,
  expects: signature,
  make: (t) =>
    byHand(t, { canonicalization: `<ds:CanonicalizationMethod Algorithm="${algorithm}"></ds:CanonicalizationMethod>` }),
})
const inclusive = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'
const xslt = `<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/"><xsl:for-each select="//. | //@*"><xsl:for-each select="//. | //@*"><xsl:value-of select="."/></xsl:for-each></xsl:for-each></xsl:template></xsl:stylesheet>`
const xpath = '<ds:XPath>ancestor-or-self::*[count(//node()) &gt; 0]</ds:XPath>'

/** References and Transforms that are not those of SAML 2.0 Core §5.4, each rightly signed. */
export const references: Family = {
  name: 'references, transforms and canonicalization',
  controls: [
    {
      name: 'prefixes that stay inclusive, as OpenSAML writes them',
      make: (t) =>
        byHand(t, {
          transforms:
            enveloped +
            transform(exclusive, `<ec:InclusiveNamespaces xmlns:ec="${exclusive}" PrefixList="xs xsd"></ec:InclusiveNamespaces>`),
        }),
    },
  ],
  attacks: [
    ...[
      '',
      '#',
      '#_response',
      '#_nothing',
      'ID',
      '#id()',
      '#xpointer(/)',
      "#xpointer(id('ID'))",
      '#ID ',
      ' #ID',
      '%23ID',
      '#ID#ID',
      "#ID' or '1'='1",
      '#ID]|//*[@ID',
      'http://127.0.0.1:1/evil.xml#ID',
      'file:///etc/passwd',
      'cid:ID',
      'data:text/xml,ID',
    ].map(uri),
    {
      name: 'a Reference without URI, signed',
      expects: signature,
      make: (t) => {
        const text = signatureOf(t.idp, t.response(t.assertion()), t.right.assertionId)
        const reference = /<ds:Reference .*<\/ds:Reference>/s.exec(text)![0].replace(/ URI="[^"]*"/, '')
        return byHand(t, { reference })
      },
    },
    { name: 'no Reference at all, signed', expects: signature, make: (t) => byHand(t, { reference: '' }) },
    {
      name: 'a second Reference, to the Response, signed',
      expects: signature,
      make: (t) => {
        const text = t.response(t.assertion())
        const one = (id: string) =>
          /<ds:Reference .*<\/ds:Reference>/s.exec(signatureOf(t.idp, text, id, { transforms: transform(exclusive) }))![0]
        return byHand(t, { reference: one(t.right.assertionId) + one('_response') })
      },
    },
    transforms('none', ''),
    transforms('enveloped alone', enveloped),
    transforms('canonicalization alone', transform(exclusive)),
    transforms('the wrong way round', transform(exclusive) + enveloped),
    transforms('enveloped twice', enveloped + enveloped + transform(exclusive)),
    transforms('inclusive', enveloped + transform(inclusive)),
    transforms('with comments', enveloped + transform(`${exclusive}WithComments`)),
    transforms('XSLT', enveloped + transform('http://www.w3.org/TR/1999/REC-xslt-19991116', xslt) + transform(exclusive)),
    transforms('XPath', enveloped + transform('http://www.w3.org/TR/1999/REC-xpath-19991116', xpath) + transform(exclusive)),
    transforms('XPath Filter 2.0', transform('http://www.w3.org/2002/06/xmldsig-filter2', xpath) + transform(exclusive)),
    transforms('base64', enveloped + transform(`${dsig}base64`)),
    transforms('decryption', transform('http://www.w3.org/2002/07/decrypt#XML') + transform(exclusive)),
    transforms('XSLT inside the canonicalization', enveloped + transform(exclusive, xslt)),
    transforms('XPath inside enveloped', transform(`${dsig}enveloped-signature`, xpath) + transform(exclusive)),
    transforms('an algorithm of nobody', enveloped + transform('urn:x')),
    c14n('inclusive', inclusive),
    c14n('inclusive 1.1', 'http://www.w3.org/2006/12/xml-c14n11'),
    c14n('with comments', `${exclusive}WithComments`),
    c14n('XSLT', 'http://www.w3.org/TR/1999/REC-xslt-19991116'),
    c14n('none', ''),
    {
      name: 'the digest of nothing: canonicalization that fails without a word',
      known: 'CVE-2025-66568 ruby-saml, xmlseclibs (The Fragile Lock)',
      expects: signature,
      make: (t) => victim(byHand(t, { digestValue: digestOf('') })),
    },
    {
      name: 'the digest of nothing, with a namespace that is relative',
      known: 'CVE-2025-66568 ruby-saml, xmlseclibs (The Fragile Lock)',
      expects: signature,
      make: (t) => {
        const xml = t.response(t.assertion()).replace('<saml:Assertion ', '<saml:Assertion xmlns:x="1" x:y="" ')
        return victim(byHand(t, { digestValue: digestOf('') }, xml))
      },
    },
    {
      name: 'a signature over nothing',
      known: 'CVE-2025-66568 ruby-saml, xmlseclibs (The Fragile Lock)',
      expects: signature,
      make: (t) => {
        const ofNothing = signatureOf(t.idp, t.response(t.assertion()), t.right.assertionId, {
          signatureValue: () => emptySignature(t),
        })
        return victim(instead(t.signed(), /<ds:Signature .*<\/ds:Signature>/s, ofNothing))
      },
    },
  ],
}

const emptySignature = (t: Trial) => {
  const text = signatureOf(t.idp, '<a ID="x"/>', 'x', { signedInfo: '<ds:SignedInfo></ds:SignedInfo>' })
  return /<ds:SignatureValue>([^<]+)/.exec(signatureIn(text))![1]!
}
