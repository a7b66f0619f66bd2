import type { DatabaseConfig } from '../../../src/config'
import type { MemberChange } from '../../../src/domain/directory/group'
import type { GroupId, UserId } from '../../../src/domain/ids'
import { systemClock } from '../../../src/ports/clock'
import type { Store } from '../../../src/ports/store'
import { changeGroup } from '../../../src/usecases/directory/change-group'
import { createGroup } from '../../../src/usecases/directory/create-group'
import { deleteGroup } from '../../../src/usecases/directory/delete-group'
import { getGroup } from '../../../src/usecases/directory/get-group'
import { listMembers } from '../../../src/usecases/directory/list-members'
import { purgeMemberLists } from '../../../src/usecases/system/purge-member-lists'
import { mariadbDatabases, sqliteDatabases, type Databases } from '../../contracts/store/databases'
import { deleteUser, memberIds } from '../../contracts/store/under-test'
import { aClient } from '../../kit/builders'
import { randomFrom } from '../../kit/random'
import { openTempStore } from '../../kit/temp-store'
import { seedPeople } from '../../scale/seeded'
import { describeWith } from '../../services/describe-with'
import { hookTimeoutMs } from '../../services/service'

const actor = aClient('keycloak')

describe('a group of many members on SQLite', () => largeGroups(sqliteDatabases))
describeWith(['mariadb'], 'a group of many members on MariaDB', () => largeGroups(mariadbDatabases))

