import request from 'supertest'
import { postForm } from '../kit/browser'
import { baseUrl, cookieOf } from '../kit/server'
import { scimServer, stranger, urns, type Resource } from './scim'

const root = `${baseUrl}/scim/v2`
const scim = scimServer()
const { get, post, put, patch, remove, bulk, person, group, found } = scim
const userNames = (resources: readonly Resource[]) => resources.map(({ userName }) => userName as string)
const valuesOf = (elements: readonly { readonly value: string }[]) => elements.map(({ value }) => value)

describe('RFC 7644 §2', () => {
  it('names the Bearer scheme to who comes without a valid token', async () => {
    for (const [authorization, challenge] of [
      ['', 'Bearer realm="scim"'],
      ['Basic dGFybzpzZWNyZXQ=', 'Bearer realm="scim"'],
      ['Bearer nobody', 'Bearer realm="scim", error="invalid_token"'],
    ] as const) {
      const answer = await get('/Users').set('Authorization', authorization)
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, challenge])
      expect(answer.body).toMatchObject({ schemas: [urns.error], status: '401' })
    }
    for (const path of ['/Groups', '/Bulk', '/Me', '/Schemas', '/ServiceProviderConfig', `/Users/${stranger}`])
      expect([path, (await request(scim.server().url).get(`/scim/v2${path}`)).status]).toEqual([path, 401])
  })

  it('lets a token do what its scopes say', async () => {
    const { id } = await person()
    const token = await scim.server().token(['users:read'])
    const as = { Authorization: `Bearer ${token}` }
    expect((await get(`/Users/${id}`).set(as)).status).toBe(200)
    for (const answer of [await post('/Users', { userName: 'x' }).set(as), await get('/Groups').set(as)]) {
      expect(answer.status).toBe(403)
    }
  })
})

describe('RFC 7644 §3.3', () => {
  it('answers 201 with the resource and its Location', async () => {
    for (const [path, body] of [
      ['/Users', { schemas: [urns.user], userName: 'created' }],
      ['/Groups', { schemas: [urns.group], displayName: 'created' }],
    ] as const) {
      const answer = await post(path, body)
      expect([answer.status, answer.body]).toMatchObject([201, body])
      expect(answer.headers['location']).toBe(`${root}${path}/${answer.body.id}`)
      expect(answer.body.meta.location).toBe(answer.headers['location'])
      expect((await get(`${path}/${answer.body.id}`)).body).toEqual(answer.body)
    }
  })

  it('passes read-only attributes over', async () => {
    const meta = { resourceType: 'Group', created: '2001-01-01T00:00:00Z', version: 'W/"99"', location: 'https://elsewhere' }
    const made = await person({ id: stranger, meta, groups: [{ value: stranger }] })
    expect(made.id).not.toBe(stranger)
    expect(made).not.toHaveProperty('groups')
    expect(made['meta']).toMatchObject({ resourceType: 'User', version: 'W/"1"', location: `${root}/Users/${made.id}` })
    expect(Date.parse(made['meta'].created)).toBeGreaterThan(Date.UTC(2020))
  })

  it('answers 409 uniqueness for a name that is taken', async () => {
    const { userName } = await person()
    const { displayName } = await group()
    for (const answer of [
      await post('/Users', { schemas: [urns.user], userName }),
      await post('/Groups', { schemas: [urns.group], displayName }),
    ]) {
      expect([answer.status, answer.body.status, answer.body.scimType]).toEqual([409, '409', 'uniqueness'])
    }
  })

  it('answers 400 invalidValue where a required attribute is missing', async () => {
    for (const [path, schema] of [
      ['/Users', urns.user],
      ['/Groups', urns.group],
    ] as const) {
      const answer = await post(path, { schemas: [schema], externalId: 'nameless' })
      expect([answer.status, answer.body.scimType]).toEqual([400, 'invalidValue'])
    }
  })
})

describe('RFC 7644 §3.3.1', () => {
  it('sets meta.resourceType by the endpoint', async () => {
    expect((await person())['meta'].resourceType).toBe('User')
    expect((await group())['meta'].resourceType).toBe('Group')
  })
})

describe('RFC 7644 §3.4.1', () => {
  it('answers 200 with the resource, or 404', async () => {
    for (const [path, { id }] of [
      ['/Users', await person()],
      ['/Groups', await group()],
    ] as const) {
      const answer = await get(`${path}/${id}`)
      expect([answer.status, answer.body.id, answer.body.meta.location]).toEqual([200, id, `${root}${path}/${id}`])
      for (const unknown of [stranger, 'nobody']) expect((await get(`${path}/${unknown}`)).status).toBe(404)
    }
  })
})

describe('RFC 7644 §3.4.2', () => {
  it('answers a ListResponse that tells all there are', async () => {
    await person({ title: 'listed' })
    await person({ title: 'listed' })
    const { status, body } = await get('/Users', { filter: 'title eq "listed"' })
    expect(status).toBe(200)
    expect(body).toMatchObject({ schemas: [urns.list], totalResults: 2, startIndex: 1, itemsPerPage: 2 })
    expect(body.Resources).toHaveLength(2)
    const part = (await get('/Users', { filter: 'title eq "listed"', count: 1, startIndex: 2 })).body
    expect(part).toMatchObject({ totalResults: 2, startIndex: 2, itemsPerPage: 1 })
  })

  it('answers 200 with totalResults 0 where nobody is found', async () => {
    const answer = await get('/Users', { filter: 'userName eq "nobody at all"' })
    expect([answer.status, answer.body.totalResults, answer.body.Resources]).toEqual([200, 0, []])
  })

  it('passes parameters over that it does not know', async () => {
    expect((await get('/Users', { nonsense: 'x', count: 0 })).status).toBe(200)
  })
})

