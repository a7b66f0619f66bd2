import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { baseUrl } from '../kit/server'
import { scimServer, stranger, urns, type Resource } from './scim'

const root = `${baseUrl}/scim/v2`
const scim = scimServer()
const { get, post, put, patch, remove, person, group, found } = scim

type Attribute = Readonly<Record<string, unknown>> & {
  readonly name: string
  readonly type: string
  readonly subAttributes?: readonly Attribute[]
}
const attributesOf = async (schema: string) => (await get(`/Schemas/${schema}`)).body.attributes as readonly Attribute[]
const withParts = (attributes: readonly Attribute[]): readonly Attribute[] =>
  attributes.flatMap((one) => [one, ...withParts(one.subAttributes ?? [])])

describe('RFC 7643 §2.1', () => {
  it('knows names in any case', async () => {
    const body = { SCHEMAS: [urns.user], USERNAME: 'any-case', Name: { FAMILYNAME: 'Sato' }, [urns.enterprise.toUpperCase()]: { DEPARTMENT: 'Sales' } } // prettier-ignore
    const answer = await post('/Users', body)
    expect([answer.status, answer.body]).toMatchObject([
      201,
      { userName: 'any-case', name: { familyName: 'Sato' }, [urns.enterprise]: { department: 'Sales' } },
    ])
  })
})

describe('RFC 7643 §2.3', () => {
  it('takes of each attribute only its type', async () => {
    for (const wrong of [
      { displayName: 5 },
      { displayName: ['a', 'b'] },
      { active: 'perhaps' },
      { active: 1 },
      { name: 'Sato' },
      { emails: [{ value: { at: 'example.com' } }] },
      { profileUrl: true },
      { x509Certificates: [{ value: 'not base64!' }] },
    ]) {
      const answer = await post('/Users', { schemas: [urns.user], userName: 'wrong-type', ...wrong })
      expect([wrong, answer.status, answer.body.scimType]).toEqual([wrong, 400, 'invalidValue'])
    }
  })

  it('answers booleans as booleans, times as xsd:dateTime, binaries as base64 as they came', async () => {
    const x509Certificates = [{ value: 'AQIDBA==' }, { value: 'AQIDBA' }]
    const made = await person({ active: false, x509Certificates })
    expect([made.active, made.x509Certificates]).toEqual([false, x509Certificates])
    for (const time of [made.meta.created, made.meta.lastModified])
      expect(time).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/)
  })
})

describe('RFC 7643 §2.3.7', () => {
  it('refers to resources by URLs that lead to them', async () => {
    const member = await person()
    const { members } = await group({ members: [{ value: member.id }] })
    expect((await get((members[0].$ref as string).slice(root.length))).body.id).toBe(member.id)
  })
})

describe('RFC 7643 §2.4', () => {
  it('has at most one primary element', async () => {
    const twice = { emails: ['a@example.com', 'b@example.com'].map((value) => ({ value, primary: true })) }
    const { id, userName } = await person()
    for (const answer of [
      await post('/Users', { schemas: [urns.user], userName: 'two-primaries', ...twice }),
      await put(`/Users/${id}`, { schemas: [urns.user], userName, ...twice }),
      await patch(`/Users/${id}`, [{ op: 'add', value: twice }]),
    ]) {
      expect([answer.status, answer.body.scimType]).toEqual([400, 'invalidValue'])
    }
  })

  it('takes an element that does not say primary for one that is not', async () => {
    await person({ userName: 'primary-unsaid', emails: [{ value: 'u@example.com' }] })
    expect(await found('emails[value eq "u@example.com" and primary eq false]')).toEqual(['primary-unsaid'])
    const { id } = await person({ emails: [{ value: 'u@example.com' }, { value: 'p@example.com', primary: true }] })
    const { body } = await patch(`/Users/${id}`, [{ op: 'remove', path: 'emails[primary eq false]' }])
    expect(body.emails).toEqual([{ value: 'p@example.com', primary: true }])
  })

  it('keeps a value under several types, and each pair of type and value once', async () => {
    const one = { value: 'same@example.com', type: 'work' }
    const home = { ...one, type: 'home' }
    const { id, emails } = await person({ emails: [one, home, one] })
    expect(emails).toEqual([one, home])
    const { body } = await patch(`/Users/${id}`, [{ op: 'add', path: 'emails', value: [{ ...one, display: 'shown' }] }])
    expect(body.emails).toEqual([{ ...one, display: 'shown' }, home])
  })

  it('takes types beside the canonical ones', async () => {
    const emails = [{ value: 'x@example.com', type: 'boat' }]
    expect((await person({ emails })).emails).toEqual(emails)
  })
})

