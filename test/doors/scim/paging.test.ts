import { cursorTimeoutSeconds } from '../../../src/wire/scim/cursor'
import { startTestServer, type TestServer } from '../../kit/server'

type Page = {
  readonly totalResults: number
  readonly itemsPerPage: number
  readonly nextCursor?: string
  readonly Resources: readonly { readonly userName: string }[]
}

describe('walks by cursors (RFC 9865)', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer()
    const post = (i: number) => ({
      method: 'POST',
      path: '/Users',
      bulkId: `${i}`,
      data: { userName: `user-${i}`, title: i % 3 === 0 ? undefined : `title ${i % 2}`, active: i % 2 === 0 },
    })
    await server.scim('post', '/Bulk').send({ Operations: Array.from({ length: 20 }, (_, i) => post(i)) })
  })
  afterAll(() => server.stop())

  const list = (query: Readonly<Record<string, string | number>>) => server.scim('get', '/Users').query(query)
  const names = ({ Resources }: Page) => Resources.map(({ userName }) => userName)

  it.each([
    {},
    { sortBy: 'userName', sortOrder: 'descending' },
    { sortBy: 'title' },
    { sortBy: 'title', sortOrder: 'descending', filter: 'active eq true' },
  ])('%j: see each once, in the order of the list, and end with a page that has no cursor', async (query) => {
    const whole = (await list(query)).body as Page
    const seen: string[] = []
    let cursor = ''
    for (;;) {
      const page = (await list({ ...query, cursor, count: 5 })).body as Page
      expect(page).toMatchObject({ totalResults: whole.totalResults, itemsPerPage: page.Resources.length })
      expect(page).not.toHaveProperty('startIndex')
      seen.push(...names(page))
      if (page.nextCursor === undefined) break
      expect(page.nextCursor).toMatch(/^[\w.~-]+$/) // characters that need no escape in a URL
      cursor = page.nextCursor
    }
    expect(seen).toEqual(names(whole))
  })

  it('miss nobody and repeat nobody who stays while others come and go', async () => {
    const first = (await list({ cursor: '', count: 8, sortBy: 'userName' })).body as Page
    const { Resources: all } = (await server.scim('get', '/Users').query({ sortBy: 'userName' })).body as {
      Resources: readonly { id: string; userName: string }[]
    }
    await server.scim('delete', `/Users/${all[0]!.id}`)
    await server.scim('delete', `/Users/${all[12]!.id}`)
    await server.scim('post', '/Users').send({ userName: 'aaa' })
    const rest = (await list({ cursor: first.nextCursor!, count: 100, sortBy: 'userName' })).body as Page
    const expected = all.map(({ userName }) => userName).filter((name) => name !== all[12]!.userName)
    expect([...names(first), ...names(rest)]).toEqual(expected)
  })

  it('may change the page size, and are told apart by nothing else than filter and order', async () => {
    const { nextCursor: cursor } = (await list({ cursor: '', count: 2 })).body as { nextCursor: string }
    expect((await list({ cursor, count: 7, attributes: 'userName' })).body.Resources).toHaveLength(7)
    for (const other of [{ filter: 'active eq true' }, { sortBy: 'title' }, { sortBy: 'userName', sortOrder: 'descending' }]) {
      const answer = await list({ cursor, ...other })
      expect([other, answer.status, answer.body.scimType]).toEqual([other, 400, 'invalidCursor'])
    }
    const groups = await server.scim('get', '/Groups').query({ cursor })
    expect([groups.status, groups.body.scimType]).toEqual([400, 'invalidCursor'])
  })

  it.each<[what: string, query: Readonly<Record<string, string>>, scimType: string]>([
    ['a cursor that is none', { cursor: 'nonsense' }, 'invalidCursor'],
    ['a number', { cursor: '2' }, 'invalidCursor'],
    ['a count of 0', { cursor: '', count: '0' }, 'invalidCount'],
    ['a negative count', { cursor: '', count: '-1' }, 'invalidCount'],
    ['a count that is no number', { cursor: '', count: 'many' }, 'invalidCount'],
    ['cursor and startIndex', { cursor: '', startIndex: '1' }, 'invalidValue'],
  ])('refuse %s', async (_what, query, scimType) => {
    const answer = await list(query)
    expect([answer.status, answer.body.scimType, answer.body.status]).toEqual([400, scimType, '400'])
    expect(answer.body.detail.length).toBeGreaterThan(20)
  })

  it('refuse a cursor that was changed, in each of its places', async () => {
    const { nextCursor } = (await list({ cursor: '', count: 2 })).body as { nextCursor: string }
    for (let i = 0; i < nextCursor.length; i += 7) {
      const changed = nextCursor.slice(0, i) + (nextCursor[i] === 'A' ? 'B' : 'A') + nextCursor.slice(i + 1)
      const answer = await list({ cursor: changed })
      expect([i, answer.status, answer.body.scimType]).toEqual([i, 400, 'invalidCursor'])
    }
  })

  it('are refused after the time that ServiceProviderConfig says', async () => {
    const { body } = await server.scim('get', '/ServiceProviderConfig')
    expect(body.pagination).toEqual({
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize: 100,
      maxPageSize: 1_000,
      cursorTimeout: cursorTimeoutSeconds,
    })
    const { nextCursor: cursor } = (await list({ cursor: '', count: 2 })).body as { nextCursor: string }
    const now = Date.now()
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now + cursorTimeoutSeconds * 1_000 + 1_000)
    try {
      const answer = await list({ cursor })
      expect([answer.status, answer.body.scimType]).toEqual([400, 'expiredCursor'])
    } finally {
      clock.mockRestore()
    }
    expect((await list({ cursor })).status).toBe(200)
  })

  it('take at most a full page at once', async () => {
    expect((await list({ cursor: '', count: 5_000 })).body.Resources.length).toBeGreaterThan(15)
  })
})
