import type { ClientId } from '../../../src/domain/ids'
import { parseFilter } from '../../../src/wire/scim/parse-filter'
import { parseList } from '../../../src/wire/scim/parse-list'
import { aGroup, aUser, start } from '../../kit/builders'
import { addGroup, addUser, addUsers, deleteUser, type OpenStore, type StoreUnderTest } from './under-test'

const client = '018f0000-0000-7000-8000-00000000000a' as ClientId

/** Filters and orders are carried out by the database, both alike. */
export function filtersContract(open: OpenStore): void {
  let at: StoreUnderTest
  const boss = aUser({ loginName: 'boss', displayName: 'がっこう', createdAt: start + 3_600_000, profile: { title: 'a_b' } })
  const taro = aUser({
    loginName: 'Taro.Yamada',
    familyName: '山田',
    givenName: '太郎',
    displayName: '山田太郎',
    externalId: 'E-1',
    profile: {
      nickName: '100% taro! [x]',
      department: '営業',
      managerId: boss.id,
      emails: [
        { value: 'Taro@example.jp', type: 'work', primary: true },
        { value: 't_ro@home.jp', type: 'home' },
      ],
      phoneNumbers: [{ value: '06-1234', type: 'work' }],
      addresses: [{ locality: '大阪', type: 'work' }],
    },
  })
  const jiro = aUser({
    loginName: 'jiro',
    status: 'suspended',
    displayName: 'かっこう',
    profile: {
      emails: [{ value: 'jiro@example.jp', type: 'home' }],
      roles: [{ value: 'Admin', primary: true }],
      title: 'axb',
    },
  })
  const group = aGroup({ name: '営業部', externalId: 'G-1' })

  beforeAll(async () => {
    at = await open()
    await addUser(at.store, taro, client)
    await addUsers(at.store, [jiro, boss, aUser({ loginName: 'builtin', kind: 'builtIn' })])
    await addGroup(at.store, group, [taro.id], client)
    await addGroup(at.store, aGroup({ name: '全社' }), [group.id])
  })
  afterAll(() => at.close())

  const names = async (filter: string) => {
    const page = await at.store.read.users.list({ filter: parseFilter('User', filter), startIndex: 1, count: 100 }, client)
    return page.items.map((user) => user.loginName).sort()
  }

  it.each<[filter: string, names: readonly string[]]>([
    ['userName eq "TARO.yamada"', ['Taro.Yamada']],
    ['userName eq "ＪＩＲＯ"', ['jiro']],
    ['userName eq "builtin"', []],
    ['userName eq "nobody"', []],
    ['userName ne "jiro"', ['Taro.Yamada', 'boss']],
    ['userName co "IR"', ['jiro']],
    ['userName sw "taro."', ['Taro.Yamada']],
    ['userName sw ""', ['Taro.Yamada', 'boss', 'jiro']],
    ['userName ew "da"', ['Taro.Yamada']],
    ['userName gt "boss"', ['Taro.Yamada', 'jiro']],
    ['userName ge "boss"', ['Taro.Yamada', 'boss', 'jiro']],
    ['userName lt "jiro"', ['boss']],
    ['userName le "jiro"', ['boss', 'jiro']],
    ['userName eq "jiro "', ['jiro']],
    ['userName sw "jiro "', []],
    ['userName co "jiro "', []],
    ['displayName sw "か"', ['jiro']],
    ['displayName sw "山"', ['Taro.Yamada']],
    ['displayName co "っ"', ['boss', 'jiro']],
    ['displayName eq "山田太郎"', ['Taro.Yamada']],
    ['name.familyName eq "山田" and name.givenName sw "太"', ['Taro.Yamada']],
    ['name.familyName pr', ['Taro.Yamada']],
    ['not (name.familyName pr)', ['boss', 'jiro']],
    ['name.familyName ne "鈴木"', ['Taro.Yamada', 'boss', 'jiro']],
    ['not (name.familyName eq "山田")', ['boss', 'jiro']],
    ['nickName co "100% T"', ['Taro.Yamada']],
    ['nickName sw "100% taro"', ['Taro.Yamada']],
    ['nickName sw "100% taro! "', ['Taro.Yamada']],
    ['nickName co "1%o"', []],
    ['nickName ew "! [X]"', ['Taro.Yamada']],
    ['title eq "a_b"', ['boss']],
    ['title co "a_"', ['boss']],
    ['department eq "営業"', ['Taro.Yamada']],
    ['department eq null', ['boss', 'jiro']],
    ['department ne null', ['Taro.Yamada']],
    ['active eq true', ['Taro.Yamada', 'boss']],
    ['active ne true', ['jiro']],
    ['externalId eq "E-1"', ['Taro.Yamada']],
    ['externalId eq "e-1"', []],
    ['externalId ne "E-1"', ['boss', 'jiro']],
    ['externalId pr', ['Taro.Yamada']],
    ['externalId eq null', ['boss', 'jiro']],
    [`id eq "${taro.id}"`, ['Taro.Yamada']],
    [`manager eq "${boss.id}"`, ['Taro.Yamada']],
    ['emails eq "TARO@example.jp"', ['Taro.Yamada']],
    ['emails.value ew "@example.jp"', ['Taro.Yamada', 'jiro']],
    ['emails.value co "t_r"', ['Taro.Yamada']],
    ['emails[type eq "work" and value ew "example.jp"]', ['Taro.Yamada']],
    ['emails[type eq "home" and value ew "example.jp"]', ['jiro']],
    ['emails[type eq "work"].value sw "t_ro"', []],
    ['not (emails[type eq "work"])', ['boss', 'jiro']],
    ['emails[not (type eq "work")]', ['Taro.Yamada', 'jiro']],
    ['emails pr', ['Taro.Yamada', 'jiro']],
    ['emails.primary eq true', ['Taro.Yamada']],
    ['emails.primary eq false', ['Taro.Yamada', 'jiro']],
    ['emails[primary ne true]', ['Taro.Yamada', 'jiro']],
    ['addresses.primary eq false', ['Taro.Yamada']],
    ['addresses pr', ['Taro.Yamada']],
    ['name pr', ['Taro.Yamada']],
    ['schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"', ['Taro.Yamada']],
    ['schemas co "core"', ['Taro.Yamada', 'boss', 'jiro']],
    ['schemas eq "urn:nobody"', []],
    ['externalId eq "E-1 "', []],
    [`id eq "${taro.id} "`, []],
    ['userName co "\\u0000"', []],
    [`displayName co "${'ﷺ'.repeat(4_000)}"`, []],
    [`${'not ('.repeat(30)}emails.value pr${')'.repeat(30)}`, ['Taro.Yamada', 'jiro']],
    [`${Array.from({ length: 200 }, () => 'roles.value pr').join(' or ')}`, ['jiro']],
    ['roles eq "admin"', ['jiro']],
    ['roles[primary eq "True" and value co "dmi"]', ['jiro']],
    ['roles.type pr', []],
    ['phoneNumbers[type eq "work"].value sw "06"', ['Taro.Yamada']],
    ['addresses.locality eq "大阪"', ['Taro.Yamada']],
    [`groups eq "${group.id}"`, ['Taro.Yamada']],
    ['groups.display eq "営業部"', ['Taro.Yamada']],
    ['meta.created gt "2026-04-01T09:00:00Z"', ['boss']],
    ['meta.created le "2026-04-01T18:00:00+09:00"', ['Taro.Yamada', 'jiro']],
    ['meta.resourceType eq "User"', ['Taro.Yamada', 'boss', 'jiro']],
    ['userName eq "jiro" or emails co "home" and active eq true', ['Taro.Yamada', 'jiro']],
    ['(userName eq "jiro" or emails co "home") and active eq true', ['Taro.Yamada']],
  ])('%s finds %j', async (filter, found) => {
    expect(await names(filter)).toEqual(found)
  })

  it.each<[filter: string, found: readonly string[]]>([
    ['displayName eq "営業部"', ['営業部']],
    ['displayName ne "営業部"', ['全社']],
    ['externalId eq "G-1"', ['営業部']],
    [`members eq "${taro.id}"`, ['営業部']],
    [`id eq "${group.id}" and members eq "${taro.id}"`, ['営業部']],
    [`id eq "${group.id}" and members eq "${jiro.id}"`, []],
    ['members.type eq "Group"', ['全社']],
  ])('of groups, %s finds %j', async (filter, found) => {
    const page = await at.store.read.groups.list({ filter: parseFilter('Group', filter), startIndex: 1, count: 100 }, client)
    expect(page.items.map((one) => one.name)).toEqual(found)
  })

  it('takes externalIds that differ by a blank at the end for two', async () => {
    const shiro = await addUser(at.store, aUser({ loginName: 'shiro', externalId: 'E-1 ' }), client)
    expect([await names('externalId eq "E-1"'), await names('externalId eq "E-1 "')]).toEqual([['Taro.Yamada'], ['shiro']])
    await deleteUser(at.store, shiro.id)
  })

  it('finds who is in a group by a group inside it, as the answers say', async () => {
    expect(await names('groups.display eq "全社"')).toEqual(['Taro.Yamada'])
  })

  it('shows no externalId of another client', async () => {
    const query = { filter: parseFilter('User', 'externalId pr'), startIndex: 1, count: 10 }
    expect((await at.store.read.users.list(query, '018f0000-0000-7000-8000-00000000000b' as ClientId)).total).toBe(0)
    expect((await at.store.read.users.list(query, undefined)).total).toBe(0)
  })

  it.each<[sortBy: string, sortOrder: string, first: string]>([
    ['userName', 'ascending', 'boss'],
    ['userName', 'descending', 'Taro.Yamada'],
    ['displayName', 'descending', 'Taro.Yamada'],
    ['name.familyName', 'ascending', 'Taro.Yamada'],
    ['emails', 'ascending', 'jiro'],
    ['roles', 'ascending', 'jiro'],
    ['externalId', 'ascending', 'Taro.Yamada'],
    ['addresses.locality', 'ascending', 'Taro.Yamada'],
    ['meta.created', 'descending', 'boss'],
    ['active', 'ascending', 'jiro'],
  ])('sorts by %s %s', async (sortBy, sortOrder, first) => {
    const page = await at.store.read.users.list(parseList('User', { sortBy, sortOrder }), client)
    expect(page.items.map((user) => user.loginName)[0]).toBe(first)
    expect(page.total).toBe(3)
  })
}

