import type { Actor } from '../../../src/domain/access/actor'
import type { RefusedLine } from '../../../src/domain/audit/provisioning-line'
import { newUuid } from '../../../src/ports/clock'
import type { RecordedChange } from '../../../src/ports/store'
import type { ProvisioningQuery } from '../../../src/ports/store/logs'
import { aClient, start } from '../../kit/builders'
import type { OpenStore, StoreUnderTest } from './under-test'

const minute = 60_000
const operator: Actor = { kind: 'operator', name: 'test' }
const [entra, okta] = [aClient('entra'), aClient('okta')]

/** The provisioning log, a part of the audit log, and its refusals. */
export function logsContract(open: OpenStore): void {
  let at: StoreUnderTest
  beforeEach(async () => void (at = await open()))
  afterEach(() => at.close())

  const record = async (label: string, rest: Partial<RecordedChange> = {}) => {
    await at.store.transact((tx) =>
      tx.record({ actor: entra, action: 'update user', operation: 'patch', object: { kind: 'user', id: label, label }, ...rest }),
    )
    at.clock.advance(minute)
  }
  const refusal = (kindHash: string, rest: Partial<RefusedLine> = {}) => ({
    result: 'refused' as const,
    id: newUuid(at.clock.now()),
    kindHash,
    at: at.clock.now(),
    lastAt: at.clock.now(),
    count: 1,
    requestId: 'r',
    operation: 'create' as const,
    status: 409,
    detail: 'taken',
    objects: ['taro'],
    ...rest,
  })
  const refuse = (...refusals: readonly ReturnType<typeof refusal>[]) => at.store.transact((tx) => tx.logs.addRefusals(refusals))
  const labels = async (query: ProvisioningQuery, limit = 100, before?: string) =>
    (await at.store.read.logs.done(query, before, limit)).lines.map((line) => line.label)

  it('is what clients did, newest first, with what changed and the habits it was written in', async () => {
    await record('taro', {
      action: 'add user',
      operation: 'create',
      detail: { changes: [{ attribute: 'userName', to: 'taro' }], restored: true },
      dialect: new Set(['stringBoolean', 'capitalisedOp']),
      actor: { ...entra, address: '192.0.2.1', requestId: 'r-1' },
    })
    await record('by hand', { actor: operator })
    await record('jiro')
    const { lines, seenTo } = await at.store.read.logs.done({}, undefined, 10)
    expect(seenTo).toBeUndefined()
    expect(lines.map((line) => line.label)).toEqual(['jiro', 'taro'])
    expect(lines[1]).toEqual({
      result: 'ok',
      id: expect.any(String) as string,
      at: start,
      clientId: entra.clientId,
      clientName: 'entra',
      address: '192.0.2.1',
      requestId: 'r-1',
      operation: 'create',
      action: 'add user',
      objectKind: 'user',
      objectId: 'taro',
      label: 'taro',
      changes: [{ attribute: 'userName', to: 'taro' }],
      restored: true,
      dialect: ['stringBoolean', 'capitalisedOp'],
    })
  })

  it('is found by client, object, name, operation, time, habit and text', async () => {
    await record('Taro', { detail: { changes: [{ attribute: 'title', to: '課長 100%' }] } })
    await record('jiro', { actor: okta, dialect: new Set(['dottedKey']), operation: 'replace' })
    await record('saburo', { dialect: new Set(['stringBoolean', 'urnKey']) })
    await record('TARO', { object: { kind: 'user', id: 'other', label: 'TARO' } })
    const found = async (query: ProvisioningQuery) => (await labels(query)).join(' ')
    expect(await found({ clientId: okta.clientId })).toBe('jiro')
    expect(await found({ objectId: 'other' })).toBe('TARO')
    expect(await found({ objectId: 'other', clientId: okta.clientId })).toBe('')
    expect(await found({ name: 'taro' })).toBe('TARO Taro')
    expect(await found({ operation: 'replace' })).toBe('jiro')
    expect(await found({ from: start + minute, to: start + 3 * minute })).toBe('saburo jiro')
    expect(await found({ dialect: 'urnKey' })).toBe('saburo')
    expect(await found({ dialect: 'Key' })).toBe('')
    expect(await found({ text: '課長' })).toBe('Taro')
    expect(await found({ text: '100%' })).toBe('Taro')
    expect(await found({ text: '1%0' })).toBe('')
    expect(await found({ text: 'tar', clientId: entra.clientId, from: start + minute })).toBe('TARO')
  })

  it('goes on where a slice ended, and looks no further than a few thousand lines for what is rare', async () => {
    await record('rare')
    await at.store.transact(async (tx) => {
      for (let i = 0; i < 2_100; i++)
        await tx.record({ actor: entra, action: 'update user', object: { kind: 'user', id: 'often', label: 'often' } })
    })
    const one = await at.store.read.logs.done({}, undefined, 2)
    expect(one).toMatchObject({ lines: [{ label: 'often' }, { label: 'often' }], seenTo: one.lines[1]!.id })
    const slices: string[][] = []
    for (let before: string | undefined; ;) {
      const { lines, seenTo } = await at.store.read.logs.done({ name: 'rare' }, before, 2)
      slices.push(lines.map((line) => line.label))
      if (seenTo === undefined) break
      before = seenTo
    }
    expect(slices).toEqual([[], ['rare']])
  })

  it('adds refusals of one kind up, keeps when they began, and finds them by what they named', async () => {
    await refuse(
      refusal('a'),
      refusal('b', { clientId: okta.clientId, clientName: 'okta', objectKind: 'group', objects: ['g%1'] }),
    )
    const begun = at.clock.now()
    at.clock.advance(minute)
    await refuse(refusal('a', { count: 5, objects: ['Jiro', 'e-1'], requestId: 'last', scimType: 'uniqueness' }))
    const found = async (query: ProvisioningQuery) => (await at.store.read.logs.refused(query, undefined, 10)).lines
    expect(await found({ name: 'jiro' })).toEqual([
      {
        result: 'refused',
        id: expect.any(String) as string,
        at: begun,
        lastAt: begun + minute,
        count: 6,
        requestId: 'last',
        operation: 'create',
        status: 409,
        detail: 'taken',
        objects: ['Jiro', 'e-1'],
      },
    ])
    expect(await found({ name: 'iro' })).toEqual([])
    expect(await found({ name: 'g%1' })).toMatchObject([{ clientName: 'okta', objectKind: 'group' }])
    expect(await found({ objectId: 'e-1' })).toHaveLength(1)
    expect(await found({ clientId: okta.clientId })).toHaveLength(1)
    expect(await found({ text: 'TAKEN' })).toHaveLength(2)
    expect(await found({ operation: 'patch' })).toEqual([])
    expect(await found({ from: begun + 1 })).toEqual([])
  })

  it('lets its oldest lines go, whosoever client they are of: the audit log keeps them until their time', async () => {
    for (const [i, actor] of [entra, okta, operator, entra, okta].entries())
      await record(String(i), { actor, dialect: new Set(['urnKey']) })
    const { logs } = at.store.read
    expect((await logs.done({ objectId: '0' }, undefined, 1)).lines[0]!.id).toBe(await logs.oldest('done'))
    expect(await logs.count('done', start, start + 4 * minute)).toBe(3)
    const letGo = (limit: number, before?: number) => at.store.transact((tx) => tx.logs.letGo('done', limit, before))
    expect(await letGo(10, start)).toBe(0)
    expect(await letGo(10, start + minute)).toBe(1)
    expect(await letGo(1)).toBe(1)
    expect(await labels({})).toEqual(['4', '3'])
    expect(await at.query(`SELECT label FROM audit_line WHERE operation IS NULL AND dialect IS NULL ORDER BY id`)).toMatchObject([
      { label: '0' },
      { label: '1' },
    ])
    const purge = (before: number) => at.store.transact((tx) => tx.logs.purge(before, 10))
    expect(await purge(start + 5 * minute)).toBe(3)
    expect(await labels({})).toEqual(['4', '3'])
    expect(await letGo(10)).toBe(2)
    expect(await purge(start + 4 * minute)).toBe(1)
    expect(await logs.countAudit()).toBe(1)
    expect(await logs.oldest('done')).toBeUndefined()
  })

  it('keeps a refusal whatever it names: halves of characters, zeros, quotes', async () => {
    const objects = ['\ud83c', '\udf63x', 'a\u0000b', `'"\\`, '🍣', '\\ud83c']
    await refuse(refusal('odd', { objects, detail: `\ud83c and \u0000 and '"\\`, clientName: '\ud83c', requestId: 'r' }))
    const { lines } = await at.store.read.logs.refused({ name: '🍣' }, undefined, 10)
    expect(lines).toMatchObject([{ objects: ['\ufffd', '\ufffdx', 'a\u0000b', `'"\\`, '🍣', '\\ud83c'] }])
    await record('odd', { detail: { changes: [{ attribute: 'title', to: '\ud83c \u0000' }] } })
    expect(await labels({ name: 'odd' })).toEqual(['odd'])
  })

  it('lets its oldest refusals go', async () => {
    for (const kind of ['a', 'b', 'c']) {
      await refuse(refusal(kind, { detail: kind }))
      at.clock.advance(minute)
    }
    const letGo = (limit: number, before?: number) => at.store.transact((tx) => tx.logs.letGo('refused', limit, before))
    expect(await at.store.read.logs.count('refused', start, start + 2 * minute)).toBe(2)
    expect(await letGo(10, start + minute)).toBe(1)
    expect(await letGo(1)).toBe(1)
    expect((await at.store.read.logs.refused({}, undefined, 10)).lines).toMatchObject([{ detail: 'c' }])
  })
}
