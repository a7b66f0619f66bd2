import { TargetDown, type ChatTarget } from '../../../src/ports/targets'
import { changeGroup } from '../../../src/usecases/directory/change-group'
import { createGroup } from '../../../src/usecases/directory/create-group'
import { deleteGroup } from '../../../src/usecases/directory/delete-group'
import { runGroupSync } from '../../../src/usecases/mirror/run-group-sync'
import { showGroupSync } from '../../../src/usecases/mirror/show-group-sync'
import { startGroupSync } from '../../../src/usecases/mirror/start-group-sync'
import { entra, openMirrored, type Mirrored } from './mirrored'

const operator = { kind: 'operator', name: 'root' } as const

describe('group sync (C20, C21)', () => {
  let at: Mirrored
  beforeEach(async () => void (at = await openMirrored()))
  afterEach(() => at.close())
  const sync = async (chat: ChatTarget = at.chat) => {
    at.clock.advance(1)
    await startGroupSync(at, operator)
    await runGroupSync({ store: at.store, chat }, 'node')
    return (await showGroupSync(at, operator)).last
  }
  const shown = async () => (await at.chat.listGroups(undefined, 10)).map(({ label, members }) => [label, members])

  it('brings groups, their people and those of groups inside into chat, only when it is asked for', async () => {
    const [a, b] = [await at.create('a'), await at.create('b')]
    await at.mirror()
    const inner = await createGroup(at, entra, { name: '営業部', memberIds: [a.id] })
    const outer = await createGroup(at, entra, { name: '全社', memberIds: [b.id, inner.id] })
    expect(await runGroupSync(at, 'node')).toBe(false)
    expect(await shown()).toEqual([])
    expect(await sync()).toMatchObject({ state: 'succeeded', total: 2, done: 2, failed: 0, requestedBy: 'root' })
    expect(new Set(await shown())).toEqual(
      new Set([
        ['営業部', ['a']],
        ['全社', ['a', 'b']],
      ]),
    )
    await changeGroup(at, entra, inner.id, { name: '総務部', members: [{ kind: 'remove', ids: [a.id] }] })
    await deleteGroup(at, entra, outer.id)
    await sync()
    expect(await shown()).toEqual([['総務部', []]])
  })

  it('runs one at a time: who presses again gets the run that is under way', async () => {
    const [one, other] = [await startGroupSync(at, operator), await startGroupSync(at, operator)]
    expect([one.started, other.started]).toEqual([true, false])
    expect(other.job.id).toBe(one.job.id)
    expect(await showGroupSync(at, operator)).toMatchObject({ active: { id: one.job.id } })
    await runGroupSync(at, 'node')
    expect(await showGroupSync(at, operator)).toMatchObject({ last: { id: one.job.id } })
    expect((await startGroupSync(at, operator)).started).toBe(true)
  })

  it('tells which groups failed and why, and brings the others', async () => {
    await createGroup(at, entra, { name: 'bad', memberIds: [] })
    await createGroup(at, entra, { name: 'good', memberIds: [] })
    const picky: ChatTarget = {
      ...at.chat,
      putGroup: async (group, fence) =>
        group.label === 'bad' ? { kind: 'rejected', reason: 'no' } : at.chat.putGroup(group, fence),
    }
    expect(await sync(picky)).toMatchObject({
      state: 'failed',
      total: 2,
      done: 1,
      failed: 1,
      message: expect.stringContaining('bad: no') as string,
    })
    expect(await shown()).toEqual([['good', []]])
    expect(await sync()).toMatchObject({ state: 'succeeded' })
  })

  it('ends with the mend where chat does not answer', async () => {
    await createGroup(at, entra, { name: 'a', memberIds: [] })
    const down: ChatTarget = { ...at.chat, putGroup: () => Promise.reject(new TargetDown('no answer.')) }
    expect(await sync(down)).toMatchObject({
      state: 'failed',
      message: 'Chat does not answer: no answer. Press Sync again when it does.',
    })
  })
})
