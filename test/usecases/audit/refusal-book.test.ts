import { newUuid } from '../../../src/ports/clock'
import type { Store } from '../../../src/ports/store'
import { RefusalBook, type Refusal } from '../../../src/usecases/audit/refusal-book'
import { aClient } from '../../kit/builders'
import { openUseCaseDeps, type UseCaseDeps } from '../../kit/use-case-deps'

const minute = 60_000
const entra = aClient('entra')

const refusal = (rest: Partial<Refusal> = {}): Refusal => ({
  actor: entra,
  address: '192.0.2.1',
  requestId: 'r',
  operation: 'create',
  objectKind: 'user',
  status: 409,
  scimType: 'uniqueness',
  detail: 'Another user has that login name already.',
  named: ['taro'],
  ...rest,
})

describe('RefusalBook', () => {
  let deps: UseCaseDeps
  let book: RefusalBook
  beforeEach(async () => {
    deps = await openUseCaseDeps()
    book = new RefusalBook(deps.clock)
  })
  afterEach(() => deps.close())
  const written = async () => {
    await book.write(deps.store)
    return (await deps.store.read.logs.refused({}, undefined, 10_000)).lines
  }

  it('adds up what differs only in whom it was about, with the first and the last', async () => {
    const first = deps.clock.now()
    for (const name of ['taro', 'taro.yamada+x-1@example.jp', '田中(仮)']) {
      const detail = `Another user has the login name ${name} already.`
      book.note(refusal({ named: [name, newUuid(first)], detail, requestId: name }))
      deps.clock.advance(minute)
    }
    expect(await written()).toEqual([
      {
        result: 'refused',
        id: expect.any(String) as string,
        at: first,
        lastAt: first + 2 * minute,
        count: 3,
        clientId: entra.clientId,
        clientName: 'entra',
        requestId: '田中(仮)',
        operation: 'create',
        objectKind: 'user',
        status: 409,
        scimType: 'uniqueness',
        detail: 'Another user has the login name … already.',
        objects: ['田中(仮)', expect.any(String), 'taro.yamada+x-1@example.jp', expect.any(String), 'taro', expect.any(String)],
      },
    ])
  })

  it('goes on adding after a write, and begins anew with the hour', async () => {
    book.note(refusal())
    await written()
    book.note(refusal({ named: ['jiro'] }))
    expect(await written()).toMatchObject([{ count: 2, objects: ['jiro', 'taro'] }])
    expect(await written()).toMatchObject([{ count: 2 }])
    deps.clock.advance(60 * minute)
    book.note(refusal())
    expect(await written()).toMatchObject([{ count: 1 }, { count: 2 }])
  })

  it.each<[what: string, rest: Partial<Refusal>]>([
    ['client', { actor: aClient('okta') }],
    ['operation', { operation: 'patch' }],
    ['resource type', { objectKind: 'group' }],
    ['status', { status: 400 }],
    ['scimType', { scimType: 'invalidValue' }],
    ['reason', { detail: 'Another reason.' }],
  ])('tells another %s apart', async (_what, rest) => {
    book.note(refusal())
    book.note(refusal(rest))
    expect(await written()).toHaveLength(2)
  })

  it('tells wrong tokens by their address, and a client that asks too often by its name, however long it is to wait', async () => {
    const { actor: _actor, ...nobody } = refusal({ status: 401, operation: 'read' })
    for (const address of ['192.0.2.1', '192.0.2.1', '192.0.2.2']) book.note({ ...nobody, address })
    for (const wait of [3, 12]) book.note(refusal({ status: 429, operation: 'read', detail: `Wait ${wait} s.` }))
    const lines = await written()
    expect(lines.map(({ clientName, address, status, count }) => ({ clientName, address, status, count }))).toEqual(
      expect.arrayContaining([
        { address: '192.0.2.1', status: 401, count: 2 },
        { address: '192.0.2.2', status: 401, count: 1 },
        { clientName: 'entra', status: 429, count: 2 },
      ]),
    )
    expect(lines).toHaveLength(3)
  })

  it.each<[what: string, rest: Partial<Refusal>]>([
    ['a read of a client that found nothing', { operation: 'read', status: 404 }],
    ['a failure of ours', { status: 503 }],
    ['a person at the console', { actor: { kind: 'user', userId: entra.clientId as never, name: 'x', administrator: true } }],
  ])('notes nothing of %s', async (_what, rest) => {
    book.note(refusal(rest))
    expect(await written()).toEqual([])
  })

  it('stays small whatever comes, and counts all of it', async () => {
    const { actor: _actor, ...nobody } = refusal({ status: 401 })
    for (let i = 0; i < 3_000; i++) {
      book.note(refusal({ detail: `reason ${i} of many`, named: ['x'.repeat(100_000)] }))
      book.note({ ...nobody, address: `10.0.${i >> 8}.${i & 255}` })
    }
    const lines = await written()
    expect(lines).toHaveLength(1_102)
    expect(lines.reduce((sum, line) => sum + line.count, 0)).toBe(6_000)
    expect(
      lines.filter(({ detail }) => detail.startsWith('Other reasons')).map(({ count, clientName }) => [clientName, count]),
    ).toEqual(
      expect.arrayContaining([
        ['entra', 2_000],
        [undefined, 2_900],
      ]),
    )
    expect(Math.max(...lines.map(({ objects }) => JSON.stringify(objects).length))).toBeLessThan(3_000)
  })

  it('keeps what could not be written', async () => {
    book.note(refusal())
    const down = { transact: () => Promise.reject(new Error('down')) } as unknown as Store
    await expect(book.write(down)).rejects.toThrow('down')
    deps.clock.advance(120 * minute)
    book.note(refusal())
    expect(await written()).toMatchObject([{ count: 1 }, { count: 1 }])
  })
})
