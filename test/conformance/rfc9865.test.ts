import { scimServer, urns, type Resource } from './scim'

const { get, post, person } = scimServer()

const names = Array.from({ length: 5 }, (_, i) => `walker-${i}`)
const walk = { filter: 'userName sw "walker-"', sortBy: 'userName' }
const page = async (query: Readonly<Record<string, string | number>>) => (await get('/Users', { ...walk, ...query })).body
const namesOn = ({ Resources }: Resource) => (Resources as readonly Resource[]).map(({ userName }) => userName as string)

beforeAll(async () => {
  for (const userName of names) await person({ userName })
})

describe('RFC 9865 §2', () => {
  it('begins with an empty cursor, and has nextCursor on every page but the last', async () => {
    const first = await page({ cursor: '', count: 2 })
    const second = await page({ cursor: first.nextCursor as string, count: 2 })
    const last = await page({ cursor: second.nextCursor as string, count: 2 })
    expect([first, second, last].map(namesOn)).toEqual([names.slice(0, 2), names.slice(2, 4), names.slice(4)])
    expect(last).not.toHaveProperty('nextCursor')
    expect(await page({ cursor: '', count: 5 })).not.toHaveProperty('nextCursor')
  })

  it('has cursors of characters that a URL takes as they are', async () => {
    expect((await page({ cursor: '', count: 2 })).nextCursor).toMatch(/^[A-Za-z0-9\-._~]+$/)
  })

  it('never answers more than count, and tells how many there are on every page', async () => {
    const first = await page({ cursor: '', count: 2 })
    for (const one of [first, await page({ cursor: first.nextCursor as string, count: 2 })])
      expect([one.schemas, one.totalResults, one.itemsPerPage, one.Resources.length]).toEqual([[urns.list], 5, 2, 2])
  })

  it('goes by index where no cursor is asked for', async () => {
    const first = await page({ count: 2 })
    expect([first.startIndex, first.nextCursor]).toEqual([1, undefined])
  })
})

describe('RFC 9865 §2.1', () => {
  it('says invalidCursor to a cursor that is none, or belongs to another walk', async () => {
    const { nextCursor } = await page({ cursor: '', count: 2 })
    for (const [path, query] of [
      ['/Users', { ...walk, cursor: 'nonsense' }],
      ['/Users', { ...walk, cursor: (nextCursor as string).slice(0, -8) }],
      ['/Users', { sortBy: 'userName', cursor: nextCursor as string }],
      ['/Users', { ...walk, sortOrder: 'descending', cursor: nextCursor as string }],
      ['/Groups', { cursor: nextCursor as string }],
    ] as const) {
      const answer = await get(path, query)
      expect([answer.status, answer.body]).toMatchObject([
        400,
        { schemas: [urns.error], scimType: 'invalidCursor', status: '400' },
      ])
    }
  })

  it('says expiredCursor after cursorTimeout', async () => {
    const { cursorTimeout } = (await get('/ServiceProviderConfig')).body.pagination as Record<string, number>
    const { nextCursor } = await page({ cursor: '', count: 2 })
    const now = Date.now()
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now + cursorTimeout! * 1_000 + 1_000)
    try {
      expect((await page({ cursor: nextCursor as string })).scimType).toBe('expiredCursor')
    } finally {
      clock.mockRestore()
    }
    expect(namesOn(await page({ cursor: nextCursor as string }))).toEqual(names.slice(2))
  })

  it('says invalidCount to a count that is no number from 1', async () => {
    for (const count of ['0', '-1', 'many', '1.5']) expect((await page({ cursor: '', count })).scimType).toBe('invalidCount')
  })

  it('says invalidValue to cursor and startIndex at once', async () => {
    expect((await page({ cursor: '', startIndex: 1 })).scimType).toBe('invalidValue')
  })
})

describe('RFC 9865 §2.2', () => {
  it('walks in the order asked for', async () => {
    const seen: string[] = []
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const one: Resource = await page({ cursor, count: 2, sortOrder: 'descending' })
      seen.push(...namesOn(one))
      cursor = one.nextCursor as string | undefined
    }
    expect(seen).toEqual([...names].reverse())
  })
})

describe('RFC 9865 §3', () => {
  it('walks by SearchRequests too', async () => {
    const search = async (cursor: string) =>
      (await post('/Users/.search', { schemas: [urns.search], ...walk, count: 3, cursor })).body
    const first = await search('')
    const last = await search(first.nextCursor as string)
    expect([...namesOn(first), ...namesOn(last)]).toEqual(names)
    expect(last).not.toHaveProperty('nextCursor')
  })
})

describe('RFC 9865 §4', () => {
  it('tells of both ways, page sizes and time in ServiceProviderConfig, and keeps to them', async () => {
    const { pagination } = (await get('/ServiceProviderConfig')).body
    expect(pagination).toEqual({
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize: expect.any(Number),
      maxPageSize: expect.any(Number),
      cursorTimeout: expect.any(Number),
    })
    expect((await page({ cursor: '', count: pagination.maxPageSize + 1 })).itemsPerPage).toBe(5)
  })
})
