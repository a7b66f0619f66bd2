import { audienceXml, confirmationXml } from '../../kit/saml-idp'
import type { Trial } from '../lab'
import type { Attack, Family } from './family'

/** As text of XML; a browser that gets it back as markup would run it. */
export const script = '&lt;script&gt;alert(1)&lt;/script&gt;&quot;&gt;&lt;img src=x onerror=alert(1)&gt;'
const inAttribute = script.replaceAll('"', '&quot;')

const shown = (where: string, expects: string, make: (t: Trial) => string): Attack => ({
  name: `a script in ${where}`,
  known: 'CVE-2023-45683 crewjam',
  expects: expects as Attack['expects'],
  make,
})

/** Texts of the sender's that the page for administrators shows. */
export const page: Family = {
  name: 'scripts on the page',
  controls: [],
  attacks: [
    shown('the audience', 'SLASH_SA04 audience', (t) => t.signed({ conditions: audienceXml(script) })),
    shown('the issuer', 'SLASH_SA04 issuer', (t) => t.signed({ issuer: script })),
    shown('the StatusMessage', 'SLASH_SA04 status', (t) =>
      t.signed({ status: `<samlp:StatusCode Value="x"/><samlp:StatusMessage>${script}</samlp:StatusMessage>` }),
    ),
    shown('the StatusCode', 'SLASH_SA04 status', (t) => t.signed({ status: `<samlp:StatusCode Value="${inAttribute}"/>` })),
    shown('the destination', 'SLASH_SA04 destination', (t) =>
      t.signed({ responseAttributes: `Destination="${inAttribute}" InResponseTo="${t.right.requestId}"` }),
    ),
    shown('the recipient', 'SLASH_SA04 subjectConfirmation', (t) =>
      t.signed({ confirmation: confirmationXml({ ...t.right, acsUrl: inAttribute }) }),
    ),
    shown('InResponseTo', 'SLASH_SA02 inResponseTo', (t) => t.signed({ requestId: inAttribute })),
    shown('NotBefore', 'SLASH_SA04 timeWindow', (t) => t.signed({ notBefore: inAttribute })),
    shown('IssueInstant', 'SLASH_SA04 issueInstant', (t) => t.signed({ issueInstant: inAttribute })),
    shown('NameID', 'SLASH_SA01', (t) => t.signed({ nameId: `<saml:NameID>${script}</saml:NameID>` })),
    shown('a condition', 'SLASH_SA04 conditions', (t) =>
      t.signed({ conditions: `${audienceXml(t.right.entityId)}<x xmlns="urn:x">${script}</x>` }),
    ),
    shown('the ID of the Assertion', 'SLASH_SA04 document', (t) => t.signed().replaceAll(t.right.assertionId, inAttribute)),
    shown('an algorithm', 'SLASH_SA04 signature', (t) =>
      t.signed().replace(/(SignatureMethod Algorithm=")[^"]*/, (_all, start: string) => start + inAttribute),
    ),
    shown('a tag', 'SLASH_SA04 document', (t) => t.signed().replace('<samlp:Status>', '<script>alert(1)</script>$&')),
  ],
}
