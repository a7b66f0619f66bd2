import type { GroupId } from '../../../src/domain/ids'
import type { AccountName, ChatGroup } from '../../../src/domain/mirror/account'
import { planGroup } from '../../../src/domain/mirror/plan-group'

const group: ChatGroup = { objectId: 'g-1' as GroupId, label: '営業部', members: ['jiro', 'taro'] as AccountName[] }

describe('planGroup (C21)', () => {
  it.each<[rule: string, wanted: ChatGroup | undefined, observed: ChatGroup | undefined, step: object]>([
    ['makes what is missing', group, undefined, { kind: 'put', group }],
    ['leaves alone what is alike', group, { ...group }, { kind: 'none' }],
    ['renames', group, { ...group, label: '総務部' }, { kind: 'put', group }],
    ['adds and removes people', group, { ...group, members: ['jiro'] as AccountName[] }, { kind: 'put', group }],
    ['sees one in place of another', group, { ...group, members: ['jiro', 'hanako'] as AccountName[] }, { kind: 'put', group }],
    ['deletes what the directory no longer has', undefined, group, { kind: 'delete', group }],
    ['has nothing to do with nothing', undefined, undefined, { kind: 'none' }],
  ])('%s', (_rule, wanted, observed, step) => {
    expect(planGroup(wanted, observed)).toEqual(step)
  })
})