describe('RFC 7644 §3.4.2.1', () => {
  it('searches every type from the root; what a type lacks has no value', async () => {
    const name = 'known to both types'
    const [{ id: user }, { id: team }] = [await person({ displayName: name }), await group({ displayName: name })]
    const ids = async (filter: string) => {
      const { body } = await get('/', { filter: `displayName eq "${name}" and ${filter}` })
      return (body.Resources as readonly Resource[]).map(({ id }) => id)
    }
    expect(await ids('id pr')).toEqual([user, team])
    expect(await ids('userName pr')).toEqual([user])
    expect(await ids('not (userName pr)')).toEqual([team])
    expect(await ids('meta.resourceType eq "Group"')).toEqual([team])
  })
})

describe('RFC 7644 §3.4.2.2', () => {
  beforeAll(async () => {
    await person({
      userName: 'f-anna',
      displayName: 'Anna "the first"',
      externalId: 'F-1',
      emails: [
        { value: 'anna@example.com', type: 'work', primary: true },
        { value: 'anna@home.example', type: 'home' },
      ],
      x509Certificates: [{ value: 'AQID' }],
    })
    await person({ userName: 'f-ben', active: false, emails: [{ value: 'ben@example.com', type: 'home' }] })
    await person({ userName: 'f-cara', name: { familyName: 'Miller' }, [urns.enterprise]: { department: 'Sales' } })
  })
  const expectFound = async (rows: readonly (readonly [filter: string, names: readonly string[]])[]) => {
    for (const [filter, names] of rows) {
      const all = await found(`userName sw "f-" and (${filter})`, { sortBy: 'userName' })
      expect([filter, all]).toEqual([filter, names.map((name) => `f-${name}`)])
    }
  }

  it('knows eq, ne, co, sw, ew, pr, gt, ge, lt and le', () =>
    expectFound([
      ['userName eq "f-ben"', ['ben']],
      ['userName ne "f-ben"', ['anna', 'cara']],
      ['name.familyName co "ill"', ['cara']],
      ['name.familyName sw "Mill"', ['cara']],
      ['emails.value ew "home.example"', ['anna']],
      ['emails pr', ['anna', 'ben']],
      ['name pr', ['cara']],
      ['userName gt "f-ben"', ['cara']],
      ['userName ge "f-ben"', ['ben', 'cara']],
      ['userName lt "f-ben"', ['anna']],
      ['userName le "f-ben"', ['anna', 'ben']],
      ['meta.lastModified gt "2020-01-01T00:00:00Z"', ['anna', 'ben', 'cara']],
      ['active eq false', ['ben']],
    ]))

  it('binds brackets before not, not before and, and before or', () =>
    expectFound([
      ['userName eq "f-anna" or userName eq "f-ben" and active eq true', ['anna']],
      ['(userName eq "f-anna" or userName eq "f-ben") and active eq false', ['ben']],
      ['not (active eq false) and emails pr', ['anna']],
      ['not (active eq false or emails pr)', ['cara']],
    ]))

  it('takes names of attributes and operators in any case, with or without their URN', () =>
    expectFound([
      ['USERNAME EQ "f-ben"', ['ben']],
      ['NOT (Active Eq FALSE) AND emails Pr', ['anna']],
      [`${urns.user}:userName eq "f-ben"`, ['ben']],
      [`${urns.enterprise}:department eq "sales"`, ['cara']],
    ]))

  it('is fulfilled by any value of a list, and by one element where brackets say so', () =>
    expectFound([
      ['emails.value eq "anna@home.example"', ['anna']],
      ['emails eq "anna@home.example"', ['anna']],
      ['emails.type eq "home" and emails.value co "@example.com"', ['anna', 'ben']],
      ['emails[type eq "home" and value co "@example.com"]', ['ben']],
    ]))

  it('compares with case only what is caseExact', () =>
    expectFound([
      ['userName eq "F-ANNA"', ['anna']],
      ['emails.value eq "ANNA@EXAMPLE.COM"', ['anna']],
      ['externalId eq "F-1"', ['anna']],
      ['externalId eq "f-1"', []],
    ]))

  it('reads values as JSON, escapes and all', () =>
    expectFound([
      ['displayName eq "Anna \\"the first\\""', ['anna']],
      ['userName eq "f\\u002danna"', ['anna']],
      ['meta.created lt "2020-01-01T00:00:00Z"', []],
      ['displayName eq null', ['ben', 'cara']],
    ]))

  it('says invalidFilter to order of booleans and binaries, unknown operators and attributes, and what is no filter', async () => {
    for (const filter of [
      'active gt true',
      'active le false',
      'x509Certificates.value gt "AQID"',
      'userName like "x"',
      'nonsense eq "x"',
      'name eq "Miller"',
      'userName eq',
      'userName eq "x" and',
      '(userName eq "x"',
      'userName eq x',
    ]) {
      const answer = await get('/Users', { filter })
      expect([filter, answer.status, answer.body.scimType]).toEqual([filter, 400, 'invalidFilter'])
    }
  })
})

describe('RFC 7644 §3.4.2.3', () => {
  beforeAll(async () => {
    for (const [userName, title, emails] of [
      ['s-1', 'beta', ['m', 'a']],
      ['s-2', 'Alpha', ['z']],
      ['s-3', 'gamma', ['k']],
      ['s-4', undefined, []],
    ] as const) {
      await person({ userName, title, emails: emails.map((value, i) => ({ value, primary: i === 1 })) })
    }
  })
  const sorted = (sortBy: string, sortOrder?: string) =>
    found('userName sw "s-"', { sortBy, ...(sortOrder === undefined ? {} : { sortOrder }) })

  it('sorts upwards where nothing else is asked, without regard to case', async () => {
    for (const order of [undefined, 'ascending']) expect(await sorted('title', order)).toEqual(['s-2', 's-1', 's-3', 's-4'])
  })

  it('puts who has no value last, or first downwards', async () => {
    expect(await sorted('title', 'descending')).toEqual(['s-4', 's-3', 's-1', 's-2'])
  })

  it('sorts a list by its primary element, or its first', async () => {
    for (const path of ['emails', 'emails.value', `${urns.user}:EMAILS.value`])
      expect(await sorted(path)).toEqual(['s-1', 's-3', 's-2', 's-4'])
  })

  it('refuses to sort by what is no attribute', async () => {
    const answer = await get('/Users', { sortBy: 'nonsense' })
    expect([answer.status, answer.body.scimType]).toEqual([400, 'invalidPath'])
  })
})