function largeGroups(start: () => Promise<Databases>): void {
  let databases: Databases
  let database: DatabaseConfig
  let store: Store
  let close: () => Promise<void>
  let people: readonly string[]
  let made = 0
  beforeAll(async () => {
    databases = await start()
    database = await databases.empty()
    ;({ store, close } = await openTempStore(database, systemClock))
    people = await seedPeople(databases, database, 12_000)
  }, hookTimeoutMs)
  afterAll(async () => {
    await close()
    await databases.close()
  }, hookTimeoutMs)

  const deps = (of: Store = store) => ({ store: of, clock: systemClock })
  const create = async (ids: readonly string[]) =>
    (await createGroup(deps(), actor, { name: `group ${++made}`, memberIds: ids })).id
  const change = (id: GroupId, ...members: readonly MemberChange[]) => changeGroup(deps(), actor, id, { members })
  const query = (text: string) => databases.query(database, text)
  const rows = async () => Number((await query('SELECT COUNT(*) AS n FROM directory_member'))[0]!['n'])
  const members = (id: GroupId) => memberIds(store, id)

  it('is made, grows, shrinks, is replaced, and counts only what really changed', async () => {
    const id = await create(people.slice(0, 5_000))
    expect(await members(id)).toEqual(people.slice(0, 5_000))
    expect(await change(id, { kind: 'add', ids: people.slice(4_000, 9_000) })).toBe(2)
    expect(await members(id)).toEqual(people.slice(0, 9_000))
    expect(await change(id, { kind: 'remove', ids: people.slice(0, 3_000) })).toBe(3)
    expect(await members(id)).toEqual(people.slice(3_000, 9_000))
    expect(await change(id, { kind: 'replace', ids: people.slice(3_000, 9_000).toReversed() })).toBe(3)
    expect(await change(id, { kind: 'replace', ids: people.slice(3_000, 9_001) })).toBe(4)
    expect(await change(id, { kind: 'add', ids: people.slice(3_000, 9_001) })).toBe(4)
    expect(await change(id, { kind: 'remove', ids: people.slice(9_001) })).toBe(4)
    const steps = [
      { kind: 'remove', ids: people.slice(3_000, 9_001) },
      { kind: 'add', ids: people.slice(6_000, 11_000) },
      { kind: 'remove', ids: people.slice(10_000, 11_000).map((one) => one.toUpperCase()) },
    ] as const
    expect(await change(id, ...steps)).toBe(5)
    expect(await members(id)).toEqual(people.slice(6_000, 10_000))
    const { lines } = await store.read.logs.done({}, undefined, 1)
    expect(lines[0]!.changes).toEqual([{ attribute: 'members', from: { count: 3_000 }, to: { count: 999 } }])
  })

  it('with one member more in a replacement writes that one alone', async () => {
    const id = await create(people.slice(0, 5_000))
    const before = await rows()
    const list = await store.read.groups.findList(id)
    await change(id, { kind: 'replace', ids: people.slice(0, 5_001) })
    expect([await rows(), await store.read.groups.findList(id)]).toEqual([before + 1, list])
  })

  it('is old or new to who reads, and to who reads slice by slice what it was when he began', async () => {
    const [old, wanted] = [people.slice(0, 5_000), people.slice(6_000, 12_000)]
    const id = await create(old)
    const first = await listMembers(deps(), actor, id, undefined, 100)
    let changing = true
    const changed = change(id, { kind: 'replace', ids: wanted }).finally(() => (changing = false))
    const seen = new Set<number>()
    while (changing) {
      seen.add(await store.read.groups.countMembers(id))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await changed
    expect([...seen, 6_000].filter((n) => n !== 5_000 && n !== 6_000)).toEqual([])
    const read = first.members.map((member) => member.id as string)
    for (let from = first.next; from;) {
      const slice = await listMembers(deps(), actor, id, from, 700)
      for (const member of slice.members) read.push(member.id)
      from = slice.next
    }
    expect(read).toEqual(old)
    expect(await members(id)).toEqual(wanted)
  })

  it('refuses to be read on when the members it had are gone for good', async () => {
    const id = await create(people.slice(0, 3_000))
    const { next } = await listMembers(deps(), actor, id, undefined, 100)
    await change(id, { kind: 'replace', ids: [] })
    await query('UPDATE directory_member_list SET due_at = 0')
    await purgeMemberLists({ store })
    await expect(listMembers(deps(), actor, id, next, 100)).rejects.toMatchObject({ code: 'storeBusy' })
  })

  it('loses and gains nobody while 64 clients and two large changes work on it at once', async () => {
    const [stay, go, come] = [people.slice(0, 1_000), people.slice(1_000, 4_000), people.slice(4_000, 7_000)]
    const id = await create([...stay, ...go])
    const expected = new Set([...stay, ...come])
    const large = [change(id, { kind: 'remove', ids: go }), change(id, { kind: 'add', ids: come })]
    const random = randomFrom(20_261)
    const clients = Array.from({ length: 64 }, async (_, i) => {
      const own = people.slice(7_000 + i * 20, 7_000 + (i + 1) * 20)
      for (let round = 0; round < 8; round++) {
        const some = own.filter(() => random() < 0.5)
        const kind = random() < 0.5 ? 'add' : 'remove'
        await change(id, { kind, ids: some })
        for (const one of some) expected[kind === 'add' ? 'add' : 'delete'](one)
      }
    })
    await Promise.all([...large, ...clients])
    expect(await members(id)).toEqual([...expected].sort())
  }, 60_000)

  it('takes the changes of others over that came while a large one was prepared, whatever they name', async () => {
    const id = await create(people.slice(0, 3_000))
    // behind each transaction of the large change a small one of somebody else
    let n = 0
    const small: MemberChange[] = [
      { kind: 'remove', ids: [people[10]!] },
      { kind: 'add', ids: [people[11_999]!] },
      { kind: 'remove', ids: [people[3_500]!] },
      { kind: 'add', ids: [people[3_600]!] },
      { kind: 'remove', ids: [people[2_900]!, people[20]!] },
      { kind: 'add', ids: [people[2_900]!] },
      { kind: 'add', ids: [people[11_998]!] }, // by now everybody who stays is in the new list
      { kind: 'remove', ids: [people[30]!] },
    ]
    const disturbed = onTransact(store, async (run) => {
      const value = await run()
      const step = small[n++]
      if (step) await change(id, step)
      return value
    })
    const large = [
      { kind: 'add', ids: people.slice(3_000, 6_000) },
      { kind: 'remove', ids: people.slice(2_500, 3_000) },
    ] as const
    await changeGroup(deps(disturbed), actor, id, { members: large })
    const expected = new Set([...people.slice(0, 2_500), ...people.slice(3_000, 6_000), people[11_998]!, people[11_999]!])
    for (const i of [10, 20, 30]) expected.delete(people[i]!)
    expect(n).toBeGreaterThan(small.length)
    expect(await members(id)).toEqual([...expected].sort())
  })

  it.each(['replace', 'add', 'remove'] as const)(
    'is old or new after a death at any point of a large %s, which may be repeated',
    async (kind) => {
      const old = people.slice(0, 2_500)
      const ids = { replace: people.slice(5_000, 7_500), add: people.slice(2_000, 5_000), remove: people.slice(0, 2_400) }[kind]
      const wanted = { replace: ids, add: people.slice(0, 5_000), remove: people.slice(2_400, 2_500) }[kind]
      for (let k = 0, died = true; died; k++) {
        const id = await create(old)
        let left = k
        const mortal = onTransact(store, (run) => (left-- > 0 ? run() : Promise.reject(new Error('died'))))
        died = await changeGroup(deps(mortal), actor, id, { members: [{ kind, ids }] }).then(
          () => false,
          () => true,
        )
        const after = await members(id)
        expect(after).toEqual(after.length === old.length && died ? old : wanted)
        await change(id, { kind, ids })
        expect(await members(id)).toEqual(wanted)
      }
    },
    60_000,
  )

  it('takes nobody in who is deleted at that moment', async () => {
    const id = await create(people.slice(0, 100))
    const gone: UserId[] = []
    const deleting = onTransact(store, async (run) => {
      const value = await run()
      // one who is in, one who is coming, one who may have come already
      for (const at of [50, 5_000, 2_000]) {
        const one = people[at + gone.length]! as UserId
        gone.push(one)
        await deleteUser(store, one)
      }
      return value
    })
    const lenient = { ...actor, ignoreUnknownMembers: true }
    await changeGroup(deps(deleting), lenient, id, { members: [{ kind: 'replace', ids: people.slice(0, 8_000) }] })
    const now = await members(id)
    expect(gone.length).toBeGreaterThan(9)
    expect(now.filter((one) => gone.includes(one as UserId))).toEqual([])
    expect(now).toHaveLength(8_000 - gone.length)
    await expect(change(id, { kind: 'add', ids: [...people.slice(8_000), gone[0]!] })).rejects.toMatchObject({
      code: 'noSuchMember',
    })
    expect(await members(id)).toEqual(now)
  })

  it('refuses a circle that closes among thousands', async () => {
    const id = await create([])
    const around = await create([id])
    const ids = [...people.slice(8_000, 11_000), around]
    await expect(change(id, { kind: 'add', ids })).rejects.toMatchObject({ code: 'nestingCycle' })
    expect(await members(id)).toEqual([])
  })

  it('is guarded by If-Match in the end as well', async () => {
    const id = await create([])
    let changes = 0
    const overtaken = onTransact(store, async (run) => {
      const value = await run()
      if (changes++ === 2) await change(id, { kind: 'add', ids: [people[9_000]!] })
      return value
    })
    const { version } = await getGroup(deps(), actor, id)
    const large = changeGroup(deps(overtaken), actor, id, { members: [{ kind: 'add', ids: people.slice(8_000) }] }, [version])
    await expect(large).rejects.toMatchObject({ code: 'versionMismatch' })
    expect(await members(id)).toEqual([people[9_000]])
  })

  it('is deleted at once; its rows, those of lists that were exchanged and of changes that died go piece by piece', async () => {
    const ids = (await query('SELECT id FROM directory_group')).map((row) => row['id'] as GroupId)
    for (const id of ids) await deleteGroup(deps(), actor, id)
    expect(await store.read.users.groupsOf([people[0]! as UserId])).toEqual(new Map())
    expect(await rows()).toBeGreaterThan(10_000)
    await query('UPDATE directory_member_list SET due_at = 0')
    expect(await purgeMemberLists({ store })).toBeGreaterThan(10_000)
    await query('UPDATE directory_member_list SET due_at = 0') // notes of those who died wait once more
    await purgeMemberLists({ store })
    expect(await rows()).toBe(0)
    expect(await query('SELECT * FROM directory_member_list')).toEqual([])
  })
}

/** The same store, with something around each transaction. */
const onTransact = (store: Store, around: <T>(run: () => Promise<T>) => Promise<T>): Store =>
  Object.assign(Object.create(store) as Store, {
    transact: (...args: Parameters<Store['transact']>) => around(() => store.transact(...args)),
  })
