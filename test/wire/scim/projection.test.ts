import { aUser } from '../../kit/builders'
import { presentUser } from '../../../src/wire/scim/present-user'
import { parseProjection } from '../../../src/wire/scim/projection'
import { enterpriseUrn, userUrn } from '../../../src/wire/scim/urns'

const user = aUser({
  loginName: 'taro',
  displayName: '太郎',
  familyName: '山田',
  profile: { department: 'D', costCenter: 'C', emails: [{ value: 'a@x', type: 'work' }] },
})

/** The names in the answer: of its attributes, of the extension, and of the parts of emails and name. */
function namesOf(attributes: string | undefined, excluded: string | undefined): readonly string[] {
  const answer = presentUser({ user, groups: [] }, '', parseProjection('User', attributes, excluded))
  const { [enterpriseUrn]: extension, emails, name, ...rest } = answer as Record<string, object | undefined>
  const parts = (of: string, value: object | undefined) => Object.keys(value ?? {}).map((part) => `${of}.${part}`)
  const [email] = (emails ?? []) as readonly object[]
  return [...Object.keys(rest), ...Object.keys(extension ?? {}), ...parts('emails', email), ...parts('name', name)].sort()
}

const everything = [
  'active',
  'costCenter',
  'department',
  'displayName',
  'emails.type',
  'emails.value',
  'id',
  'meta',
  'name.familyName',
  'schemas',
  'userName',
]
const without = (...names: readonly string[]) => everything.filter((name) => !names.includes(name))

describe('attributes and excludedAttributes (RFC 7644 §3.9)', () => {
  it.each<[attributes: string, names: readonly string[]]>([
    ['userName', ['id', 'schemas', 'userName']],
    [' USERNAME , displayname', ['displayName', 'id', 'schemas', 'userName']],
    [`${userUrn}:userName`, ['id', 'schemas', 'userName']],
    [`${enterpriseUrn.toUpperCase()}:department`, ['department', 'id', 'schemas']],
    [enterpriseUrn, ['costCenter', 'department', 'id', 'schemas']],
    [userUrn, without('costCenter', 'department', 'meta')],
    ['emails.value', ['emails.value', 'id', 'schemas']],
    ['emails', ['emails.type', 'emails.value', 'id', 'schemas']],
    ['emails.value,emails', ['emails.type', 'emails.value', 'id', 'schemas']],
    ['shoeSize', ['id', 'schemas']],
    ['emails.shoe', ['id', 'schemas']],
    ['__proto__,constructor', ['id', 'schemas']],
    ['password', ['id', 'schemas']],
    ['', everything],
  ])('attributes=%s', (attributes, names) => {
    expect(namesOf(attributes, undefined)).toEqual(names)
  })

  it.each<[excluded: string, names: readonly string[]]>([
    ['userName,DISPLAYNAME', without('userName', 'displayName')],
    ['emails.type', without('emails.type')],
    ['emails.type,emails.value', without('emails.type', 'emails.value')],
    [enterpriseUrn, without('costCenter', 'department')],
    [`${enterpriseUrn}:costCenter`, without('costCenter')],
    ['id,schemas', everything],
    ['shoeSize,emails.shoe', everything],
    ['', everything],
  ])('excludedAttributes=%s', (excluded, names) => {
    expect(namesOf(undefined, excluded)).toEqual(names)
  })

  it('of both at once, attributes counts', () => {
    expect(namesOf('userName', 'userName')).toEqual(['id', 'schemas', 'userName'])
  })
})
