import fc from 'fast-check'
import { attributesOf, type Attribute, type ResourceKind } from '../../src/wire/scim/schema'
import { bulkRequestUrn, enterpriseUrn, groupUrn, patchUrn, userUrn } from '../../src/wire/scim/urns'

/** What clients send, made from the grammars of RFC 7643 and 7644 and then broken a little. Bodies are JSON texts, to hold what objects cannot. */

const nasty = [
  ...[
    '',
    ' ',
    '"',
    "'",
    '\\',
    '\\\\',
    '\\u',
    '\\ud83d',
    '%',
    '%00',
    '\u0000',
    '\n',
    '\u2028',
    '\ufeff',
    '\ud83d',
    '😀',
    'ﷺ',
    'İ',
    '－',
  ],
  ...['(', ')', '[', ']', '].', '.', '..', ':', ',', '$ref', '__proto__', 'constructor', 'prototype', 'toString', 'v--', '%24'],
  ...[
    '-5',
    '1e999',
    '-0',
    '00',
    '1e400',
    '99999999999999999999',
    'NaN',
    'true',
    'TRUE',
    'null',
    'undefined',
    'eq',
    'not',
    'and',
    'or',
    'pr',
  ],
  ...[
    "' OR 1=1 --",
    '*',
    '{}',
    '[]',
    'bulkId:',
    'bulkId:a',
    'urn:',
    'urn:ietf:params:scim:schemas:core:2.0:User:',
    enterpriseUrn,
  ],
]

const names = (kind: ResourceKind) =>
  attributesOf[kind].flatMap((one) => [one.name, ...(one.subAttributes ?? []).map((sub) => `${one.name}.${sub.name}`)])

const anyCase = (text: string) => fc.constantFrom(text, text, text, text.toUpperCase(), text.toLowerCase())

/** An attribute of the schema, in any case, with or without its URN; now and then one that is none. */
export function aPath(kind: ResourceKind): fc.Arbitrary<string> {
  const urns = kind === 'User' ? [userUrn, enterpriseUrn] : [groupUrn]
  return fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...names(kind)).chain(anyCase) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...urns), fc.constantFrom(...names(kind))).map((parts) => parts.join(':')) },
    { weight: 1, arbitrary: fc.constantFrom('schemas', 'shoeSize', 'name.shoe', 'emails.value.value', ...nasty) },
  )
}

const operator = fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'EQ', 'like')
const literal = fc.oneof(
  fc.constantFrom(
    '"taro"',
    '"a@example.jp"',
    '"work"',
    'true',
    'False',
    '"True"',
    'null',
    '42',
    '-1.5e3',
    '"2026-04-01T09:00:00Z"',
  ),
  fc.constantFrom(...nasty).map((text) => JSON.stringify(text)),
  fc.string().map((text) => JSON.stringify(text)),
)

const joiner = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom('and', 'or', 'AND') },
  { weight: 1, arbitrary: fc.constantFrom('not', 'constructor', '__proto__', '', ...nasty) },
)

export function aFilter(kind: ResourceKind): fc.Arbitrary<string> {
  const path = aPath(kind)
  const sub = fc.oneof(fc.constantFrom('type', 'value', 'primary', 'display', '$ref'), path)
  const comparison = (on: fc.Arbitrary<string>) =>
    fc.oneof(
      { weight: 4, arbitrary: fc.tuple(on, operator, literal).map((parts) => parts.join(' ')) },
      { weight: 1, arbitrary: on.map((one) => `${one} pr`) },
    )
  const tree = (leaf: fc.Arbitrary<string>) =>
    fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4, depthSize: 'small' },
        { weight: 4, arbitrary: leaf },
        {
          weight: 1,
          arbitrary: fc.tuple(tie('tree'), joiner, tie('tree')).map((parts) => parts.join(' ')),
        },
        { weight: 1, arbitrary: tie('tree').map((inner) => `(${inner})`) },
        { weight: 1, arbitrary: tie('tree').map((inner) => `not (${inner})`) },
      ),
    })).tree
  const element = fc
    .tuple(path, tree(comparison(sub)), fc.constantFrom('', '', '.value', '.type eq "x"', '.value pr'))
    .map(([list, inner, rest]) => `${list}[${inner}]${rest}`)
  return broken(tree(fc.oneof({ weight: 3, arbitrary: comparison(path) }, { weight: 1, arbitrary: element })))
}

