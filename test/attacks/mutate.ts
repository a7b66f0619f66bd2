import { DOMParser, XMLSerializer } from '@xmldom/xmldom'
import fc from 'fast-check'

/** One change of a document; `at` and `to` are places in it, from 0 to 1. */
export type Mutation = {
  readonly level: 'byte' | 'token' | 'tree' | 'attribute'
  readonly edit: number
  readonly at: number
  readonly to: number
  readonly word: string
}

/** What attackers write, and what verifiers stumble over. */
const words = [
  ...[
    'victim',
    '',
    ' ',
    '\n',
    '&#0;',
    '&#x10ffff;',
    '&amp;',
    '&lt;',
    '<!---->',
    '<?x y?>',
    '<![CDATA[x]]>',
    ']]>',
    '\u0000',
    '\u2028',
  ],
  ...[
    '<x/>',
    '<x>',
    '</x>',
    '>',
    '<',
    '"',
    "'",
    '=',
    ' ID="_x"',
    ' xmlns=""',
    ' xmlns:saml="urn:x"',
    ' Id="_assertion"',
    'AAAA',
    '#',
  ],
  ...['<saml:NameID>victim</saml:NameID>', '<saml:Assertion/>', '<ds:Signature/>', '<ds:DigestValue>AAAA</ds:DigestValue>'],
  ...['2020-01-01T00:00:00Z', '2999-01-01T00:00:00Z', 'https://evil.example', 'none', 'é', '🍣', '\r\n', '\t'],
  ...[
    'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
    'http://www.w3.org/2000/09/xmldsig#',
    'urn:oasis:names:tc:SAML:2.0:assertion',
  ],
]

/** Evenly: doubles by chance are nearly all close to 0. */
const place = fc.noBias(fc.nat(9_999)).map((number) => number / 10_000)
const mutation: fc.Arbitrary<Mutation> = fc.record({
  level: fc.constantFrom('byte' as const, 'token' as const, 'tree' as const, 'attribute' as const),
  edit: fc.nat(99),
  at: place,
  to: place,
  word: fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 6 })),
})

/** One to three changes, one after the other. */
export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(mutation, { minLength: 1, maxLength: 3 })

export function mutated(xml: Buffer, list: readonly Mutation[]): Buffer {
  return list.reduce((bytes, one) => levels[one.level](bytes, one), xml)
}

const pick = <T>(list: readonly T[], at: number): T | undefined => list[Math.floor(at * list.length)]

const levels: Readonly<Record<Mutation['level'], (xml: Buffer, mutation: Mutation) => Buffer>> = {
  byte: (xml, { edit, at, to }) => {
    const [here, byte] = [Math.floor(at * xml.length), Math.floor(to * 256)]
    if (edit % 3 === 0) return Buffer.concat([xml.subarray(0, here), Buffer.of(byte), xml.subarray(here)])
    if (edit % 3 === 1) return Buffer.concat([xml.subarray(0, here), xml.subarray(here + 1 + (edit % 5))])
    const copy = Buffer.from(xml)
    copy[here] = edit % 2 === 0 ? byte : copy[here]! ^ (1 << (edit % 8))
    return copy
  },
  token: (xml, { edit, at, to, word }) => {
    const tokens = xml.toString('utf8').split(/(?=<)|(?<=>)/)
    const [from, other] = [Math.floor(at * tokens.length), Math.floor(to * tokens.length)]
    const taken = tokens[from] ?? ''
    if (edit % 6 === 0) tokens.splice(from, 1)
    else if (edit % 6 === 1) tokens.splice(other, 0, taken)
    else if (edit % 6 === 2) tokens.splice(from, 1, word)
    else if (edit % 6 === 3) tokens.splice(from, 0, word)
    else if (edit % 6 === 4) [tokens[from], tokens[other]] = [tokens[other] ?? '', taken]
    else tokens[from] = taken.slice(0, Math.floor(to * taken.length)) + word + taken.slice(Math.floor(to * taken.length))
    return Buffer.from(tokens.join(''))
  },
  tree: (xml, { edit, at, to, word }) =>
    onTree(xml, (elements, document) => {
      const [element, other] = [pick(elements, at), pick(elements, to)]
      if (!element || !other || !element.parentNode) return
      const copy = element.cloneNode(true)
      if (edit % 6 === 0) element.parentNode.removeChild(element)
      else if (edit % 6 === 1) other.appendChild(copy)
      else if (edit % 6 === 2) other.insertBefore(copy, other.firstChild)
      else if (edit % 6 === 3 && other.parentNode) other.parentNode.replaceChild(copy, other)
      else if (edit % 6 === 4) element.appendChild(document.createTextNode(word.replace(/[^\w ]/g, '')))
      else {
        const around = document.createElementNS(other.namespaceURI, other.nodeName)
        element.parentNode.replaceChild(around, element)
        around.appendChild(copy)
      }
    }),
  attribute: (xml, { edit, at, to, word }) =>
    onTree(xml, (elements) => {
      const owned = elements.flatMap((element) => Array.from(element.attributes).map((attribute) => ({ element, attribute })))
      const [found, other] = [pick(owned, at), pick(owned, to)]
      if (!found || !other) return
      const { element, attribute } = found
      if (edit % 5 === 0) element.removeAttribute(attribute.name)
      else if (edit % 5 === 1) element.setAttribute(attribute.name, word)
      else if (edit % 5 === 2) element.setAttribute(attribute.name, other.attribute.value)
      else if (edit % 5 === 3) element.setAttribute(other.attribute.name, other.attribute.value)
      else element.setAttribute(attribute.name, attribute.value.slice(0, Math.floor(to * attribute.value.length)) + word)
    }),
}

/** What is no tree any more stays as it is. */
function onTree(xml: Buffer, change: (elements: readonly Element[], document: Document) => void): Buffer {
  const quiet = { warning: () => undefined, error: () => undefined, fatalError: () => undefined }
  try {
    const document = new DOMParser({ errorHandler: quiet }).parseFromString(xml.toString('utf8'), 'text/xml')
    change(Array.from(document.getElementsByTagName('*')), document)
    return Buffer.from(new XMLSerializer().serializeToString(document))
  } catch {
    return xml
  }
}
