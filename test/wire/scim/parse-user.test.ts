import { parseUser } from '../../../src/wire/scim/parse-user'
import { anError } from '../../kit/an-error'

const urn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

describe('parseUser', () => {
  it('reads the core and the enterprise schema', () => {
    const body = {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', urn],
      userName: 'Taro@example.jp',
      externalId: 'e-1',
      name: { familyName: '山田', givenName: '太郎', formatted: '山田 太郎' },
      displayName: '山田太郎',
      active: false,
      emails: [{ value: 'taro@example.jp', type: 'work', primary: true }],
      addresses: [{ locality: '大阪', type: 'work' }],
      [urn]: { department: '営業', manager: { value: 'm-1', displayName: 'made by the server' } },
      password: 'kept apart',
    }
    expect(parseUser(body)).toEqual({
      attributes: {
        loginName: 'Taro@example.jp',
        status: 'suspended',
        externalId: 'e-1',
        familyName: '山田',
        givenName: '太郎',
        displayName: '山田太郎',
        profile: {
          formattedName: '山田 太郎',
          emails: [{ value: 'taro@example.jp', type: 'work', primary: true }],
          addresses: [{ locality: '大阪', type: 'work' }],
          department: '営業',
          managerId: 'm-1',
        },
      },
      password: 'kept apart',
      dialect: new Set(),
    })
  })

  it('makes a person in use who has no password when nothing is said of it', () => {
    expect(parseUser({ userName: 'taro' })).toEqual({
      attributes: { loginName: 'taro', status: 'inUse', profile: {} },
      dialect: new Set(['schemasMissing']),
    })
  })

  it.each<[rule: string, said: object, profile: object]>([
    [
      'passes nulls, empty texts and empty lists over (RFC 7643 §2.5)',
      { nickName: null, title: '', emails: [], roles: [null] },
      {},
    ],
    ['passes unknown and read-only attributes over', { shoeSize: 42, id: 'x', meta: {}, groups: [{ value: 'g' }] }, {}],
    ['takes attribute names in any case', { NICKNAME: 'たろ' }, { nickName: 'たろ' }],
    ['takes roles as texts (Entra ID)', { roles: ['Admin'] }, { roles: [{ value: 'Admin' }] }],
    ['takes one element without its list', { emails: { value: 'a@x' } }, { emails: [{ value: 'a@x' }] }],
    [
      'takes booleans as texts (Entra ID)',
      { emails: [{ value: 'a@x', primary: 'True' }] },
      { emails: [{ value: 'a@x', primary: true }] },
    ],
    [
      'takes enterprise attributes outside their URN (Entra ID)',
      { department: 'D', manager: 'm-1' },
      { department: 'D', managerId: 'm-1' },
    ],
    [
      'takes extensions under a URN of SCIM 1 (OneLogin)',
      { 'urn:scim:schemas:extension:enterprise:2.0': { department: 'D' } },
      { department: 'D' },
    ],
    [
      'prefers what is written as the RFC wants it',
      { department: 'outside', [urn]: { department: 'inside' }, [`${urn}:department`]: 'key' },
      { department: 'inside' },
    ],
    ['passes core attributes inside an extension over', { [urn]: { nickName: 'たろ', department: 'D' } }, { department: 'D' }],
    ['takes keys with a URN', { [`${urn}:costCenter`]: '7' }, { costCenter: '7' }],
    [
      'keeps each pair of type and value once (RFC 7643 §2.4)',
      { emails: [{ value: 'a@x', type: 'work' }, { value: 'a@x' }, { value: 'a@x', type: 'work', primary: true }] },
      { emails: [{ value: 'a@x', type: 'work', primary: true }, { value: 'a@x' }] },
    ],
    [
      'keeps addresses, which have no value, as they are',
      { addresses: [{ locality: 'T' }, { locality: 'T' }] },
      { addresses: [{ locality: 'T' }, { locality: 'T' }] },
    ],
    [
      'takes base64 of either alphabet, with lines',
      { x509Certificates: [{ value: 'AQ-_\r\nAQ+/AQ==\n' }] },
      { x509Certificates: [{ value: 'AQ-_\r\nAQ+/AQ==\n' }] },
    ],
    [
      'keeps types that no standard names (Entra ID validator)',
      { emails: [{ value: 'a@x', type: 'untyped' }] },
      { emails: [{ value: 'a@x', type: 'untyped' }] },
    ],
  ])('%s', (_rule, said, profile) => {
    expect(parseUser({ userName: 'taro', ...said }).attributes.profile).toEqual(profile)
  })

  it('puts dotted names together to one name (Entra ID)', () => {
    expect(parseUser({ userName: 'taro', 'name.familyName': '山田', 'name.givenName': '太郎' }).attributes).toMatchObject({
      familyName: '山田',
      givenName: '太郎',
    })
  })

  it('reads active as a text (Entra ID)', () => {
    expect(parseUser({ userName: 'taro', active: 'False' }).attributes.status).toBe('suspended')
  })

  it.each<[what: string, body: unknown, refusal: object]>([
    ['schemas that are no list', { userName: 'a', schemas: 'User' }, { scimType: 'invalidSyntax' }],
    ['schemas that are no texts', { userName: 'a', schemas: [{}] }, { scimType: 'invalidSyntax' }],
    ['a text for an extension', { userName: 'a', [urn]: 'x' }, { scimType: 'invalidSyntax' }],
    ['no object', [], { scimType: 'invalidSyntax' }],
    ['nothing', undefined, { scimType: 'invalidSyntax' }],
    ['a text', 'userName', { scimType: 'invalidSyntax' }],
    [
      'a body nested too deep',
      { userName: 'a', x: JSON.parse('['.repeat(40) + ']'.repeat(40)) as unknown },
      { scimType: 'invalidSyntax' },
    ],
    [
      'no userName',
      { displayName: 'x' },
      { scimType: 'invalidValue', detail: expect.stringContaining('userName is missing') as string },
    ],
    ['a number as a userName', { userName: 1 }, { scimType: 'invalidValue' }],
    ['a userName that is too long', { userName: 'a'.repeat(192) }, { scimType: 'invalidValue' }],
    ['a forbidden character in the userName (D2)', { userName: 'ta/ro' }, { code: 'invalidLoginName' }],
    [
      'a word for active',
      { userName: 'a', active: 'yes' },
      { scimType: 'invalidValue', detail: expect.stringContaining('true or false') as string },
    ],
    ['the name of a property of every object for active', { userName: 'a', active: 'constructor' }, { scimType: 'invalidValue' }],
    ['a number in a text', { userName: 'a', nickName: 5 }, { scimType: 'invalidValue' }],
    ['an object in a text', { userName: 'a', name: { familyName: {} } }, { scimType: 'invalidValue' }],
    ['a text for a complex attribute', { userName: 'a', name: 'taro' }, { scimType: 'invalidValue' }],
    ['two values for one', { userName: 'a', nickName: ['x', 'y'] }, { scimType: 'invalidValue' }],
    [
      'two primary elements',
      {
        userName: 'a',
        emails: [
          { value: 'x', primary: true },
          { value: 'y', primary: true },
        ],
      },
      { scimType: 'invalidValue' },
    ],
    ['101 elements', { userName: 'a', emails: Array.from({ length: 101 }, (_, i) => `${i}@x`) }, { scimType: 'invalidValue' }],
    ['what is no base64', { userName: 'a', x509Certificates: ['AQ=I'] }, { scimType: 'invalidValue' }],
    ['half a character', { userName: 'a', nickName: '\ud83c' }, { scimType: 'invalidValue' }],
  ])('refuses %s', (_what, body, refusal) => {
    expect(() => parseUser(body)).toThrow(anError(refusal))
  })

  it('is not stopped by blanks without end in a certificate', () => {
    const began = performance.now()
    expect(() => parseUser({ userName: 'a', x509Certificates: [`${' '.repeat(65_000)}!`] })).toThrow(anError({ status: 400 }))
    expect(performance.now() - began).toBeLessThan(1_000)
  })

  it('is not led to the prototype', () => {
    parseUser(
      JSON.parse(
        '{"userName":"a","__proto__":{"polluted":true},"name":{"__proto__":{"polluted":true}},"constructor":{"prototype":{"polluted":true}}}',
      ),
    )
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })
})