describe('RFC 7643 §2.5', () => {
  it('takes null, an empty list and an absence for the same: no value, and shows none', async () => {
    const full = { title: 'x', emails: [{ value: 'a@example.com' }], name: { familyName: 'Sato' } }
    const { id, userName } = await person(full)
    for (const empty of [{ title: null, emails: [], name: null }, { emails: null, name: {} }, {}]) {
      await put(`/Users/${id}`, { schemas: [urns.user], userName, ...full })
      const { status, body } = await put(`/Users/${id}`, { schemas: [urns.user], userName, ...empty })
      expect([status, Object.keys(body as object).sort()]).toEqual([200, ['active', 'id', 'meta', 'schemas', 'userName']])
    }
  })
})

describe('RFC 7643 §3', () => {
  it('names in schemas, once each, those that the resource uses', async () => {
    const plain = await person()
    const employee = await person({ schemas: [urns.user, urns.enterprise], [urns.enterprise]: { department: 'Sales' } })
    expect([plain.schemas, employee.schemas]).toEqual([[urns.user], [urns.user, urns.enterprise]])
    expect((await group()).schemas).toEqual([urns.group])
    const { body } = await patch(`/Users/${employee.id}`, [{ op: 'remove', path: `${urns.enterprise}:department` }])
    expect([body.schemas, body[urns.enterprise]]).toEqual([[urns.user], undefined])
  })
})

describe('RFC 7643 §3.1', () => {
  it('gives each resource an id of its own, and nobody that of one who was deleted', async () => {
    const made = [await person({ id: 'mine' }), await person(), await group()]
    const gone = made[1]!
    await remove(`/Users/${gone.id}`)
    const again = await person({ id: gone.id, userName: gone.userName })
    expect(new Set([...made, again].map(({ id }) => id as string)).size).toBe(4)
    expect([...made, again].map(({ id }) => id as string)).not.toContain('mine')
  })

  it('keeps an id for as long as the resource is there', async () => {
    const { id, userName } = await person()
    expect((await put(`/Users/${id}`, { schemas: [urns.user], userName: `${userName}-renamed` })).body.id).toBe(id)
    const renamed = await patch(`/Users/${id}`, [{ op: 'replace', path: 'userName', value: `${userName}-again` }])
    expect(renamed.body.id).toBe(id)
  })

  it('keeps the externalId of each client apart', async () => {
    const { id } = await person({ externalId: 'ours' })
    const token = await scim.server().token(['users:read', 'users:write'])
    const other = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/scim+json' }
    const seen = await get(`/Users/${id}`).set(other)
    expect([seen.status, seen.body.externalId]).toEqual([200, undefined])
    expect((await get('/Users', { filter: 'externalId eq "ours"' }).set(other)).body.totalResults).toBe(0)
    const theirs = await post('/Users', { schemas: [urns.user], userName: 'of-another', externalId: 'ours' }).set(other)
    expect([theirs.status, theirs.body.externalId]).toEqual([201, 'ours'])
    expect((await get(`/Users/${id}`)).body.externalId).toBe('ours')
  })

  it('says in meta what a resource is, since when, of when, where and in which version', async () => {
    const { id, meta } = await person()
    const answer = await get(`/Users/${id}`)
    expect(answer.body.meta).toEqual({
      resourceType: 'User',
      created: meta.created,
      lastModified: meta.created,
      location: answer.headers['content-location'],
      version: answer.headers['etag'],
    })
    await new Promise((resolve) => setTimeout(resolve, 2))
    const later = (await patch(`/Users/${id}`, [{ op: 'add', path: 'title', value: 'x' }])).body.meta
    expect(later.created).toBe(meta.created)
    expect(Date.parse(later.lastModified as string)).toBeGreaterThan(Date.parse(meta.lastModified as string))
  })
})

describe('RFC 7643 §3.3', () => {
  it('keeps the attributes of an extension under its URN', async () => {
    const extension = {
      employeeNumber: '701984',
      costCenter: '4130',
      organization: 'Example',
      division: 'East',
      department: 'Sales',
    }
    const made = await person({ schemas: [urns.user, urns.enterprise], [urns.enterprise]: extension })
    expect(made[urns.enterprise]).toEqual(extension)
    for (const name of Object.keys(extension)) expect(made).not.toHaveProperty(name)
  })
})

describe('RFC 7643 §4.1', () => {
  it('has a userName for everybody, unique without regard to case, in the case it came in', async () => {
    expect((await person({ userName: 'Mixed-Case' })).userName).toBe('Mixed-Case')
    for (const [userName, status, scimType] of [
      ['mixed-case', 409, 'uniqueness'],
      ['', 400, 'invalidValue'],
      [null, 400, 'invalidValue'],
    ] as const) {
      const answer = await post('/Users', { schemas: [urns.user], userName })
      expect([userName, answer.status, answer.body.scimType]).toEqual([userName, status, scimType])
    }
  })
})