/** Pages of a list. */
export function pagesContract(open: OpenStore): void {
  let at: StoreUnderTest
  beforeAll(async () => {
    at = await open()
    for (let i = 0; i < 25; i++) {
      const displayName = i % 2 === 0 ? 'even' : 'odd'
      const profile = i % 3 === 0 ? {} : { nickName: `n${i % 4}`, emails: [{ value: `m${i % 5}@example.jp` }] }
      await addUser(at.store, aUser({ loginName: `p${i}`, displayName, profile, status: i % 4 === 0 ? 'suspended' : 'inUse' }))
    }
  })
  afterAll(() => at.close())
  const list = (query: Readonly<Record<string, string>>) => at.store.read.users.list(parseList('User', query), undefined)

  it.each([
    {},
    { sortBy: 'displayName' },
    { sortBy: 'displayName', sortOrder: 'descending' },
    { filter: 'userName sw "p"', sortBy: 'nickName' },
  ])('of %j never overlap and leave nobody out', async (query: Readonly<Record<string, string>>) => {
    const seen: string[] = []
    for (const startIndex of ['1', '11', '21']) {
      const page = await list({ ...query, startIndex, count: '10' })
      expect(page.total).toBe(25)
      seen.push(...page.items.map((user) => user.loginName))
    }
    expect(new Set(seen).size).toBe(25)
    expect(seen).toHaveLength(25)
  })

  it.each(
    ['', 'userName', 'displayName', 'nickName', 'emails', 'active', 'meta.created', 'externalId'].flatMap((sortBy) =>
      ['ascending', 'descending'].map((sortOrder) => ({ sortBy, sortOrder })),
    ),
  )('walked by keys come in the order of %j, each once, and end', async (query) => {
    const { count: _count, startIndex: _index, ...order } = parseList('User', query)
    const whole = await at.store.read.users.list({ ...order, startIndex: 1, count: 100 }, undefined)
    const seen: string[] = []
    let page = await at.store.read.users.list({ ...order, startIndex: 1, count: 5 }, undefined)
    expect([page.total, whole.next]).toEqual([25, undefined])
    for (;;) {
      seen.push(...page.items.map((user) => user.loginName))
      if (!page.next) break
      page = await at.store.read.users.list({ ...order, startIndex: 1, count: 5, after: page.next }, undefined)
    }
    expect(seen).toEqual(whole.items.map((user) => user.loginName))
  })

  it('come in the order of creation when no other is asked for', async () => {
    const page = await list({})
    const ids = page.items.map((user) => user.id)
    expect(ids).toEqual([...ids].sort())
  })

  it.each([
    ['ascending', 1],
    ['descending', -1],
  ])('whose order is %s have equals in the order of their ids', async (sortOrder, sign) => {
    const page = await list({ sortBy: 'displayName', sortOrder })
    const ids = page.items.filter((user) => user.displayName === 'even').map((user) => user.id)
    expect(ids).toHaveLength(13)
    expect(ids).toEqual([...ids].sort((a, b) => sign * (a < b ? -1 : 1)))
  })

  it('past the end are empty, and still tell the total', async () => {
    expect(await list({ startIndex: '40', count: '10' })).toEqual({ total: 25, items: [] })
  })

  it('of none tell the total only', async () => {
    expect(await list({ count: '0' })).toEqual({ total: 25, items: [] })
    expect(await at.store.read.users.count()).toBe(25)
  })
}