describe('RFC 7644 §3.4.2.4', () => {
  const page = async (query: Readonly<Record<string, string | number>>) =>
    (await get('/Users', { filter: 'userName sw "p-"', sortBy: 'userName', ...query })).body
  beforeAll(async () => {
    for (const name of ['p-1', 'p-2', 'p-3']) await person({ userName: name })
  })

  it('takes a startIndex below 1 for 1', async () => {
    for (const startIndex of [0, -3]) {
      const { Resources, startIndex: at } = await page({ startIndex, count: 1 })
      expect([at, userNames(Resources)]).toEqual([1, ['p-1']])
    }
  })

  it('never answers more than count, and nobody for 0 or less', async () => {
    expect(await page({ count: 2 })).toMatchObject({ itemsPerPage: 2, totalResults: 3 })
    for (const count of [0, -1]) expect(await page({ count })).toMatchObject({ totalResults: 3, itemsPerPage: 0, Resources: [] })
  })

  it('has the pages follow each other, and an empty one behind the last', async () => {
    const pages = [await page({ count: 2 }), await page({ startIndex: 3, count: 2 }), await page({ startIndex: 5, count: 2 })]
    expect(pages.map(({ Resources }) => userNames(Resources))).toEqual([['p-1', 'p-2'], ['p-3'], []])
    expect(pages.map(({ totalResults }) => totalResults)).toEqual([3, 3, 3])
  })

  it('says invalidValue to what is no number', async () => {
    for (const query of [{ startIndex: 'one' }, { count: '1.5' }]) {
      const answer = await get('/Users', query)
      expect([answer.status, answer.body.scimType]).toEqual([400, 'invalidValue'])
    }
  })
})

describe('RFC 7644 §3.4.3', () => {
  it('answers a SearchRequest as it answers the same query', async () => {
    await person({ title: 'searched' })
    const asked = {
      filter: 'title eq "searched" or displayName pr',
      attributes: ['displayName', 'title'],
      sortBy: 'id',
      count: 3,
    }
    for (const path of ['/Users', '']) {
      const byQuery = await get(path === '' ? '/' : path, { ...asked, attributes: 'displayName,title' })
      const bySearch = await post(`${path}/.search`, { schemas: [urns.search], ...asked })
      expect([bySearch.status, bySearch.body]).toEqual([200, byQuery.body])
      expect(bySearch.body.schemas).toEqual([urns.list])
    }
    expect((await post('/Groups/.search', { schemas: [urns.search], count: 0 })).body.schemas).toEqual([urns.list])
  })
})

describe('RFC 7644 §3.5.1', () => {
  it('answers 200 with the resource as it is now; what was left out is gone', async () => {
    const { id, userName } = await person({ title: 'before', nickName: 'before', emails: [{ value: 'a@example.com' }] })
    const answer = await put(`/Users/${id}`, { schemas: [urns.user], userName, title: 'after' })
    expect([answer.status, answer.body.id, answer.body.title]).toEqual([200, id, 'after'])
    for (const name of ['nickName', 'emails']) expect(answer.body).not.toHaveProperty(name)
    expect((await get(`/Users/${id}`)).body).toEqual(answer.body)
  })

  it('passes read-only attributes over, other than they are too', async () => {
    const { id, userName, meta } = await person()
    const sent = { id: stranger, groups: [{ value: stranger }], meta: { created: '2001-01-01T00:00:00Z', resourceType: 'Group' } }
    const { status, body } = await put(`/Users/${id}`, { schemas: [urns.user], userName, ...sent })
    expect([status, body.id, body.groups, body.meta]).toEqual([200, id, undefined, meta])
    const nonsense = await put(`/Users/${id}`, { schemas: [urns.user], userName, id: 5, groups: 'all', meta: ['x'] })
    expect([nonsense.status, nonsense.body.meta]).toEqual([200, meta])
  })

  it('says invalidValue where a required attribute is missing', async () => {
    const answer = await put(`/Users/${(await person()).id}`, { schemas: [urns.user], title: 'nameless' })
    expect([answer.status, answer.body.scimType]).toEqual([400, 'invalidValue'])
  })

  it('never creates', async () => {
    expect((await put(`/Users/${stranger}`, { schemas: [urns.user], userName: 'never created' })).status).toBe(404)
    expect((await put(`/Groups/${stranger}`, { schemas: [urns.group], displayName: 'never created' })).status).toBe(404)
    expect((await get('/', { filter: 'userName eq "never created" or displayName eq "never created"' })).body.totalResults).toBe(
      0,
    )
  })

  it('says 409 uniqueness to the name of another', async () => {
    const [{ userName }, { id }] = [await person(), await person()]
    const answer = await put(`/Users/${id}`, { schemas: [urns.user], userName })
    expect([answer.status, answer.body.scimType]).toEqual([409, 'uniqueness'])
  })

  it('keeps a password that is not repeated, and takes a new one', async () => {
    const [password, other] = ['the first long password', 'the second long password']
    const { id, userName } = await person({ password })
    const signIn = async (as: string) =>
      cookieOf(await postForm(scim.server().url, '/login', { loginName: userName, password: as })) !== ''
    await put(`/Users/${id}`, { schemas: [urns.user], userName, title: 'changed' })
    expect(await signIn(password)).toBe(true)
    const answer = await put(`/Users/${id}`, { schemas: [urns.user], userName, password: other })
    expect(answer.body).not.toHaveProperty('password')
    expect([await signIn(password), await signIn(other)]).toEqual([false, true])
  })
})