export function aPatchPath(kind: ResourceKind): fc.Arbitrary<string> {
  const lists = attributesOf[kind].filter((one) => one.multiValued).map((one) => one.name)
  const filtered = fc
    .tuple(fc.constantFrom(...lists), aFilterInside, fc.constantFrom('', '', '.value', '.type', '.primary', '.x'))
    .map(([list, inner, rest]) => `${list}[${inner}]${rest}`)
  return broken(fc.oneof(aPath(kind), filtered))
}

const aFilterInside = fc
  .tuple(fc.constantFrom('type', 'value', 'primary', 'display', '$ref', 'TYPE', 'x'), operator, literal)
  .map((parts) => parts.join(' '))

/** Half of them as they are, the others with some characters taken out, doubled, changed, or something strange put in. */
export function broken(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const blow = fc.record({
    kind: fc.constantFrom('cut', 'double', 'put', 'end'),
    at: fc.nat({ max: 1_000 }),
    length: fc.integer({ min: 1, max: 12 }),
    strange: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...nasty) }, fc.string({ unit: 'binary', maxLength: 4 })),
  })
  const struck = fc.tuple(text, fc.array(blow, { minLength: 1, maxLength: 3 })).map(([whole, blows]) =>
    blows.reduce((now, { kind, at, length, strange }) => {
      const place = now.length === 0 ? 0 : at % now.length
      const rest = now.slice(place + length)
      if (kind === 'cut') return now.slice(0, place) + rest
      if (kind === 'double') return now.slice(0, place + length) + now.slice(place)
      return kind === 'end' ? now.slice(0, place) : now.slice(0, place) + strange + now.slice(place)
    }, whole),
  )
  return fc.oneof(text, struck)
}

/** A JSON text of any value, deep and strange ones too. */
const strangeJson = fc.oneof(
  fc.constantFrom(
    ...['null', 'true', 'false', '0', '-1', '1e999', '-1e-400', '123456789012345678901234567890', '""', '"a"', '"True"'],
  ),
  fc.constantFrom(
    ...['[]', '{}', '[[]]', '[null]', '[{}]', '{"value":null}', '{"value":{"value":"a"}}', '{"__proto__":{"value":"a"}}'],
  ),
  fc.constantFrom(
    ...['"\\u0000"', '"\\ud800"', '"\\ufeff"', '{"constructor":{"prototype":{"x":1}}}', '{"value":"a","value":"b"}'],
  ),
  fc.constantFrom(40, 400).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  fc.constantFrom(40, 400).map((depth) => '{"value":'.repeat(depth) + '1' + '}'.repeat(depth)),
  fc.constantFrom(300, 10_000).map((length) => `"${'あ'.repeat(length)}"`),
  fc.constantFrom(...nasty).map((text) => JSON.stringify(text)),
  fc.json({ maxDepth: 3 }),
)

