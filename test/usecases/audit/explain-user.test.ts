import { createUser } from '../../../src/usecases/directory/create-user'
import { deleteUser } from '../../../src/usecases/directory/delete-user'
import { explainUser } from '../../../src/usecases/audit/explain-user'
import { RefusalBook } from '../../../src/usecases/audit/refusal-book'
import type { UserId } from '../../../src/domain/ids'
import type { AccountName } from '../../../src/domain/mirror/account'
import type { WorkResult } from '../../../src/ports/store/mirror'
import { aClient, aLink, aUser } from '../../kit/builders'
import { openUseCaseDeps, type UseCaseDeps } from '../../kit/use-case-deps'

const operator = { kind: 'operator', name: 'test' } as const
const entra = aClient('entra')
let deps: UseCaseDeps
beforeEach(async () => void (deps = await openUseCaseDeps()))
afterEach(() => deps.close())

const create = async (loginName: string, externalId: string): Promise<UserId> => {
  const attributes = { loginName: aUser({ loginName }).loginName, status: 'inUse', externalId, profile: {} } as const
  return (await createUser(deps, entra, { attributes })).user.id
}
const settle = (target: 'chat' | 'mail', result: (id: UserId) => WorkResult) =>
  deps.store.transact(async (tx) => {
    const { fence, work } = await tx.mirror.claim(target, 100, 60_000)
    await tx.mirror.settle(target, fence, new Map(work.map(({ objectId }) => [objectId, result(objectId)])))
  })
const inStep = (id: UserId): WorkResult => ({ kind: 'done', link: aLink(id, { accountName: 'taro' as AccountName }) })
const refuse = async (named: readonly string[]) => {
  const book = new RefusalBook(deps.clock)
  book.note({ actor: entra, address: '', requestId: 'r', operation: 'patch', status: 400, detail: 'Not so.', named })
  await book.write(deps.store)
}
const summaryOf = async (who: string) => (await explainUser(deps, operator, who)).summary.join('\n')

describe('explainUser', () => {
  it('finds a person by id and by userName in any case, and tells that nothing hinders him', async () => {
    const id = await create('taro', 'e-1')
    for (const target of ['chat', 'mail'] as const) await settle(target, inStep)
    for (const who of [id, id.toUpperCase(), 'taro', 'TARO']) {
      expect(await explainUser(deps, operator, who)).toMatchObject({
        id,
        loginName: 'taro',
        summary: ['Nothing hinders: everything is in step.'],
      })
    }
  })

  it('tells work that waits, a dead letter and an outage', async () => {
    await create('taro', 'e-1')
    expect(await summaryOf('taro')).toMatch(/^chat work: It is due.*\nmail work: It is due/)
    await settle('chat', inStep)
    await settle('mail', () => ({ kind: 'deadLetter', reason: 'No such domain.' }))
    expect(await summaryOf('taro')).toMatch(/^mail work: No such domain\./)
    await deps.store.transact((tx) => tx.mirror.setOutage('chat', 'connect ECONNREFUSED'))
    expect(await summaryOf('taro')).toMatch(/^mail work: .*\nchat: It has not answered since .*ECONNREFUSED/)
    await deps.store.transact((tx) => tx.mirror.setOutage('chat', undefined))
    expect(await summaryOf('taro')).not.toContain('ECONNREFUSED')
  })

  it.each(['taro', 'e-1', 'id'])('tells a refusal that names him by %s, and one of who was never there', async (named) => {
    const id = await create('taro', 'e-1')
    deps.clock.advance(1_000)
    await refuse([named === 'id' ? id : named])
    expect(await summaryOf('taro')).toMatch(/^SCIM: entra was refused at .*: patch, 400: Not so\./)
    await refuse(['nobody'])
    expect(await summaryOf('nobody')).toMatch(/^SCIM: entra was refused/)
  })

  it('tells of a deleted person when, and what of his accounts is left', async () => {
    const id = await create('taro', 'e-1')
    for (const target of ['chat', 'mail'] as const) await settle(target, inStep)
    deps.clock.advance(1_000)
    await deleteUser(deps, entra, id)
    const { hops } = await explainUser(deps, operator, 'taro')
    expect(hops.slice(0, 2)).toMatchObject([
      { hop: 'scim', state: 'ok', text: expect.stringContaining('delete') as string },
      { hop: 'directory', state: 'none', since: deps.clock.now() },
    ])
    expect(await summaryOf(id)).toContain('chat account: taro is still to be removed.')
  })

  it('tells who is near where nobody has the name', async () => {
    await create('taro.yamada', 'e-1')
    const { id, hops } = await explainUser(deps, operator, 'tarou')
    expect([id, hops[1]!.text]).toEqual([undefined, 'There is no user tarou, by id or userName. Near: taro.yamada.'])
  })

  it('is for a common administrator or the scope admin', async () => {
    await expect(explainUser(deps, entra, 'taro')).rejects.toMatchObject({ code: 'notAllowed' })
  })
})