/** A person after operations. */
async function after(before: object, ...operations: readonly object[]): Promise<Resource> {
  const { id } = await person(before)
  const answer = await patch(`/Users/${id}`, operations)
  expect([answer.status, answer.body.detail]).toEqual([200, undefined])
  expect((await get(`/Users/${id}`)).body).toEqual(answer.body)
  return answer.body
}

async function refusal(before: object, ...operations: readonly object[]): Promise<readonly [number, string | undefined]> {
  const { id } = await person(before)
  const answer = await patch(`/Users/${id}`, operations)
  expect(answer.body.schemas).toEqual([urns.error])
  return [answer.status, answer.body.scimType as string]
}

const emails = [
  { value: 'w@example.com', type: 'work', primary: true },
  { value: 'h@example.com', type: 'home' },
  { value: 'o@example.com', type: 'other' },
]

describe('RFC 7644 §3.5.2', () => {
  it('holds every operation of a request, or none', async () => {
    const { id, meta } = await person({ title: 'before' })
    const answer = await patch(`/Users/${id}`, [
      { op: 'replace', path: 'title', value: 'after' },
      { op: 'replace', path: 'active', value: 'perhaps' },
    ])
    expect([answer.status, answer.body.scimType]).toEqual([400, 'invalidValue'])
    expect((await get(`/Users/${id}`)).body).toMatchObject({ title: 'before', active: true, meta })
  })

  it('carries operations out in their order', async () => {
    const { title } = await after({}, { op: 'add', path: 'title', value: 'a' }, { op: 'replace', path: 'title', value: 'b' })
    expect(title).toBe('b')
  })

  it('says mutability to a change of what is read-only or immutable', async () => {
    for (const path of ['id', 'meta.created', 'groups']) {
      for (const operation of [
        { op: 'replace', path, value: 'x' },
        { op: 'add', path, value: 'x' },
      ]) {
        expect([operation, await refusal({}, operation)]).toEqual([operation, [400, 'mutability']])
      }
    }
    const { id: member } = await person()
    const { id } = await group({ members: [{ value: member }] })
    for (const path of [`members[value eq "${member}"].value`, `members[value eq "${member}"]`]) {
      const answer = await patch(`/Groups/${id}`, [{ op: 'replace', path, value: { value: stranger } }])
      expect([path, answer.status, answer.body.scimType]).toEqual([path, 400, 'mutability'])
    }
  })

  it('takes primary from the others when a value becomes primary', async () => {
    const added = await after({ emails }, { op: 'add', path: 'emails', value: [{ value: 'n@example.com', primary: true }] })
    const set = await after({ emails }, { op: 'replace', path: 'emails[type eq "home"].primary', value: true })
    for (const [{ emails: now }, chosen] of [
      [added, 'n@example.com'],
      [set, 'h@example.com'],
    ] as const) {
      expect(valuesOf(now.filter(({ primary }: { primary?: boolean }) => primary))).toEqual([chosen])
    }
  })

  it('answers 200 with the resource, or 204; where attributes are asked for, 200', async () => {
    const { id: user } = await person()
    const { id: team } = await group()
    const operations = [{ op: 'replace', path: 'displayName', value: 'patched' }]
    expect(await patch(`/Users/${user}`, operations)).toMatchObject({ status: 200, body: { id: user, displayName: 'patched' } })
    expect(await patch(`/Groups/${team}`, operations)).toMatchObject({ status: 204, text: '' })
    for (const path of [`/Users/${user}`, `/Groups/${team}`]) {
      const { status, body } = await patch(path, operations, { attributes: 'displayName' })
      expect([status, Object.keys(body as object)]).toEqual([200, ['schemas', 'id', 'displayName']])
    }
  })

  it('finds paths with or without their URN, in any case', async () => {
    const changed = await after(
      { emails },
      { op: 'replace', path: `${urns.user}:NAME.familyName`, value: 'Sato' },
      { op: 'add', path: `${urns.enterprise}:department`, value: 'Sales' },
      { op: 'remove', path: `${urns.user}:emails[TYPE eq "home" or value sw "o@"]` },
    )
    expect(changed).toMatchObject({ name: { familyName: 'Sato' }, [urns.enterprise]: { department: 'Sales' } })
    expect(valuesOf(changed['emails'])).toEqual(['w@example.com'])
  })

  it('says invalidSyntax, invalidPath, invalidFilter or invalidValue to what is wrong with an operation', async () => {
    for (const [operation, scimType] of [
      [{ op: 'move', path: 'title', value: 'x' }, 'invalidSyntax'],
      [{ path: 'title', value: 'x' }, 'invalidSyntax'],
      [{ op: 'add', path: 'nonsense', value: 'x' }, 'invalidPath'],
      [{ op: 'add', path: 'emails[type eq "work"', value: 'x' }, 'invalidPath'],
      [{ op: 'remove', path: 'emails[type like "work"]' }, 'invalidFilter'],
      [{ op: 'add', path: 'title', value: 5 }, 'invalidValue'],
      [{ op: 'add', path: 'title' }, 'invalidValue'],
      [{ op: 'replace', value: 'x' }, 'invalidValue'],
    ] as const) {
      expect([operation, await refusal({}, operation)]).toEqual([operation, [400, scimType]])
    }
    expect(await refusal({})).toEqual([400, 'invalidSyntax'])
  })
})

