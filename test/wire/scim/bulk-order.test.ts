import fc from 'fast-check'
import { parseBulk, splitCircle, type BulkOperation } from '../../../src/wire/scim/bulk'
import { bulkOrder, type BulkStep } from '../../../src/wire/scim/bulk-order'

type Json = Readonly<Record<string, unknown>>

const parsed = (Operations: readonly Json[]): readonly (BulkOperation | undefined)[] =>
  parseBulk({ Operations }).operations.map(({ operation }) => ('refused' in operation ? undefined : operation))

const post = (bulkId: string, ...refersTo: readonly string[]): Json => ({
  method: 'POST',
  path: '/Groups',
  bulkId,
  data: { displayName: `group ${bulkId}`, members: refersTo.map((one) => ({ value: `bulkId:${one}` })) },
})
const on = (method: string, id: string, ...refersTo: readonly string[]): Json => ({
  method,
  path: `/Groups/${id}`,
  data: { Operations: refersTo.map((one) => ({ op: 'add', path: 'members', value: [{ value: `bulkId:${one}` }] })) },
})

/** All steps, wave by wave, as `index` or `index.part`. */
function waves(operations: readonly (BulkOperation | undefined)[], limit = 100): readonly (readonly string[])[] {
  const order = bulkOrder(operations)
  const found: (readonly string[])[] = []
  for (;;) {
    const steps = order.next(limit)
    if (steps.length === 0) return found
    found.push(steps.map(named))
    order.done(steps)
  }
}
const named = ({ index, part }: BulkStep) => (part === 'whole' ? `${index}` : `${index}.${part}`)

describe('the order of a Bulk', () => {
  it.each<[rule: string, operations: readonly Json[], expected: readonly (readonly string[])[]]>([
    ['independent operations run together', [post('a'), post('b'), on('PATCH', 'x')], [['0', '1', '2']]],
    ['who refers waits for what is referred to', [post('a', 'b'), post('b', 'c'), post('c')], [['2'], ['1'], ['0']]],
    [
      'a circle is created, then joined',
      [post('a', 'b'), post('b', 'a')],
      [
        ['0.first', '1.first'],
        ['0.rest', '1.rest'],
      ],
    ],
    ['a reference to itself is a circle', [post('a', 'a')], [['0.first'], ['0.rest']]],
    [
      'who only refers to a circle is created whole, and changes of its members come after they are whole',
      [post('x', 'a'), on('PATCH', 'bulkId:a'), post('a', 'b'), post('b', 'a')],
      [['2.first', '3.first'], ['0', '2.rest', '3.rest'], ['1']],
    ],
    [
      'a circle that refers to others waits for them',
      [post('a', 'b', 'c'), post('b', 'a'), post('c')],
      [['1.first', '2'], ['0.first'], ['0.rest', '1.rest']],
    ],
    ['the same resource keeps its order', [on('PUT', 'x'), on('PATCH', 'X'), on('PATCH', 'y')], [['0', '2'], ['1']]],
    ['deletions take their turn', [post('a'), on('DELETE', 'x'), on('DELETE', 'y'), post('b')], [['0'], ['1', '2'], ['3']]],
    ['a reference goes before a turn', [on('PATCH', 'x', 'a'), on('DELETE', 'x'), post('a')], [['2'], ['0'], ['1']]],
    ['equal names keep their order', [post('a'), { ...post('b'), data: { displayName: 'GROUP A' } }], [['0'], ['1']]],
    ['what is refused waits for nobody', [post('a'), { method: 'GET' }], [['0', '1']]],
  ])('%s', (_rule, operations, expected) => {
    expect(waves(parsed(operations))).toEqual(expected)
  })

  it('is that of the request where one runs at a time and nothing refers', () => {
    const operations = parsed([post('a'), on('PATCH', 'x'), on('DELETE', 'x'), post('b'), on('PUT', 'y')])
    expect(waves(operations, 1)).toEqual([['0'], ['1'], ['2'], ['3'], ['4']])
  })

  it('runs every step once and after what it needs, whatever refers to whatever', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
    const operation = fc.oneof(
      fc.tuple(name, fc.array(name, { maxLength: 3 })).map(([id, to]) => post(id, ...to)),
      fc
        .tuple(
          fc.constantFrom('PUT', 'PATCH', 'DELETE'),
          fc.oneof(
            name.map((id) => `bulkId:${id}`),
            fc.constantFrom('x', 'y'),
          ),
          fc.array(name),
        )
        .map(([method, id, to]) => on(method, id, ...to)),
    )
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 5 }), (request, limit) => {
        const operations = parsed(request)
        const steps = waves(operations, limit).flat()
        expect(new Set(steps).size).toBe(steps.length)
        const position = new Map(steps.map((step, i) => [step.replace(/\.first$/, ''), i]))
        const creator = new Map(
          operations.flatMap((one, i) => (one?.bulkId === undefined ? [] : [[one.bulkId, `${i}`] as const])),
        )
        const { circleOf } = bulkOrder(operations)
        operations.forEach((one, i) => {
          expect(position.has(`${i}`)).toBe(true)
          for (const to of one?.references ?? []) {
            const needed = position.get(creator.get(to) ?? '')
            if (needed === undefined) continue
            const own = circleOf(i).has(to) ? `${i}.rest` : `${i}`
            expect(needed).toBeLessThan(position.get(own)!)
          }
        })
      }),
      { seed: 20_260_401, numRuns: 2_000 },
    )
  })

  it('is found in linear time', () => {
    const chain = Array.from({ length: 1_000 }, (_, i) => post(`${i}`, `${i + 1}`))
    const everyone = Array.from({ length: 1_000 }, (_, i) => `${i}`)
    const all = Array.from({ length: 30 }, (_, i) => post(`all${i}`, ...everyone))
    const started = performance.now()
    expect(waves(parsed(chain))).toHaveLength(1_000)
    expect(waves(parsed([...chain.slice(30), ...all])).flat()).toHaveLength(1_000)
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})

describe('a resource that refers to its circle', () => {
  it('is split into what can be created and what is added after', () => {
    const circle = new Set(['b'])
    const data = {
      userName: 'a',
      emails: [{ value: 'x' }, { value: 'bulkId:b' }],
      'urn:ext': { department: '総務', manager: { value: 'bulkId:b' } },
      title: 'bulkId:other',
    }
    const { first, rest } = splitCircle(data, circle)
    expect(first).toEqual({
      userName: 'a',
      emails: [{ value: 'x' }],
      'urn:ext': { department: '総務', manager: {} },
      title: 'bulkId:other',
    })
    expect(rest['Operations']).toEqual([
      { op: 'add', value: { emails: [{ value: 'bulkId:b' }], 'urn:ext': { manager: { value: 'bulkId:b' } } } },
    ])
  })
})
