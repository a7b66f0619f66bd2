import { gzipSync } from 'node:zlib'
import { encode } from '../../kit/saml-idp'
import { exclusive, signedByHand, transform, dsig } from '../forge'
import { before, behind, instead, parameter, type Attack, type Family } from './family'

const refused = 'SLASH_SA04 document'
const signature = 'SLASH_SA04 signature'
const repeated = (count: number, make: (i: number) => string) => Array.from({ length: count }, (_, i) => make(i)).join('')
const inExtensions = (xml: string, more: string) => before(xml, '<samlp:Status>', `<samlp:Extensions>${more}</samlp:Extensions>`)
const changed = (
  name: string,
  change: (xml: string) => string,
  expects: Attack['expects'] = refused,
  known?: string,
): Attack => ({
  name,
  ...(known !== undefined && { known }),
  expects,
  make: (t) => change(t.signed()),
})
const raw = (name: string, xml: () => string, expects: Attack['expects'] = refused): Attack => ({ name, expects, make: xml })

export const groups = (count: number) =>
  `<saml:AttributeStatement><saml:Attribute Name="groups">${repeated(
    count,
    (i) => `<saml:AttributeValue>CN=Group ${i},OU=Groups,DC=example,DC=jp</saml:AttributeValue>`,
  )}</saml:Attribute></saml:AttributeStatement>`

