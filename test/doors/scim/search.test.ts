import request from 'supertest'
import { startTestServer, type TestServer } from '../../kit/server'

const searchRequest = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'
const listResponse = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'

type Resource = { readonly id: string; readonly userName?: string; readonly displayName?: string; readonly members?: unknown }
type List = { readonly totalResults: number; readonly nextCursor?: string; readonly Resources: readonly Resource[] }

describe('/scim/v2/.search (RFC 7644 §3.4.3) and the root (§3.4.2.1)', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer()
    for (const [userName, displayName] of [
      ['taro', '鈴木'],
      ['jiro', '佐藤'],
      ['saburo', undefined],
    ]) {
      await server
        .scim('post', '/Users')
        .send({ userName, displayName, emails: [{ value: `${userName}@example.jp`, type: 'work' }] })
    }
    const { body } = await server.scim('get', '/Users').query({ filter: 'userName eq "taro"' })
    for (const displayName of ['営業', '佐藤']) {
      await server.scim('post', '/Groups').send({ displayName, members: [{ value: body.Resources[0].id }] })
    }
  })
  afterAll(() => server.stop())

  const search = (path: string, body: object) =>
    server.scim('post', `${path}/.search`).send({ schemas: [searchRequest], ...body })
  const names = (list: List) => list.Resources.map(({ userName, displayName }) => userName ?? displayName)

  it.each(['/Users', '/Groups', ''])('%s answers what the query answers', async (path) => {
    for (const asked of [
      {
        filter: 'meta.created gt "2020-01-01T00:00:00Z"',
        sortBy: 'displayName',
        sortOrder: 'descending',
        startIndex: 2,
        count: 2,
      },
      { attributes: ['displayName', 'meta.resourceType'] },
      { excludedAttributes: ['members', 'groups', 'meta'] },
      { count: 0 },
    ]) {
      const query = Object.entries(asked).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value])
      const byQuery = await server.scim('get', path === '' ? '/' : path).query(Object.fromEntries(query) as object)
      const bySearch = await search(path, asked)
      expect([byQuery.status, byQuery.body.schemas]).toEqual([200, [listResponse]])
      expect([bySearch.status, bySearch.body]).toEqual([200, byQuery.body])
      expect(bySearch.headers['content-type']).toBe('application/scim+json; charset=utf-8')
    }
  })

  it('takes names in any case, a text for a list, and null for nothing', async () => {
    const { body } = await search('/Users', {
      FILTER: 'userName eq "taro"',
      attributes: 'userName',
      startIndex: '1',
      cursor: null,
    })
    expect(names(body)).toEqual(['taro'])
    expect(Object.keys(body.Resources[0]).sort()).toEqual(['id', 'schemas', 'userName'])
  })

  it('of the root finds users and then groups, in one order', async () => {
    const whole = (await search('', { sortBy: 'displayName' })).body as List
    expect(whole.totalResults).toBe(5)
    expect(names(whole)).toEqual(['jiro', 'taro', 'saburo', '佐藤', '営業'])
    const seen: (string | undefined)[] = []
    for (const startIndex of [1, 3, 5, 7]) {
      const page = (await search('', { sortBy: 'displayName', startIndex, count: 2 })).body
      expect([page.totalResults, page.startIndex, page.itemsPerPage]).toEqual([5, startIndex, page.Resources.length])
      seen.push(...names(page))
    }
    expect(seen).toEqual(names(whole))
  })

  it.each([1, 2, 3, 4, 5])('of the root is walked by cursors, %i at a time', async (count) => {
    const seen: (string | undefined)[] = []
    let cursor: string | undefined = ''
    let pages = 0
    while (cursor !== undefined) {
      const page: List = (await search('', { sortBy: 'displayName', cursor, count })).body
      expect(page.totalResults).toBe(5)
      seen.push(...names(page))
      cursor = page.nextCursor
      pages++
    }
    expect(seen).toEqual(['jiro', 'taro', 'saburo', '佐藤', '営業'])
    expect(pages).toBe(Math.ceil(5 / count))
  })

  it.each<[filter: string, found: readonly string[]]>([
    ['displayName eq "佐藤"', ['jiro', '佐藤']],
    ['meta.resourceType eq "Group"', ['営業', '佐藤']],
    ['userName eq "taro"', ['taro']],
    ['userName ne "taro"', ['jiro', 'saburo', '営業', '佐藤']],
    ['not (userName pr)', ['営業', '佐藤']],
    ['userName eq null', ['営業', '佐藤']],
    ['members pr', ['営業', '佐藤']],
    ['emails[type eq "work" and value sw "taro"] or displayName eq "営業"', ['taro', '営業']],
    ['urn:ietf:params:scim:schemas:core:2.0:Group:displayName eq "佐藤"', ['佐藤']],
    ['urn:ietf:params:scim:schemas:core:2.0:User:displayName eq "佐藤"', ['jiro']],
  ])('of the root: a type has no value of what only the other has: %s', async (filter, found) => {
    const { body } = await search('', { filter, sortBy: 'meta.created' })
    expect([body.detail, names(body)]).toEqual([undefined, found])
  })

  it('of the root finds what a token may read', async () => {
    const ask = async (scopes: Parameters<TestServer['token']>[0]) => {
      const token = await server.token(scopes)
      return request(server.url).get('/scim/v2/').set('Authorization', `Bearer ${token}`)
    }
    expect(names((await ask(['groups:read'])).body)).toEqual(['営業', '佐藤'])
    expect((await ask(['users:write'])).status).toBe(403)
  })

  it('answers groups with their members, and without where they are excluded', async () => {
    const { body } = await search('', { filter: 'members pr' })
    expect((body as List).Resources.map(({ members }) => (members as readonly unknown[]).length)).toEqual([1, 1])
    const without = (await search('', { filter: 'members pr', excludedAttributes: ['members'] })).body as List
    expect(without.Resources.every((group) => !('members' in group))).toBe(true)
  })

  it.each<[what: string, path: string, body: unknown, scimType: string]>([
    ['no object', '/Users', [], 'invalidSyntax'],
    ['a filter that is no text', '/Users', { filter: 5 }, 'invalidSyntax'],
    ['names that are no texts', '/Users', { attributes: [5] }, 'invalidSyntax'],
    ['a count that is none', '/Users', { count: 'many' }, 'invalidValue'],
    ['half a startIndex', '/Users', { startIndex: 1.5 }, 'invalidValue'],
    ['an attribute that no type has', '', { filter: 'nonsense eq "x"' }, 'invalidFilter'],
    ['a value of the wrong type', '', { filter: 'active eq "perhaps"' }, 'invalidFilter'],
    ['an order that no type has', '', { sortBy: 'nonsense' }, 'invalidPath'],
    ['an attribute of the other type', '/Groups', { filter: 'userName eq "x"' }, 'invalidFilter'],
  ])('refuses %s', async (_what, path, body, scimType) => {
    const answer = await server.scim('post', `${path}/.search`).send(JSON.stringify(body))
    expect([answer.status, answer.body.scimType]).toEqual([400, scimType])
  })

  it.each(['/Users/.search', '/Groups/.search', '/.search', '/Bulk'])('%s is only posted to', async (path) => {
    for (const method of ['get', 'put', 'patch', 'delete'] as const) {
      const answer = await server.scim(method, path)
      expect([method, answer.status, answer.headers['allow']]).toEqual([method, 405, 'POST'])
    }
  })
})