describe('RFC 7643 §4.1.1', () => {
  it('takes a password and never shows it', async () => {
    const password = 'taken and never shown'
    const { id, userName } = await person({ password })
    const texts = [
      await get(`/Users/${id}`, { attributes: `password,${urns.user}:password` }),
      await patch(`/Users/${id}`, [{ op: 'replace', path: 'password', value: `${password} again` }]),
      await put(`/Users/${id}`, { schemas: [urns.user], userName, password }),
    ].map(({ text }) => text)
    for (const text of texts) expect(text).not.toMatch(/password|shown/)
  })
})

describe('RFC 7643 §4.1.2', () => {
  it('shows the groups of a person, direct and indirect, and changes them at the group alone', async () => {
    const { id, userName } = await person()
    const inner = await group({ members: [{ value: id }] })
    const outer = await group({ members: [{ value: inner.id }] })
    const { groups } = (await get(`/Users/${id}`)).body
    const shown = (one: Resource, type: string) => ({
      value: one.id as string,
      $ref: `${root}/Groups/${one.id}`,
      display: one.displayName as string,
      type,
    })
    expect(groups).toHaveLength(2)
    expect(groups).toEqual(expect.arrayContaining([shown(inner, 'direct'), shown(outer, 'indirect')]))
    const { body } = await put(`/Users/${id}`, { schemas: [urns.user], userName, groups: [] })
    expect(body.groups).toHaveLength(2)
  })
})

describe('RFC 7643 §4.2', () => {
  it('has a displayName for every group, and members that are users or groups', async () => {
    for (const displayName of [undefined, null, '']) {
      expect((await post('/Groups', { schemas: [urns.group], displayName })).body.scimType).toBe('invalidValue')
    }
    const [user, inner] = [await person(), await group()]
    const { members } = await group({ members: [{ value: user.id }, { value: inner.id }] })
    expect(members).toHaveLength(2)
    expect(members).toEqual(
      expect.arrayContaining([
        { value: user.id, $ref: `${root}/Users/${user.id}`, type: 'User', display: user.userName },
        { value: inner.id, $ref: `${root}/Groups/${inner.id}`, type: 'Group', display: inner.displayName },
      ]),
    )
    const answer = await post('/Groups', { schemas: [urns.group], displayName: 'of nobody', members: [{ value: stranger }] })
    expect([answer.status, answer.body.scimType]).toEqual([400, 'invalidValue'])
  })
})

describe('RFC 7643 §4.3', () => {
  it('shows a manager by id and URL', async () => {
    const { id } = await person()
    const made = await person({ schemas: [urns.user, urns.enterprise], [urns.enterprise]: { manager: { value: id } } })
    expect(made[urns.enterprise].manager).toEqual({ value: id, $ref: `${root}/Users/${id}` })
  })
})

describe('RFC 7643 §5', () => {
  it('tells what the server can do, with every attribute that is required', async () => {
    const { body } = await get('/ServiceProviderConfig')
    for (const name of ['patch', 'bulk', 'filter', 'changePassword', 'sort', 'etag']) expect([name, body[name]?.supported]).toEqual([name, true]) // prettier-ignore
    expect(body.bulk).toEqual({ supported: true, maxOperations: expect.any(Number), maxPayloadSize: expect.any(Number) })
    expect(body.filter.maxResults).toEqual(expect.any(Number))
    expect((await get('/Users', { count: body.filter.maxResults + 1 })).body.itemsPerPage).toBeLessThanOrEqual(body.filter.maxResults as number) // prettier-ignore
    const schemes = body.authenticationSchemes as readonly Resource[]
    expect(schemes.length).toBeGreaterThan(0)
    for (const scheme of schemes) {
      expect(['oauth', 'oauth2', 'oauthbearertoken', 'httpbasic', 'httpdigest']).toContain(scheme.type)
      expect(scheme).toMatchObject({ name: expect.any(String), description: expect.any(String) })
    }
  })
})

describe('RFC 7643 §6', () => {
  it('describes each type of resource by its endpoint and schemas, which are there', async () => {
    const { body } = await get('/ResourceTypes')
    const known = ((await get('/Schemas')).body.Resources as readonly Resource[]).map(({ id }) => id as string)
    for (const type of body.Resources as readonly Resource[]) {
      expect(type.schemas).toEqual(['urn:ietf:params:scim:schemas:core:2.0:ResourceType'])
      expect((await get(type.endpoint as string)).status).toBe(200)
      const extensions = (type.schemaExtensions ?? []) as readonly Resource[]
      for (const { required } of extensions) expect(typeof required).toBe('boolean')
      expect(known).toEqual(expect.arrayContaining([type.schema, ...extensions.map(({ schema }) => schema as string)]))
    }
  })
})

