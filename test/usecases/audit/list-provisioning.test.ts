import type { Actor } from '../../../src/domain/access/actor'
import type { ProvisioningLine } from '../../../src/domain/audit/provisioning-line'
import { createClient } from '../../../src/usecases/access/create-client'
import { listProvisioning, walkProvisioning, type ProvisioningFilter } from '../../../src/usecases/audit/list-provisioning'
import { RefusalBook } from '../../../src/usecases/audit/refusal-book'
import { aClient } from '../../kit/builders'
import { openUseCaseDeps, type UseCaseDeps } from '../../kit/use-case-deps'

const operator: Actor = { kind: 'operator', name: 'test' }
const entra = aClient('entra')
let deps: UseCaseDeps
beforeEach(async () => void (deps = await openUseCaseDeps()))
afterEach(() => deps.close())

/** Lines `from` to before `to`, a millisecond apart. */
const record = (from: number, to: number, label: (i: number) => string = String, actor: Actor = entra) =>
  deps.store.transact(async (tx) => {
    for (let i = from; i < to; i++) {
      deps.clock.advance(1)
      const object = { kind: 'user', id: label(i), label: label(i) } as const
      await tx.record({ actor, action: 'update user', operation: 'patch', object, dialect: new Set(['urnKey']) })
    }
  })
const refuse = async (detail: string) => {
  deps.clock.advance(1)
  const book = new RefusalBook(deps.clock)
  book.note({ actor: entra, address: '', requestId: 'r', operation: 'create', status: 400, detail, named: [] })
  await book.write(deps.store)
}
const name = (line: ProvisioningLine) => (line.result === 'ok' ? line.label : line.detail)
const list = (filter: ProvisioningFilter, limit = 50, before?: string) => listProvisioning(deps, operator, filter, limit, before)
const walk = async (filter: ProvisioningFilter) => {
  const names: string[] = []
  for await (const lines of await walkProvisioning(deps, operator, filter)) names.push(...lines.map(name))
  return names
}

describe('listProvisioning', () => {
  it('gives done and refused requests in one order, page by page, each once', async () => {
    await record(0, 3)
    await refuse('no')
    await record(3, 5)
    await refuse('never')
    const all = ['never', '4', '3', 'no', '2', '1', '0']
    expect((await list({})).lines.map(name)).toEqual(all)
    for (const limit of [1, 2, 3, 6, 7]) {
      const pages: string[][] = []
      for (let before: string | undefined; ;) {
        const { lines, next } = await list({}, limit, before)
        pages.push(lines.map(name))
        if (next === undefined) break
        before = next
      }
      expect(pages.flat()).toEqual(all)
      expect(pages).toHaveLength(Math.ceil(all.length / limit))
    }
    expect((await list({ result: 'refused' })).lines.map(name)).toEqual(['never', 'no'])
    expect((await list({ result: 'ok' }, 2)).lines.map(name)).toEqual(['4', '3'])
    expect((await list({ dialect: 'urnKey' })).lines).toHaveLength(5)
  })

  it('finds a client by its id and by its name, and says so when there is none', async () => {
    const client = await createClient(deps, operator, { name: 'Okta' })
    await record(0, 2)
    await record(2, 4, String, { ...entra, clientId: client.id, name: 'Okta' })
    expect((await list({ client: client.id })).lines.map(name)).toEqual(['3', '2'])
    expect((await list({ client: 'okta' })).lines.map(name)).toEqual(['3', '2'])
    await expect(list({ client: 'nobody' })).rejects.toMatchObject({ code: 'clientNotFound' })
  })

  it('looks at no more than about 100,000 lines for a page: what is rare comes on a later one', async () => {
    await record(0, 1, () => 'rare')
    await refuse('rare')
    const slice = deps.store.read.logs.done
    let slices = 0
    const many: typeof slice = async (_query, before, _limit) => {
      slices++
      return slices <= 60 ? { lines: [], seenTo: before ?? 'ffffffff' } : slice({}, undefined, 10)
    }
    const logs = { ...deps.store.read.logs, done: many }
    const store = Object.assign(Object.create(deps.store) as typeof deps.store, { read: { ...deps.store.read, logs } })
    const first = await listProvisioning({ store }, operator, { text: 'rare' }, 10)
    expect([first.lines, slices]).toEqual([[], 50])
    const second = await listProvisioning({ store }, operator, { text: 'rare' }, 10, first.next)
    expect([second.lines.map(({ result }) => result), second.next]).toEqual([['refused', 'ok'], undefined])
  })

  it('ends at the oldest line, however much the audit log keeps behind it', async () => {
    await record(0, 4_100, () => 'by hand', operator)
    await record(0, 1)
    const done = jest.spyOn(deps.store.read.logs, 'done')
    expect((await list({ text: 'nothing like it' })).next).toBeUndefined()
    expect(done).toHaveBeenCalledTimes(1)
  })

  it('is for a common administrator or the scope admin', async () => {
    const others = [entra, { kind: 'user', userId: entra.clientId as never, name: 'x', administrator: false } as const]
    for (const actor of others) {
      await expect(listProvisioning(deps, actor, {}, 10)).rejects.toMatchObject({ code: 'notAllowed' })
      await expect(walkProvisioning(deps, actor, {})).rejects.toMatchObject({ code: 'notAllowed' })
    }
    expect(await listProvisioning(deps, aClient('x', ['admin']), {}, 10)).toEqual({ lines: [] })
  })
})

describe('walkProvisioning', () => {
  it('gives every line once, and lets others have their turn', async () => {
    await record(0, 5_000)
    await refuse('no')
    let turns = 0
    const others = setInterval(() => turns++, 0)
    expect(await walk({})).toEqual(['no', ...Array.from({ length: 5_000 }, (_, i) => String(4_999 - i))])
    clearInterval(others)
    expect(turns).toBeGreaterThan(3)
  })

  it('does not see what comes meanwhile', async () => {
    await record(0, 1_500)
    const names: string[] = []
    for await (const lines of await walkProvisioning(deps, operator, {})) {
      names.push(...lines.map(name))
      await record(9_000, 9_010)
    }
    expect(names).toEqual(Array.from({ length: 1_500 }, (_, i) => String(1_499 - i)))
  })
})
