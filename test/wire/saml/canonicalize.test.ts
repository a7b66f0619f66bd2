import { DOMParser } from '@xmldom/xmldom'
import fc from 'fast-check'
import { ExclusiveCanonicalization } from 'xml-crypto'
import { canonicalize } from '../../../src/wire/saml/canonicalize'
import { parseXml, type XmlElement } from '../../../src/wire/saml/xml'

const parse = (xml: string) => parseXml(xml, { maxCharacters: 1_000_000, comments: 'refused' })
const of = (xml: string, inclusive: readonly string[] = []) => canonicalize(parse(xml), inclusive)

describe('canonicalize', () => {
  it.each<readonly [string, string, string]>([
    ['empty elements become pairs', '<a/>', '<a></a>'],
    ['blanks in tags go, quotes become double', `<a  b = '"' ></a >`, '<a b="&quot;"></a>'],
    [
      'attributes in order of namespace, then name',
      '<a xmlns:y="urn:1" xmlns:x="urn:2" x:a="" y:b="" y:a="" z="" b=""/>',
      '<a xmlns:x="urn:2" xmlns:y="urn:1" b="" z="" y:a="" y:b="" x:a=""></a>',
    ],
    [
      'what no name uses is not declared',
      '<a xmlns="urn:d" xmlns:x="urn:x" xmlns:y="urn:y" y:b=""/>',
      '<a xmlns="urn:d" xmlns:y="urn:y" y:b=""></a>',
    ],
    [
      '… but where it is used',
      '<a xmlns:x="urn:x"><b/><x:c><x:d/></x:c><x:e/></a>',
      '<a><b></b><x:c xmlns:x="urn:x"><x:d></x:d></x:c><x:e xmlns:x="urn:x"></x:e></a>',
    ],
    [
      'a prefix that means something else, and the first again',
      '<x:a xmlns:x="urn:1"><x:b xmlns:x="urn:2"><x:c xmlns:x="urn:1"/></x:b></x:a>',
      '<x:a xmlns:x="urn:1"><x:b xmlns:x="urn:2"><x:c xmlns:x="urn:1"></x:c></x:b></x:a>',
    ],
    [
      'no default namespace any more',
      '<a xmlns="urn:d"><b xmlns=""><c/><d xmlns="urn:d"/></b></a>',
      '<a xmlns="urn:d"><b xmlns=""><c></c><d xmlns="urn:d"></d></b></a>',
    ],
    ['xml: is never declared', '<a xml:lang="ja" b=""/>', '<a b="" xml:lang="ja"></a>'],
    [
      'text and its references',
      '<a>&lt;&gt;&amp;"\'&#13;\r\n\r&#x9;&#x1F600;\u0085\u2028</a>',
      '<a>&lt;&gt;&amp;"\'&#xD;\n\n\t\u{1F600}\u0085\u2028</a>',
    ],
    ['values and their references', '<a b="&lt;>&amp;\'&#13;&#10;&#9;\r\n\t\n"/>', '<a b="&lt;>&amp;\'&#xD;&#xA;&#x9;   "></a>'],
  ])('%s', (_what, xml, canonical) => {
    expect(of(xml)).toBe(canonical)
  })

  it('declares inclusive prefixes where they come into scope, used or not', () => {
    const xml = '<a xmlns:x="urn:1" xmlns:y="urn:y"><b xmlns:x="urn:2"/><c/></a>'
    expect(of(xml, ['x', 'z', 'xml'])).toBe('<a xmlns:x="urn:1"><b xmlns:x="urn:2"></b><c></c></a>')
    const withDefault = '<x:a xmlns="urn:d" xmlns:x="urn:x"><x:b xmlns=""/></x:a>'
    expect(of(withDefault, [''])).toBe('<x:a xmlns="urn:d" xmlns:x="urn:x"><x:b xmlns=""></x:b></x:a>')
  })

  it('leaves out what is omitted, alone', () => {
    const root = parse('<a>1<s><x/></s>2<s/></a>')
    expect(canonicalize(root, [], root.children[0])).toBe('<a>12<s></s></a>')
  })

  it('ends before namespaces that are written again and again fill the memory', () => {
    const xml = `<a xmlns:x="${'u'.repeat(30_000)}">${'<x:b/>'.repeat(9_000)}</a>`
    expect(() => of(xml)).toThrow('namespaces that are repeated without end')
  })

  const text = fc.string({
    unit: fc.constantFrom(
      'a',
      ' ',
      '\n',
      '\t',
      '\r',
      '\r\n',
      '&amp;',
      '&lt;',
      '&gt;',
      '>',
      '"',
      "'",
      '&#13;',
      '&#10;',
      '&#x9;',
      '鏡',
      '😀',
    ),
    maxLength: 8,
  })
  const value = text.map((written) => written.replaceAll('"', '&quot;'))
  const prefix = fc.constantFrom('', 'p', 'q', 'r')
  /** Every prefix is declared at the root, none is taken back, and no namespace begins with another: there xml-crypto strays. */
  const node = fc.letrec<{ element: string; content: string }>((tie) => ({
    content: fc
      .array(fc.oneof({ depthSize: 'small', maxDepth: 5 }, text, tie('element')), { maxLength: 4 })
      .map((parts) => parts.join('')),
    element: fc
      .record({
        prefix,
        name: fc.constantFrom('a', 'b', 'c'),
        declared: fc.option(fc.tuple(prefix, fc.integer({ min: 1e8, max: 9e8 })), { nil: undefined }),
        attributes: fc.uniqueArray(fc.record({ prefix, name: fc.constantFrom('v', 'w', 'z'), value }), {
          maxLength: 4,
          selector: (one) => `${one.prefix}:${one.name}`,
        }),
        content: tie('content'),
      })
      .map(({ prefix, name, declared, attributes, content }) => {
        const qualified = (before: string, local: string) => (before === '' ? local : `${before}:${local}`)
        const declaration = declared ? ` ${declared[0] === '' ? 'xmlns' : `xmlns:${declared[0]}`}="urn:x:${declared[1]}"` : ''
        const written = attributes.map((one) => `${qualified(one.prefix, one.name)}="${one.value}"`)
        return `<${[qualified(prefix, name) + declaration, ...written].join('\n ')}>${content}</${qualified(prefix, name)} >`
      }),
  }))

  it('writes what xml-crypto writes', () => {
    fc.assert(
      fc.property(node.element, fc.subarray(['p', 'q', 's']), (element, inclusive) => {
        const xml = `<root xmlns="urn:d" xmlns:p="urn:p" xmlns:q="urn:q" xmlns:r="urn:r"><around>${element}</around></root>`
        const dom = new DOMParser({
          normalizeLineEndings: (input: string) => input.replace(/\r\n?/g, '\n'),
        } as never).parseFromString(xml, 'text/xml')
        const apex = dom.documentElement.firstChild!.firstChild as unknown as Element
        // what the apex declares itself, xml-crypto would take from around it
        const around = ['p', 'q', 'r'].filter((one) => !apex.hasAttribute(`xmlns:${one}`))
        const ancestorNamespaces = around.map((one) => ({ prefix: one, namespaceURI: `urn:${one}` }))
        const theirs = new ExclusiveCanonicalization().process(apex, {
          inclusiveNamespacesPrefixList: inclusive,
          ancestorNamespaces,
        })
        const ours: XmlElement = parse(xml).children[0]!.children[0]!
        expect(canonicalize(ours, inclusive)).toBe(theirs)
      }),
      { numRuns: 2_000, seed: 1 },
    )
  })

  it('writes what can be read again, and then writes it the same', () => {
    fc.assert(
      fc.property(node.element, (element) => {
        const xml = `<root xmlns="urn:d" xmlns:p="urn:p" xmlns:q="urn:q" xmlns:r="urn:r">${element}</root>`
        const once = of(xml)
        expect(of(once)).toBe(once)
      }),
      { numRuns: 1_000, seed: 2 },
    )
  })
})
