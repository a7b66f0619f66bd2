import { newUuid } from '../../../src/ports/clock'
import { trimProvisioning } from '../../../src/usecases/audit/trim-provisioning'
import { aClient } from '../../kit/builders'
import { openUseCaseDeps, type UseCaseDeps } from '../../kit/use-case-deps'

const minute = 60_000
const day = 24 * 60 * minute

describe('trimProvisioning', () => {
  let deps: UseCaseDeps
  beforeEach(async () => void (deps = await openUseCaseDeps()))
  afterEach(() => deps.close())

  const clients = [aClient('entra'), aClient('okta')]
  const record = (n: number) =>
    deps.store.transact(async (tx) => {
      for (let i = 0; i < n; i++) {
        deps.clock.advance(1)
        const object = { kind: 'user', id: String(i), label: String(deps.clock.now()) } as const
        await tx.record({ actor: clients[i % 2]!, action: 'update user', operation: 'patch', object })
      }
    })
  const refuse = (n: number) =>
    deps.store.transact((tx) =>
      tx.logs.addRefusals(
        Array.from({ length: n }, (_, i) => ({
          result: 'refused' as const,
          id: newUuid(deps.clock.now() + i),
          kindHash: `${deps.clock.now()} ${i}`,
          at: deps.clock.now() + i,
          lastAt: deps.clock.now() + i,
          count: 1,
          requestId: 'r',
          operation: 'create' as const,
          status: 400,
          detail: String(i),
          objects: [],
        })),
      ),
    )
  const trim = (days: number, rows: number) => trimProvisioning(deps, { days, rows })
  const labels = async () => (await deps.store.read.logs.done({}, undefined, 10_000)).lines.map((line) => line.label)
  const details = async () => (await deps.store.read.logs.refused({}, undefined, 10_000)).lines.map((line) => line.detail)

  it('keeps no more lines than asked for, the newest ones of all clients, however many went before', async () => {
    await record(2_500)
    const all = await labels()
    deps.clock.advance(11 * minute)
    expect(await trim(90, 100)).toBe(2_400)
    expect(await labels()).toEqual(all.slice(0, 100))
    expect(await trim(90, 100)).toBe(0)
    await record(7)
    deps.clock.advance(11 * minute)
    expect(await trim(90, 100)).toBe(7)
    expect(await labels()).toHaveLength(100)
    expect(await deps.store.read.logs.countAudit()).toBe(2_507)
  })

  it('keeps no line longer than asked for, and counts what went by its age', async () => {
    await record(10)
    deps.clock.advance(day)
    await record(5)
    deps.clock.advance(11 * minute)
    expect(await trim(2, 100)).toBe(0)
    deps.clock.advance(day)
    expect(await trim(2, 100)).toBe(10)
    expect(await trim(2, 4)).toBe(1)
    expect(await labels()).toHaveLength(4)
  })

  it('bounds refusals alike', async () => {
    await refuse(30)
    deps.clock.advance(11 * minute)
    expect(await trim(90, 20)).toBe(10)
    expect(await details()).toEqual(Array.from({ length: 20 }, (_, i) => String(29 - i)))
    deps.clock.advance(91 * day)
    expect(await trim(90, 20)).toBe(20)
  })
})