describe('RFC 7644 §3.5.2.1', () => {
  it('adds what the value names where there is no path', async () => {
    const value = { nickName: 'new', name: { givenName: 'Hana' }, emails: [{ value: 'n@example.com' }] }
    const { nickName, name, emails: now } = await after({ emails, name: { familyName: 'Sato' } }, { op: 'add', value })
    expect({ nickName, name }).toEqual({ nickName: 'new', name: { familyName: 'Sato', givenName: 'Hana' } })
    expect(valuesOf(now)).toEqual(['w@example.com', 'h@example.com', 'o@example.com', 'n@example.com'])
  })

  it('makes the attribute, replaces a single value, adds parts and elements', async () => {
    const changed = await after(
      { title: 'before', emails, name: { familyName: 'Sato', givenName: 'Taro' } },
      { op: 'add', path: 'nickName', value: 'made' },
      { op: 'add', path: 'title', value: 'after' },
      { op: 'add', path: 'name', value: { givenName: 'Jiro' } },
      { op: 'add', path: 'emails', value: [{ value: 'n@example.com' }] },
    )
    expect(changed).toMatchObject({ nickName: 'made', title: 'after', name: { familyName: 'Sato', givenName: 'Jiro' } })
    expect(changed['emails']).toHaveLength(4)
  })

  it('leaves version and lastModified where the value is there already', async () => {
    const { id, meta } = await person({ title: 'same', emails })
    const { status, body } = await patch(`/Users/${id}`, [
      { op: 'add', path: 'title', value: 'same' },
      { op: 'add', path: 'emails', value: [emails[1]] },
    ])
    expect([status, body.meta, body.emails]).toEqual([200, meta, emails])
  })
})

describe('RFC 7644 §3.5.2.2', () => {
  it('says noTarget without a path', async () => {
    expect(await refusal({}, { op: 'remove' })).toEqual([400, 'noTarget'])
    expect(await refusal({}, { op: 'remove', value: { title: 'x' } })).toEqual([400, 'noTarget'])
  })

  it('leaves a removed attribute without a value, single, complex or list', async () => {
    const before = { title: 'gone', name: { familyName: 'Sato', givenName: 'Taro' }, emails, phoneNumbers: [{ value: '1' }] }
    const changed = await after(before, ...['title', 'name', 'emails'].map((path) => ({ op: 'remove', path })))
    for (const name of ['title', 'name', 'emails']) expect(changed).not.toHaveProperty(name)
    expect(changed).toHaveProperty('phoneNumbers')
    expect((await after(before, { op: 'remove', path: 'name.givenName' }))['name']).toEqual({ familyName: 'Sato' })
  })

  it('removes the elements that a filter finds; without any left the attribute is gone', async () => {
    const some = await after({ emails }, { op: 'remove', path: 'emails[type eq "home" or type eq "other"]' })
    expect(valuesOf(some['emails'])).toEqual(['w@example.com'])
    expect(await after({ emails }, { op: 'remove', path: 'emails[value co "@"]' })).not.toHaveProperty('emails')
    const part = await after({ emails }, { op: 'remove', path: 'emails[type eq "home"].type' })
    expect(part['emails'][1]).toEqual({ value: 'h@example.com' })
  })

  it('removes members of a group, one or all', async () => {
    const members = [{ value: (await person()).id }, { value: (await person()).id }]
    const { id } = await group({ members })
    const left = async () => valuesOf((await get(`/Groups/${id}`)).body.members)
    expect((await patch(`/Groups/${id}`, [{ op: 'remove', path: `members[value eq "${members[0]!.value}"]` }])).status).toBe(204)
    expect(await left()).toEqual([members[1]!.value])
    await patch(`/Groups/${id}`, [{ op: 'remove', path: 'members' }])
    expect(await left()).toEqual([])
  })

  it('says mutability to the removal of what is required or read-only', async () => {
    for (const path of ['userName', 'id', 'meta', 'groups'])
      expect([path, await refusal({}, { op: 'remove', path })]).toEqual([path, [400, 'mutability']])
    const answer = await patch(`/Groups/${(await group()).id}`, [{ op: 'remove', path: 'displayName' }])
    expect([answer.status, answer.body.scimType]).toEqual([400, 'mutability'])
  })
})

describe('RFC 7644 §3.5.2.3', () => {
  it('replaces what the value names where there is no path', async () => {
    const value = { title: 'after', emails: [{ value: 'n@example.com' }] }
    const changed = await after({ title: 'before', nickName: 'kept', emails }, { op: 'replace', value })
    expect(changed).toMatchObject({ ...value, nickName: 'kept' })
  })

  it('replaces a single value and a whole list; what was not there is added', async () => {
    const changed = await after(
      { title: 'before', emails },
      { op: 'replace', path: 'title', value: 'after' },
      { op: 'replace', path: 'nickName', value: 'made' },
      { op: 'replace', path: 'emails', value: [{ value: 'n@example.com' }] },
    )
    expect(changed).toMatchObject({ title: 'after', nickName: 'made', emails: [{ value: 'n@example.com' }] })
  })

  it('leaves the parts of a complex attribute that the value does not name', async () => {
    const before = { name: { familyName: 'Sato', givenName: 'Taro' } }
    const { name } = await after(before, { op: 'replace', path: 'name', value: { givenName: 'Jiro', middleName: 'S' } })
    expect(name).toEqual({ familyName: 'Sato', givenName: 'Jiro', middleName: 'S' })
  })

  it('replaces every element that a filter finds, or its part that the path names', async () => {
    const [path, value] = ['emails[type eq "home" or type eq "other"]', 'n@example.com']
    const whole = await after({ emails }, { op: 'replace', path: 'emails[type eq "home"]', value: { value, type: 'new' } })
    expect(whole['emails']).toEqual([emails[0], { value, type: 'new' }, emails[2]])
    const part = await after({ emails }, { op: 'replace', path: `${path}.display`, value: 'shown' })
    expect(part['emails']).toEqual([emails[0], { ...emails[1], display: 'shown' }, { ...emails[2], display: 'shown' }])
  })

  it('says noTarget where the filter finds no element', async () => {
    for (const path of ['emails[type eq "fax"]', 'emails[type eq "fax" and value co "@"].value', 'emails[value eq "x"].type'])
      expect([path, await refusal({ emails }, { op: 'replace', path, value: 'x' })]).toEqual([path, [400, 'noTarget']])
  })

  it('replaces all members of a group', async () => {
    const [one, two] = [(await person()).id, (await person()).id]
    const { id } = await group({ members: [{ value: one }] })
    await patch(`/Groups/${id}`, [{ op: 'replace', path: 'members', value: [{ value: two }] }])
    expect(valuesOf((await get(`/Groups/${id}`)).body.members)).toEqual([two])
  })
})