function jsonObject(entries: readonly (readonly [string, string])[]): string {
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`
}

const aText = fc.constantFrom('"Taro"', '"山田"', '"a@example.jp"', '"work"', '"https://example.jp/x"', '"ja-JP"', '"x.y"')

function valueOf(attribute: Attribute, ids: readonly string[]): fc.Arbitrary<string> {
  const id = fc.constantFrom(...ids, 'nobody').map((one) => JSON.stringify(one))
  const simple =
    attribute.type === 'boolean'
      ? fc.constantFrom('true', 'false', '"True"', '"False"')
      : attribute.name === 'value' && attribute.caseExact
        ? id
        : aText
  const whole =
    attribute.type !== 'complex'
      ? simple
      : fc
          .subarray([...(attribute.subAttributes ?? [])], { minLength: 1 })
          .chain((subs) => fc.tuple(...subs.map((sub) => valueOf(sub, ids).map((value) => [sub.name, value] as const))))
          .map(jsonObject)
  const list = fc.oneof(
    fc.array(whole, { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
    whole,
  )
  return fc.oneof({ weight: 20, arbitrary: attribute.multiValued ? list : whole }, { weight: 1, arbitrary: strangeJson })
}

/** The attributes of a resource, some of them; strange keys now and then. */
export function attributesText(kind: ResourceKind, ids: readonly string[]): fc.Arbitrary<string> {
  const known = fc
    .subarray([...attributesOf[kind]], { maxLength: Math.min(6, attributesOf[kind].length) })
    .chain((some) => fc.tuple(...some.map((one) => fc.tuple(anyCase(one.name), valueOf(one, ids)))))
  const enterprise = fc.tuple(fc.constant(enterpriseUrn), fc.oneof(fc.constant('{"department":"D","manager":"x"}'), strangeJson))
  const dotted = fc.tuple(aPath(kind), fc.oneof(aText, strangeJson))
  const strange = fc.tuple(fc.constantFrom(...nasty), strangeJson)
  const more = fc.array(fc.oneof(enterprise, dotted, strange), { maxLength: 2 })
  return fc.tuple(known, more).map(([some, others]) => jsonObject([...some, ...others]))
}

/** A whole resource: with the names that it must have, which are often new. */
export function aResource(kind: ResourceKind, ids: readonly string[]): fc.Arbitrary<string> {
  const name = fc.oneof(
    { weight: 6, arbitrary: fc.nat({ max: 100_000 }).map((n) => `fuzz${n}`) },
    { weight: 1, arbitrary: fc.constantFrom('fuzz1', 'FUZZ1', ...nasty) },
  )
  const required = name.map((one) => [kind === 'User' ? 'userName' : 'displayName', JSON.stringify(one)] as const)
  return fc.tuple(required, attributesText(kind, ids)).map(([one, rest]) => {
    const head = jsonObject([['schemas', JSON.stringify([kind === 'User' ? userUrn : groupUrn])], one])
    return rest === '{}' ? head : `${head.slice(0, -1)},${rest.slice(1)}`
  })
}

export function aPatch(kind: ResourceKind, ids: readonly string[]): fc.Arbitrary<string> {
  const op = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom('"add"', '"replace"', '"remove"', '"Add"', '"Replace"', '"Remove"') },
    { weight: 1, arbitrary: fc.constantFrom('"move"', 'null', '1', '""') },
  )
  const changeable = attributesOf[kind].filter((one) => one.mutability === 'readWrite')
  const fitting = fc.constantFrom(...changeable).chain((attribute) => {
    const sub = fc.constantFrom(...(attribute.subAttributes ?? [attribute]))
    const whole = valueOf(attribute, ids).map((value) => [attribute.name, value] as const)
    const part = sub.chain((one) => valueOf(one, ids).map((value) => [`${attribute.name}.${one.name}`, value] as const))
    const chosen = sub.chain((one) =>
      valueOf(one, ids).map((value) => [`${attribute.name}[type eq "work"].${one.name}`, value] as const),
    )
    if (attribute.type !== 'complex') return whole
    return attribute.multiValued ? fc.oneof(whole, part, chosen) : fc.oneof(whole, part)
  })
  const wild = fc.tuple(aPatchPath(kind), fc.oneof(strangeJson, aText))
  const located = fc.oneof({ weight: 5, arbitrary: fitting }, { weight: 1, arbitrary: wild })
  const operation = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.tuple(op, located).map(([how, [path, value]]) =>
        jsonObject([
          ['op', how],
          ['path', JSON.stringify(path)],
          ['value', value],
        ]),
      ),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(op, attributesText(kind, ids)).map(([how, value]) =>
        jsonObject([
          ['op', how],
          ['value', value],
        ]),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(op, aPatchPath(kind)).map(([how, path]) =>
        jsonObject([
          ['op', how],
          ['path', JSON.stringify(path)],
        ]),
      ),
    },
  )
  const operations = fc.oneof(
    { weight: 9, arbitrary: fc.array(operation, { maxLength: 3 }).map((all) => `[${all.join(',')}]`) },
    { weight: 1, arbitrary: strangeJson },
  )
  const key = fc.oneof({ weight: 9, arbitrary: fc.constantFrom('Operations', 'operations') }, fc.constant('ops'))
  return fc.tuple(key, operations).map(([name, all]) =>
    jsonObject([
      ['schemas', JSON.stringify([patchUrn])],
      [name, all],
    ]),
  )
}

export function aBulk(ids: readonly string[]): fc.Arbitrary<string> {
  const kind = fc.constantFrom<ResourceKind>('User', 'Group')
  const operation = kind.chain((one) => {
    const place = fc.constantFrom(
      `/${one}s`,
      `/${one}s`,
      ...ids.map((id) => `/${one}s/${id}`),
      `/${one}s/bulkId:b1`,
      '/Bulk',
      '//',
      ...nasty,
    )
    return fc
      .record({
        method: fc.constantFrom('"POST"', '"POST"', '"PUT"', '"PATCH"', '"DELETE"', '"post"', '"GET"', '1'),
        path: place.map((text) => JSON.stringify(text)),
        bulkId: fc.option(fc.constantFrom('"b1"', '"b2"', '"b3"', '""', '1', '"__proto__"'), { nil: undefined }),
        version: fc.option(fc.constantFrom('"W/\\"1\\""', '"x"', '1'), { nil: undefined, freq: 8 }),
        data: fc.option(fc.oneof(aResource(one, [...ids, 'bulkId:b1', 'bulkId:b2']), aPatch(one, ids), strangeJson), {
          nil: undefined,
          freq: 8,
        }),
      })
      .map((parts) => jsonObject(Object.entries(parts).filter((entry): entry is [string, string] => entry[1] !== undefined)))
  })
  const operations = fc.array(operation, { maxLength: 6 }).map((all) => `[${all.join(',')}]`)
  const failOnErrors = fc.constantFrom('0', '1', '2', 'null', '-1', '"1"', '1e999')
  return fc
    .tuple(failOnErrors, fc.oneof({ weight: 9, arbitrary: operations }, { weight: 1, arbitrary: strangeJson }))
    .map(([errors, all]) =>
      jsonObject([
        ['schemas', JSON.stringify([bulkRequestUrn])],
        ['failOnErrors', errors],
        ['Operations', all],
      ]),
    )
}

/** What a list is asked for: the parameters of a query, or of a SearchRequest. */
export function listParameters(kind: ResourceKind): fc.Arbitrary<Readonly<Record<string, string>>> {
  const number = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom('1', '0', '-1', '10', '1000', '999999999', '+5', '') },
    { weight: 1, arbitrary: fc.constantFrom('1.5', '1e3', 'x', '٣', '9999999999', ...nasty) },
  )
  const paths = fc.array(aPath(kind), { maxLength: 4 }).map((all) => all.join(','))
  const maybe = (text: fc.Arbitrary<string>, freq = 2) => fc.option(text, { nil: undefined, freq })
  const some = fc
    .record({
      filter: maybe(aFilter(kind)),
      sortBy: fc.oneof(maybe(aPath(kind)), fc.constant('userName')),
      sortOrder: maybe(fc.oneof({ weight: 9, arbitrary: fc.constantFrom('ascending', 'DESCENDING', '') }, fc.constant('up'))),
      startIndex: maybe(number),
      count: maybe(number),
      cursor: maybe(fc.constantFrom('', '', 'x', 'AAAA', ...nasty)),
      attributes: maybe(paths),
      excludedAttributes: maybe(paths),
    })
    .map((query) => Object.fromEntries(Object.entries(query).filter(([, text]) => text !== undefined)))
  return some as fc.Arbitrary<Readonly<Record<string, string>>>
}
