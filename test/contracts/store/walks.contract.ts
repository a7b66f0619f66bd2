import { parseList } from '../../../src/wire/scim/parse-list'
import type { ListQuery, PageKey } from '../../../src/ports/store/directory'
import { aGroup, aUser } from '../../kit/builders'
import { addGroup, addUser, deleteGroup, deleteUser, type OpenStore, type StoreUnderTest } from './under-test'

/** Page after page through a list, while it changes. */
export function walksContract(open: OpenStore): void {
  let at: StoreUnderTest
  beforeEach(async () => {
    at = await open()
    const names = ['b', undefined, 'a', 'c', undefined, 'a', 'd']
    for (const [i, displayName] of names.entries()) {
      await addUser(at.store, aUser({ loginName: `w${i}`, ...(displayName === undefined ? {} : { displayName }) }))
    }
  })
  afterEach(() => at.close())
  const list = (query: Readonly<Record<string, string>>, rest: Partial<ListQuery> = {}) =>
    at.store.read.users.list({ ...parseList('User', query), ...rest }, undefined)

  it.each([{}, { sortBy: 'displayName' }, { sortBy: 'displayName', sortOrder: 'descending' }, { filter: 'userName sw "w"' }])(
    'of %j go on behind the last row, whatever its key is',
    async (query: Readonly<Record<string, string>>) => {
      const whole = (await list(query)).items.map((user) => user.id)
      expect(whole).toHaveLength(7)
      for (const count of [1, 2, 3]) {
        const seen: string[] = []
        for (let after: PageKey | undefined; ;) {
          const page = await list(query, { count, ...(after && { after }) })
          expect(page.total).toBe(after ? 0 : 7)
          seen.push(...page.items.map((user) => user.id))
          if (!page.next) break
          after = page.next
        }
        expect(seen).toEqual(whole)
      }
    },
  )

  it('of two filters are told apart, though their values read the same in a row', async () => {
    const names = async (filter: string, startIndex: string) =>
      (await list({ filter, sortBy: 'userName', startIndex, count: '1' })).items.map((user) => user.loginName)
    expect(await names('userName ge "w4 x" or userName eq "w0"', '1')).toEqual(['w0'])
    expect(await names('userName ge "w4" or userName eq "x w0"', '2')).toEqual(['w5'])
  })

  it('by numbers miss nobody and show nobody twice when others come and go before their place', async () => {
    const { items } = await list({ sortBy: 'userName', count: '3' })
    await deleteUser(at.store, items[0]!.id)
    const second = await list({ sortBy: 'userName', startIndex: '4', count: '3' })
    await addUser(at.store, aUser({ loginName: 'a-newcomer' }))
    const third = await list({ sortBy: 'userName', startIndex: '7', count: '3' })
    expect([...items, ...second.items, ...third.items].map((user) => user.loginName)).toEqual(
      [0, 1, 2, 3, 4, 5, 6].map((i) => `w${i}`),
    )
    expect([second.total, third.total]).toEqual([6, 7])
  })

  it.each([{}, { sortBy: 'displayName' }, { sortBy: 'displayName', sortOrder: 'descending' }])(
    'of %j begin anywhere, near the front or near the end',
    async (query: Readonly<Record<string, string>>) => {
      const whole = (await list(query)).items.map((user) => user.id)
      for (let startIndex = 8; startIndex > 0; startIndex--) {
        for (const count of [1, 3, 9]) {
          const page = await list({ ...query, startIndex: String(startIndex), count: String(count) })
          const shown = whole.slice(startIndex - 1, startIndex - 1 + count)
          expect([page.total, page.items.map((user) => user.id)]).toEqual([7, shown])
          expect(page.next?.id).toBe(startIndex - 1 + count < 7 ? shown.at(-1) : undefined)
        }
      }
    },
  )

  it('tell at once how many there are, also when others came and went', async () => {
    expect((await list({ count: '0' })).total).toBe(7)
    const more = await addUser(at.store, aUser({ loginName: 'more' }))
    expect((await list({ count: '0' })).total).toBe(8)
    await deleteUser(at.store, more.id)
    expect((await list({ count: '0' })).total).toBe(7)
    const groups = async () => (await at.store.read.groups.list({ startIndex: 1, count: 0 }, undefined)).total
    expect(await groups()).toBe(0)
    const group = await addGroup(at.store, aGroup())
    expect(await groups()).toBe(1)
    await deleteGroup(at.store, group.id)
    expect(await groups()).toBe(0)
  })

  it('keep no count of a change that was rolled back', async () => {
    const failed = at.store.transact(async (tx) => {
      await tx.users.insert(aUser({ loginName: 'never' }), undefined)
      expect((await list({ count: '0' })).total).toBe(7)
      throw new Error('not to be')
    })
    await expect(failed).rejects.toThrow('not to be')
    expect((await list({ count: '0' })).total).toBe(7)
  })

  it('of what can only be one are no walks: paging past it finds nothing', async () => {
    const filter = 'userName eq "W3" and active eq true'
    expect(await list({ filter })).toMatchObject({ total: 1, items: [{ loginName: 'w3' }] })
    expect(await list({ filter, startIndex: '2' })).toMatchObject({ total: 1, items: [] })
    expect(await list({ filter, count: '0' })).toMatchObject({ total: 1, items: [] })
    expect(await list({ filter: 'userName eq "w3" and active eq false' })).toMatchObject({ total: 0, items: [] })
    expect(await list({ filter: 'userName eq "w3" or userName eq "w4"' })).toMatchObject({ total: 2 })
  })
}