describe('RFC 7644 §3.6', () => {
  it('answers 204, then 404 to everything; nobody finds it, and its name is free', async () => {
    for (const [path, made, name] of [
      ['/Users', await person(), 'userName'],
      ['/Groups', await group(), 'displayName'],
    ] as const) {
      const own = `${path}/${made.id}`
      expect(await remove(own)).toMatchObject({ status: 204, text: '' })
      const body = { [name]: made[name] as string }
      const operations = [{ op: 'replace', path: name, value: 'x' }]
      for (const answer of [await get(own), await put(own, body), await patch(own, operations), await remove(own)])
        expect([answer.status, answer.body.status]).toEqual([404, '404'])
      expect((await get(path, { filter: `id eq "${made.id}"` })).body.totalResults).toBe(0)
      const again = await post(path, body)
      expect([again.status, again.body.id === made.id]).toEqual([201, false])
    }
  })
})

const create = (bulkId: string, userName: string) => ({ method: 'POST', path: '/Users', bulkId, data: { userName } })
const broken = { method: 'POST', path: '/Users', bulkId: 'broken', data: {} }
type Result = Readonly<Record<'method' | 'bulkId' | 'status' | 'location' | 'version', string>> & { readonly response?: object }
const results = async (operations: readonly object[], rest?: object) => {
  const { status, body } = await bulk(operations, rest)
  expect([status, body.schemas]).toEqual([200, [urns.bulkResponse]])
  return body.Operations as readonly Result[]
}

describe('RFC 7644 §3.7', () => {
  it('carries out POST, PUT, PATCH and DELETE and tells method, status, location and version of each', async () => {
    const [a, b, c] = [await person(), await person(), await person()]
    const all = await results([
      create('new', 'bulk-1'),
      { method: 'PUT', path: `/Users/${a.id}`, data: { userName: a['userName'] as string, title: 'put' } },
      { method: 'PATCH', path: `/Users/${b.id}`, data: { Operations: [{ op: 'add', path: 'title', value: 'patched' }] } },
      { method: 'DELETE', path: `/Users/${c.id}` },
    ])
    expect(all.map(({ method, status }) => [method, status])).toEqual([
      ['POST', '201'],
      ['PUT', '200'],
      ['PATCH', '200'],
      ['DELETE', '204'],
    ])
    expect(all.map(({ version }) => version)).toEqual(['W/"1"', 'W/"2"', 'W/"2"', undefined])
    expect(all[0]!.bulkId).toBe('new')
    expect(all.slice(1).map(({ location }) => location)).toEqual([a, b, c].map(({ id }) => `${root}/Users/${id}`))
    expect((await get(all[0]!.location.slice(root.length))).body.userName).toBe('bulk-1')
  })

  it('goes on after failures, and ends at the one that failOnErrors names', async () => {
    const operations = [broken, create('a', 'bulk-2'), { ...broken, bulkId: 'broken-2' }, create('b', 'bulk-3')]
    expect((await results(operations)).map(({ status }) => status)).toEqual(['400', '201', '400', '201'])
    const again = [create('c', 'bulk-4'), broken, { ...broken, bulkId: 'broken-2' }, create('d', 'bulk-5')]
    expect((await results(again, { failOnErrors: 1 })).map(({ status }) => status)).toEqual(['201', '400'])
    expect(await found('userName eq "bulk-5"')).toEqual([])
  })

  it('puts the error into the result of what failed, which has no location where nothing was created', async () => {
    const [failed] = await results([broken])
    expect(failed).toMatchObject({
      method: 'POST',
      bulkId: 'broken',
      status: '400',
      response: { scimType: 'invalidValue', status: '400' },
    })
    expect(failed).not.toHaveProperty('location')
    const { id } = await person()
    const [stale] = await results([
      { method: 'PATCH', path: `/Users/${id}`, version: 'W/"99"', data: { Operations: [{ op: 'remove', path: 'title' }] } },
    ])
    expect(stale).toMatchObject({ status: '412', location: `${root}/Users/${id}`, response: { status: '412' } })
  })

  it('refuses a POST without bulkId, and methods and paths that there are not', async () => {
    const all = await results([
      { method: 'POST', path: '/Users', data: { userName: 'nameless' } },
      { method: 'GET', path: '/Users' },
      { method: 'POST', path: '/Nothing', bulkId: 'n', data: {} },
    ])
    expect(all.map(({ status }) => status)).toEqual(['400', '405', '400'])
  })
})

describe('RFC 7644 §3.7.1', () => {
  it('puts ids in place of bulkIds, in circles too', async () => {
    const manager = (name: string) => ({ [urns.enterprise]: { manager: { value: `bulkId:${name}` } } })
    const all = await results([
      { method: 'POST', path: '/Groups', bulkId: 'g', data: { displayName: 'bulk', members: [{ value: 'bulkId:x' }] } },
      { ...create('x', 'bulk-6'), data: { userName: 'bulk-6', ...manager('y') } },
      { ...create('y', 'bulk-7'), data: { userName: 'bulk-7', ...manager('x') } },
    ])
    expect(all.map(({ status }) => status)).toEqual(['201', '201', '201'])
    const [g, x, y] = await Promise.all(all.map(async ({ location }) => (await get(location.slice(root.length))).body))
    expect(valuesOf(g!['members'])).toEqual([x!.id])
    expect([x, y].map((one) => one![urns.enterprise].manager.value as string)).toEqual([y!.id, x!.id])
  })

  it('says 409 where a bulkId stands for nothing', async () => {
    const data = { displayName: 'dangling', members: [{ value: 'bulkId:nobody' }] }
    const [result] = await results([{ method: 'POST', path: '/Groups', bulkId: 'g', data }])
    expect(result!.status).toBe('409')
  })
})