describe('RFC 7643 §7', () => {
  it('describes every attribute in full, with words of the RFC', async () => {
    const types = ['string', 'boolean', 'decimal', 'integer', 'dateTime', 'reference', 'complex', 'binary']
    const { body } = await get('/Schemas')
    for (const schema of body.Resources as readonly Resource[]) {
      for (const one of withParts(schema.attributes as readonly Attribute[])) {
        expect(types).toContain(one.type)
        expect(['readOnly', 'readWrite', 'immutable', 'writeOnly']).toContain(one['mutability'])
        expect(['always', 'never', 'default', 'request']).toContain(one['returned'])
        expect(['none', 'server', 'global']).toContain(one['uniqueness'])
        for (const name of ['multiValued', 'required', 'caseExact']) expect([one.name, name, typeof one[name]]).toEqual([one.name, name, 'boolean']) // prettier-ignore
        expect(one.type === 'complex').toBe(one.subAttributes !== undefined)
        if (one.type === 'reference') expect(one['referenceTypes']).not.toEqual([])
      }
    }
  })

  it('holds returned: what is never returned is in no answer, everything else is in a full one', async () => {
    for (const schema of [urns.user, urns.enterprise, urns.group]) {
      for (const { name, returned } of await attributesOf(schema)) {
        expect([name, returned]).toEqual([name, name === 'password' ? 'never' : 'default'])
      }
    }
  })

  it('holds mutability: read-only values are passed over in a resource, and refused in a PATCH', async () => {
    const { id, userName } = await person()
    for (const { name, mutability } of await attributesOf(urns.user)) {
      if (mutability !== 'readOnly') continue
      const sent = { schemas: [urns.user], userName, [name]: [{ value: stranger }] }
      const { status, body } = await put(`/Users/${id}`, sent)
      expect([name, status, body[name]]).toEqual([name, 200, undefined])
      const answer = await patch(`/Users/${id}`, [{ op: 'add', path: name, value: [{ value: stranger }] }])
      expect([name, answer.status, answer.body.scimType]).toEqual([name, 400, 'mutability'])
    }
  })

  it('holds uniqueness: what is unique at the server is refused when it comes again', async () => {
    for (const [path, schema] of [
      ['/Users', urns.user],
      ['/Groups', urns.group],
    ] as const) {
      for (const { name, uniqueness } of await attributesOf(schema)) {
        if (uniqueness !== 'server') continue
        const body = { schemas: [schema], [name]: `unique ${name}` }
        expect((await post(path, body)).status).toBe(201)
        const again = await post(path, body)
        expect([name, again.status, again.body.scimType]).toEqual([name, 409, 'uniqueness'])
      }
    }
  })

  it('holds caseExact in filters, and keeps every value in the case it came in', async () => {
    const exact = { x509Certificates: [{ value: 'AbCd' }] }
    const folded = { title: 'MiXed', nickName: 'MiXed', emails: [{ value: 'MiXed@example.com', type: 'WoRk' }] }
    expect(await person({ userName: 'case', ...exact, ...folded })).toMatchObject({ ...exact, ...folded })
    const caseExact = async (path: string) => {
      const [name, part] = path.split('.') as [string, string?]
      const attribute = (await attributesOf(urns.user)).find((one) => one.name === name)
      return (part === undefined ? attribute : attribute?.subAttributes?.find((one) => one.name === part))?.['caseExact']
    }
    for (const [path, value] of [
      ['title', 'mixed'],
      ['nickName', 'MIXED'],
      ['emails.value', 'mixed@EXAMPLE.com'],
      ['emails.type', 'work'],
      ['x509Certificates.value', 'abcd'],
    ] as const) {
      const names = await found(`userName eq "case" and ${path} eq "${value}"`)
      expect([path, names]).toEqual([path, (await caseExact(path)) ? [] : ['case']])
    }
  })
})

describe('RFC 7643 §9.2', () => {
  it('keeps no password as it came', async () => {
    const password = 'kept nowhere as it came'
    const { id } = await person({ userName: 'kept-somewhere', password })
    await patch(`/Users/${id}`, [{ op: 'replace', path: 'password', value: `${password}, again` }])
    const { folder } = scim.server()
    const files = readdirSync(folder).filter((name) => /[.]db(-wal)?$/.test(name))
    const kept = Buffer.concat(files.map((name) => readFileSync(join(folder, name))))
    expect([kept.includes('kept-somewhere'), kept.includes(password)]).toEqual([true, false])
  })
})
