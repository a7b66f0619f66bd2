import { confirmationXml } from '../../kit/saml-idp'
import { signedByHand } from '../forge'
import type { Trial } from '../lab'
import type { Attack, Control, Family } from './family'

const named = (nameId: string) => (t: Trial) => t.signed({ nameId })
const name = (text: string) => named(`<saml:NameID>${text}</saml:NameID>`)

/** Nobody of that name. */
const nobody = (what: string, text: string): Attack => ({ name: what, expects: 'SLASH_SA01', make: name(text) })
const noName = (what: string, nameId: string): Attack => ({ name: what, expects: 'SLASH_SA04 nameId', make: named(nameId) })
const lets = (what: string, nameId: string): Control => ({ name: what, make: named(nameId) })
const attributes =
  '<saml:AttributeStatement><saml:Attribute Name="NameID"><saml:AttributeValue>victim</saml:AttributeValue></saml:Attribute><saml:Attribute Name="uid"><saml:AttributeValue>victim</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>'

/** Rightly signed, but it names nobody, or somebody by another name than his own. */
export const identity: Family = {
  name: 'NameID',
  controls: [
    lets('his name in capitals', '<saml:NameID>TARO</saml:NameID>'),
    lets(
      'a format and qualifiers',
      '<saml:NameID Format="urn:x" NameQualifier="a" SPNameQualifier="b" SPProvidedID="victim">taro</saml:NameID>',
    ),
    { name: 'attributes that name somebody else', make: (t) => t.signed({ attributes }) },
    {
      name: 'somebody else named in SubjectConfirmation',
      make: (t) =>
        t.signed({
          confirmation: confirmationXml(t.right).replace('<saml:SubjectConfirmationData', '<saml:NameID>victim</saml:NameID>$&'),
        }),
    },
  ],
  attacks: [
    nobody('nobody', 'nobody'),
    ...['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map((text) => nobody(`the name ${text}`, text)),
    ...[
      "' OR '1'='1",
      "victim'--",
      'victim" OR 1=1 #',
      'victim%',
      '%',
      '_ictim',
      '*',
      '(uid=*)',
      '{"$ne":null}',
      '${7*7}',
      '../victim',
    ].map((text) => nobody(`the name ${text}`, text.replace('&', '&amp;'))),
    nobody('somebody suspended', 'asleep'),
    nobody('somebody deleted', 'gone'),
    nobody('a blank behind the name', 'victim '),
    nobody('a blank in front of it', ' victim'),
    nobody('line feeds around it', '\nvictim\n'),
    nobody('a no-break space behind it', 'victim&#160;'),
    nobody('full-width letters', 'ｖｉｃｔｉｍ'),
    nobody('a letter of another alphabet', 'viсtim'),
    nobody('an i without dot', 'vıctim'),
    nobody('a ligature', 'vi\u{1d4b8}tim'),
    nobody('a zero-width space in it', 'vic\u200btim'),
    nobody('a direction mark in it', '\u202evictim'),
    nobody('a domain behind it', 'victim@example.jp'),
    nobody('a domain of another', 'victim@evil.example'),
    nobody('a group', 'Administrators'),
    nobody('an e-mail address in brackets', 'Victim &lt;victim&gt;'),
    nobody('a carriage return and a header', 'victim&#13;&#10;Set-Cookie: kagami=x'),
    noName('no NameID', ''),
    noName('an empty NameID', '<saml:NameID></saml:NameID>'),
    noName('blanks alone', '<saml:NameID> \n </saml:NameID>'),
    noName('an element in it', '<saml:NameID>vic<x/>tim</saml:NameID>'),
    noName('the name in an element', '<saml:NameID><x>victim</x></saml:NameID>'),
    noName('two NameIDs', '<saml:NameID>taro</saml:NameID><saml:NameID>victim</saml:NameID>'),
    noName('a BaseID', '<saml:BaseID>victim</saml:BaseID>'),
    noName('an EncryptedID', '<saml:EncryptedID><x/></saml:EncryptedID>'),
    noName('a NameID of another namespace', '<NameID xmlns="urn:oasis:names:tc:SAML:1.0:assertion">victim</NameID>'),
    noName('a nameid', '<saml:nameid>victim</saml:nameid>'),
    noName('far too long a name', `<saml:NameID>${'victim'.repeat(100)}</saml:NameID>`),
    { name: 'a NUL behind the name', expects: 'SLASH_SA04 document', make: nul('victim&#0;') },
    { name: 'a NUL in the name', expects: 'SLASH_SA04 document', make: nul('victim&#x0;.evil') },
    { name: 'half a surrogate pair', expects: 'SLASH_SA04 document', make: nul('victim&#xd800;') },
    { name: 'a character that is none', expects: 'SLASH_SA04 document', make: nul('victim&#xffff;') },
    { name: 'a character beyond Unicode', expects: 'SLASH_SA04 document', make: nul('victim&#x110000;') },
    {
      name: 'no Subject',
      expects: 'SLASH_SA04 inResponseTo subjectConfirmation nameId',
      make: (t) =>
        signedByHand(t.idp, t.response(t.assertion().replace(/<saml:Subject>.*<\/saml:Subject>/, '')), t.right.assertionId),
    },
  ],
}

/** What no XML parser may read, signed by one who did. */
function nul(text: string) {
  return (t: Trial) =>
    signedByHand(t.idp, t.response(t.assertion({ nameId: `<saml:NameID>${text}</saml:NameID>` })), t.right.assertionId)
}