describe('RFC 7644 §3.7.4', () => {
  it('says 413 to more than ServiceProviderConfig advertises', async () => {
    const { maxOperations, maxPayloadSize } = (await get('/ServiceProviderConfig')).body.bulk as Record<string, number>
    const many = Array.from({ length: maxOperations! + 1 }, (_, i) => create(`${i}`, `too-many-${i}`))
    const large = [create('large', 'x'.repeat(maxPayloadSize!))]
    for (const [operations, limit] of [
      [many, maxOperations],
      [large, maxPayloadSize],
    ] as const) {
      const { status, body } = await bulk(operations)
      expect([status, body.schemas, body.detail]).toEqual([413, [urns.error], expect.stringContaining(String(limit))])
    }
    expect(await found('userName sw "too-many-"')).toEqual([])
  })
})

describe('RFC 7644 §3.8', () => {
  it('speaks application/scim+json, and application/json to who asks for it', async () => {
    for (const [accept, type] of [
      [undefined, 'application/scim+json; charset=utf-8'],
      ['application/scim+json', 'application/scim+json; charset=utf-8'],
      ['application/json', 'application/json; charset=utf-8'],
    ] as const) {
      const asked = (path: string) => (accept === undefined ? get(path) : get(path).set('Accept', accept))
      for (const path of ['/Users', `/Users/${stranger}`]) expect((await asked(path)).headers['content-type']).toBe(type)
    }
  })

  it('takes both types of body, refuses others, and what is not UTF-8 or not JSON', async () => {
    for (const type of ['application/scim+json', 'application/json', 'application/scim+json; charset=utf-8']) {
      const { userName } = await person()
      expect((await post('/Users', { userName: `${userName}-${type.length}` }).set('Content-Type', type)).status).toBe(201)
    }
    expect((await post('/Users', {}).set('Content-Type', 'text/xml').send('<user/>')).status).toBe(415)
    for (const bytes of [Buffer.from('{"userName":"\xe9"}', 'latin1'), Buffer.from('{"userName":')]) {
      const answer = await post('/Users', {})
        .serialize(String)
        .send(bytes as never)
      expect([answer.status, answer.body.scimType]).toEqual([400, 'invalidSyntax'])
    }
  })
})

describe('RFC 7644 §3.9', () => {
  it('shows what attributes names beside what is always shown', async () => {
    const { id } = await person({ title: 'shown', nickName: 'hidden', name: { familyName: 'Sato', givenName: 'Taro' } })
    for (const attributes of ['title,name.familyName', `TITLE, ${urns.user}:name.familyname`]) {
      const { body } = await get(`/Users/${id}`, { attributes })
      expect(body).toEqual({ schemas: [urns.user], id, title: 'shown', name: { familyName: 'Sato' } })
    }
    expect(Object.keys((await get(`/Users/${id}`, { attributes: 'nonsense' })).body as object)).toEqual(['schemas', 'id'])
  })

  it('hides what excludedAttributes names, but not what is always shown', async () => {
    const { id } = await person({ title: 'hidden', nickName: 'shown' })
    const { body } = await get(`/Users/${id}`, { excludedAttributes: 'id,schemas,title' })
    expect(body).toMatchObject({ schemas: [urns.user], id, nickName: 'shown' })
    expect(body).not.toHaveProperty('title')
  })

  it('holds for the answers to POST, PUT, PATCH and queries too', async () => {
    const userName = 'projected'
    const shown = (body: unknown) => Object.keys(body as object)
    const created = (await post('/Users', { userName, title: 'x' }, { attributes: 'userName' })).body
    const own = `/Users/${created.id}`
    const answers = [
      created,
      (await put(own, { userName, title: 'y' }, { attributes: 'userName' })).body,
      (await patch(own, [{ op: 'add', path: 'title', value: 'z' }], { attributes: 'userName' })).body,
      (await get('/Users', { filter: 'userName eq "projected"', attributes: 'userName' })).body.Resources[0],
    ]
    for (const body of answers) expect(shown(body)).toEqual(['schemas', 'id', 'userName'])
  })
})

describe('RFC 7644 §3.10', () => {
  it('takes attributes by their URN in filters, orders and lists of attributes', async () => {
    const { id } = await person({ userName: 'urn', [urns.enterprise]: { department: 'By URN' } })
    const { body } = await get('/Users', {
      filter: `${urns.user}:userName eq "urn" and ${urns.enterprise}:department eq "by urn"`,
      sortBy: `${urns.enterprise}:department`,
      attributes: `${urns.user}:userName,${urns.enterprise}:department`,
    })
    const schemas = [urns.user, urns.enterprise]
    expect(body.Resources).toEqual([{ schemas, id, userName: 'urn', [urns.enterprise]: { department: 'By URN' } }])
  })
})

describe('RFC 7644 §3.11', () => {
  it('answers /Me with the person himself, and the place where he always is', async () => {
    const password = 'a long password of his own'
    const { id, userName } = await person({ password })
    const cookie = cookieOf(await postForm(scim.server().url, '/login', { loginName: userName, password }))
    const answer = await request(scim.server().url).get('/scim/v2/Me').set('Cookie', cookie)
    expect([answer.status, answer.body.id, answer.headers['location']]).toEqual([200, id, `${root}/Users/${id}`])
    expect((await get('/Me')).status).toBe(404)
  })
})