/** Little for a sender, much for who reads it. None may hold up the others for 200 ms. */
export const size: Family = {
  name: 'size and shape (denial of service)',
  controls: [
    { name: 'somebody in 150 groups', make: (t) => t.signed({ attributes: groups(150) }) },
    {
      name: 'somebody in 1,000 groups, by hand',
      make: (t) => signedByHand(t.idp, t.response(t.assertion({ attributes: groups(1_000) })), t.right.assertionId),
    },
    { name: '1,000 elements below a signed Response', make: (t) => t.whole({ attributes: groups(1_000) }) },
  ],
  attacks: [
    changed(
      '300 References',
      (xml) => xml.replace(/<ds:Reference .*<\/ds:Reference>/s, (one) => one.repeat(300)),
      signature,
      'samlify: 45 s',
    ),
    changed(
      '2,000 Transforms',
      (xml) => xml.replace(/<ds:Transform [^>]*>/, (one) => one.repeat(2_000)),
      signature,
      'CVE-2021-39171 passport-saml',
    ),
    changed('20,000 attributes', (xml) => instead(xml, 'Version="2.0"', `Version="2.0"${repeated(20_000, (i) => ` a${i}=""`)}`)),
    changed(
      '600 attributes in 10 elements',
      (xml) =>
        inExtensions(
          xml,
          repeated(10, () => `<x${repeated(60, (i) => ` a${i}=""`)}/>`),
        ) + 'x',
    ),
    changed('10,000 elements one in another', (xml) => inExtensions(xml, '<x>'.repeat(10_000) + '</x>'.repeat(10_000))),
    changed('61 elements one in another', (xml) => inExtensions(xml, '<x>'.repeat(61) + '</x>'.repeat(61))),
    changed('40,000 elements', (xml) => inExtensions(xml, '<x/>'.repeat(40_000)), refused, 'CVE-2025-25293 ruby-saml'),
    changed('1,000 Assertions', (xml) =>
      before(
        xml,
        '<saml:Assertion',
        repeated(1_000, () => '<saml:Assertion xmlns:saml="urn:x"/>'),
      ),
    ),
    changed('1,000 Signatures', (xml) =>
      inExtensions(
        xml,
        repeated(1_000, () => `<ds:Signature xmlns:ds="${dsig}"/>`),
      ),
    ),
    changed('1,000 IDs', (xml) => inExtensions(xml, `${repeated(1_000, (i) => `<x ID="i${i}"/>`)}<x ID="i999"/>`)),
    changed('5,000 namespaces', (xml) => inExtensions(xml, `<x${repeated(5_000, (i) => ` xmlns:n${i}="urn:n"`)}/>`)),
    changed('60 levels with 40 namespaces each', (xml) =>
      inExtensions(xml, repeated(50, (j) => `<x${repeated(40, (i) => ` xmlns:n${i}="urn:${j}"`)}>`) + '</x>'.repeat(50)),
    ),
    changed(
      'a DigestValue of 200 KB',
      (xml) => xml.replace(/<ds:DigestValue>[^<]+/, `<ds:DigestValue>${'A'.repeat(200_000)}`),
      signature,
    ),
    changed(
      'a SignatureValue of 200 KB',
      (xml) => xml.replace(/<ds:SignatureValue>[^<]+/, `<ds:SignatureValue>${'A'.repeat(200_000)}`),
      signature,
    ),
    changed(
      'a SignatureValue of 300 KB of blanks',
      (xml) => xml.replace(/<ds:SignatureValue>/, (tag) => tag + ' '.repeat(300_000)).replace('>taro<', '>victim<'),
      signature,
    ),
    changed('a tag of 300 KB', (xml) => inExtensions(xml, `<x a="${'y'.repeat(300_000)}"/>`)),
    changed('a name of 300 KB', (xml) => inExtensions(xml, `<${'y'.repeat(300_000)}/>`)),
    changed('a text of 400 KB in an unsigned part', (xml) => behind(xml, /<samlp:Response [^>]*>/, 'y'.repeat(360_000))),
    changed('a NameID of 300 KB', (xml) => instead(xml, '>taro<', `>${'victim'.repeat(50_000)}<`), signature),
    changed(
      'an InResponseTo of 30 KB',
      (xml) => xml.replace('InResponseTo="', `InResponseTo="${'x'.repeat(30_000)}`),
      'SLASH_SA02 inResponseTo',
    ),
    changed(
      'a Destination of 30 KB',
      (xml) => xml.replace('Destination="', `Destination="${'x'.repeat(30_000)}`),
      'SLASH_SA04 destination',
    ),
    changed(
      'a StatusMessage of 300 KB',
      (xml) =>
        xml.replace(
          /<samlp:StatusCode [^>]*>/,
          `<samlp:StatusCode Value="x"/><samlp:StatusMessage>${'y'.repeat(300_000)}</samlp:StatusMessage>`,
        ),
      'SLASH_SA04 status',
    ),
    changed(
      'a KeyInfo of 300 KB',
      (xml) =>
        before(
          instead(xml, '>taro<', '>victim<'),
          '</ds:Signature>',
          `<ds:KeyInfo><ds:KeyName>${'A'.repeat(300_000)}</ds:KeyName></ds:KeyInfo>`,
        ),
      signature,
    ),
    changed(
      '9,000 elements below a signature that is bad',
      (xml) => inExtensions(instead(xml, '>taro<', '>victim<'), '<x/>'.repeat(9_000)),
      signature,
    ),
    {
      name: '9,000 elements in a signed Assertion that was changed',
      expects: signature,
      make: (t) => t.signed().replace('</saml:Conditions>', `$&<saml:Advice>${'<x/>'.repeat(9_000)}</saml:Advice>`),
    },
    {
      name: '9,000 elements in a signed Response that was changed',
      expects: signature,
      make: (t) => t.both().replace('</saml:Conditions>', `$&<saml:Advice>${'<x/>'.repeat(9_000)}</saml:Advice>`),
    },
    {
      name: '9,000 elements with attributes, 40 levels of namespaces, in what is signed and was changed',
      expects: signature,
      make: (t) =>
        t
          .both()
          .replace(
            '</saml:Conditions>',
            `$&<saml:Advice>${repeated(40, (i) => `<a xmlns:n${i}="urn:n" n${i}:b="">`)}${'<n1:x n2:y="" n3:z="" xmlns:u="urn:u"/>'.repeat(8_000)}${'</a>'.repeat(40)}</saml:Advice>`,
          ),
    },
    {
      name: 'a list of 10,000 prefixes',
      expects: refused,
      make: (t) =>
        signedByHand(t.idp, t.response(t.assertion()), t.right.assertionId, {
          transforms:
            transform(`${dsig}enveloped-signature`) +
            transform(
              exclusive,
              `<ec:InclusiveNamespaces xmlns:ec="${exclusive}" PrefixList="${repeated(10_000, (i) => `p${i} `)}"></ec:InclusiveNamespaces>`,
            ),
        }),
    },
    {
      name: 'a list of 5,000 prefixes, and 5,000 elements that were changed',
      expects: signature,
      make: (t) =>
        signedByHand(t.idp, t.response(t.assertion()), t.right.assertionId, {
          transforms:
            transform(`${dsig}enveloped-signature`) +
            transform(
              exclusive,
              `<ec:InclusiveNamespaces xmlns:ec="${exclusive}" PrefixList="${repeated(5_000, (i) => `p${i} `)}"></ec:InclusiveNamespaces>`,
            ),
        }).replace('</saml:Conditions>', `$&<saml:Advice>${'<x/>'.repeat(5_000)}</saml:Advice>`),
    },
    raw('nothing but <', () => '<'.repeat(300_000)),
    raw('nothing but tags that begin', () => '<x '.repeat(100_000)),
    raw('attributes that never end', () => `<x ${'a '.repeat(15_000)}`),
    raw('quotes that never end', () => `<x a="${"'".repeat(300_000)}`),
    raw('equals signs', () => `<x ${'a='.repeat(15_000)}>`),
    raw('colons', () => `<${'a:'.repeat(15_000)}>`),
    raw('blanks in a tag', () => `<x${' '.repeat(300_000)}`),
    raw('references', () => `<x>${'&amp;'.repeat(70_000)}`),
    raw('ampersands', () => `<x>${'&'.repeat(300_000)}</x>`),
    raw('comments that never end', () => '<!--'.repeat(80_000)),
    raw('end tags', () => '</x>'.repeat(80_000)),
    raw('a declaration that never ends', () => `<?xml ${' '.repeat(300_000)}`),
    raw('more than 512 KB', () => `<x>${'y'.repeat(560_000)}</x>`),
    { name: 'nothing but blanks', expects: refused, make: () => parameter(' '.repeat(400_000)) },
    { name: 'base64 that ends wrongly after 700 KB', expects: refused, make: () => parameter(`${'A'.repeat(699_999)}!`) },
    { name: 'a form of 3 MB', expects: refused, status: 413, make: () => parameter('A'.repeat(3_000_000)) },
    {
      name: 'a form that gzip makes small',
      expects: refused,
      status: 413,
      make: () => ({ body: gzipSync(`SAMLResponse=${'A'.repeat(5_000_000)}`), headers: { 'Content-Encoding': 'gzip' } }),
    },
    {
      name: 'a form of 5,000 fields',
      expects: refused,
      status: 413,
      make: (t) => ({ body: `${repeated(5_000, (i) => `f${i}=&`)}SAMLResponse=${encodeURIComponent(encode(t.signed()))}` }),
    },
  ],
}