describe('RFC 7644 §3.12', () => {
  it('has an error body with schemas, status as a text, and scimType where there is one', async () => {
    const { userName, id } = await person()
    for (const [answer, status, scimType] of [
      [await get('/Users', { filter: 'nonsense' }), 400, 'invalidFilter'],
      [await post('/Users', { userName }), 409, 'uniqueness'],
      [await patch(`/Users/${id}`, [{ op: 'remove' }]), 400, 'noTarget'],
      [await get(`/Users/${stranger}`), 404, undefined],
      [await get('/Nothing'), 404, undefined],
      [await put('/Users', {}), 405, undefined],
      [await put(`/Users/${id}`, { userName }).set('If-Match', 'W/"99"'), 412, undefined],
      [await get('/Users').set('Authorization', ''), 401, undefined],
    ] as const) {
      expect(answer.status).toBe(status)
      expect(answer.headers['content-type']).toBe('application/scim+json; charset=utf-8')
      expect(answer.body).toEqual({
        schemas: [urns.error],
        status: String(status),
        ...(scimType === undefined ? {} : { scimType }),
        detail: expect.stringMatching(/.{15}/) as string,
      })
    }
  })
})

describe('RFC 7644 §3.13', () => {
  it('refuses a version of the protocol that it does not speak', async () => {
    expect((await request(scim.server().url).get('/scim/v1/Users')).status).toBe(404)
    expect((await get('/Users', { count: 0 })).status).toBe(200)
  })
})

describe('RFC 7644 §3.14', () => {
  it('has the same version in ETag and meta.version, another after each change', async () => {
    const { id, meta } = await person()
    const first = await get(`/Users/${id}`)
    expect([first.headers['etag'], first.body.meta.version]).toEqual([meta.version, meta.version])
    const changed = await patch(`/Users/${id}`, [{ op: 'add', path: 'title', value: 'x' }])
    expect(changed.headers['etag']).toBe(changed.body.meta.version)
    expect(changed.headers['etag']).not.toBe(meta.version)
    const { body } = await get('/Users', { filter: `id eq "${id}"` })
    expect(body.Resources[0].meta.version).toBe(changed.headers['etag'])
  })

  it('changes nothing where If-Match names another version', async () => {
    const { id, userName, meta } = await person()
    const stale = { 'If-Match': 'W/"99"' }
    for (const answer of [
      await put(`/Users/${id}`, { userName, title: 'x' }).set(stale),
      await patch(`/Users/${id}`, [{ op: 'add', path: 'title', value: 'x' }]).set(stale),
      await remove(`/Users/${id}`).set(stale),
    ]) {
      expect(answer.status).toBe(412)
    }
    expect((await get(`/Users/${id}`)).body.meta).toEqual(meta)
    expect((await remove(`/Users/${id}`).set('If-Match', meta.version)).status).toBe(204)
  })

  it('answers 304 without a body where If-None-Match names this version', async () => {
    const { id, meta } = await person()
    expect(await get(`/Users/${id}`).set('If-None-Match', meta.version)).toMatchObject({ status: 304, text: '' })
    expect((await get(`/Users/${id}`).set('If-None-Match', 'W/"99"')).status).toBe(200)
  })
})

describe('RFC 7644 §4', () => {
  const endpoints = ['/ServiceProviderConfig', '/ResourceTypes', '/Schemas']

  it('describes itself: one ServiceProviderConfig, lists of ResourceTypes and Schemas, and each of them', async () => {
    expect((await get(endpoints[0]!)).body.schemas).toEqual(['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'])
    for (const endpoint of endpoints.slice(1)) {
      const { body } = await get(endpoint)
      expect([body.schemas, body.totalResults]).toEqual([[urns.list], body.Resources.length])
      for (const one of body.Resources as readonly Resource[]) expect((await get(`${endpoint}/${one.id}`)).body).toEqual(one)
    }
    for (const path of ['/ResourceTypes/Nothing', '/Schemas/urn:nothing']) expect((await get(path)).status).toBe(404)
  })

  it('says 403 to a filter there, and passes order and paging over', async () => {
    for (const path of [...endpoints, '/ResourceTypes/User', `/Schemas/${urns.user}`]) {
      expect((await get(path, { filter: 'id pr' })).status).toBe(403)
      const plain = (await get(path)).body
      expect((await get(path, { sortBy: 'id', sortOrder: 'descending', startIndex: 2, count: 1 })).body).toEqual(plain)
    }
  })

  it('is only read', async () => {
    for (const path of endpoints) {
      for (const answer of [await post(path, {}), await put(path, {}), await patch(path, []), await remove(path)])
        expect([path, answer.status, answer.headers['allow']]).toEqual([path, 405, 'GET'])
    }
  })
})

describe('RFC 7644 §5', () => {
  it('takes one name for the same in any case, width and composition', async () => {
    await person({ userName: 'Ｔａｒｏ-Ｊose\u0301' })
    for (const userName of ['taro-josé', 'TARO-JOSÉ', 'ｔaro-jose\u0301']) {
      expect((await post('/Users', { userName })).status).toBe(409)
      expect(await found(`userName eq "${userName}"`)).toHaveLength(1)
    }
  })

  it('takes one password for the same in any composition', async () => {
    const { userName } = await person({ password: 'un caf\u00e9 tr\u00e8s long' })
    const answer = await postForm(scim.server().url, '/login', {
      loginName: userName,
      password: 'un cafe\u0301 tre\u0300s long',
    })
    expect(cookieOf(answer)).not.toBe('')
  })
})

describe('RFC 7644 §7.7', () => {
  it('never answers a password, nor finds anybody by it', async () => {
    const password = 'secret words in a row'
    const { id } = await person({ password })
    for (const query of [{}, { attributes: 'password' }, { attributes: urns.user }] as Readonly<Record<string, string>>[])
      expect((await get(`/Users/${id}`, query)).text).not.toContain(password)
    const answer = await get('/Users', { filter: `password eq "${password}"` })
    expect([answer.status, answer.body.scimType]).toEqual([400, 'invalidFilter'])
  })
})
