import { some } from '../../../src/domain/directory/group'
import { changeText, groupChanges, userChanges } from '../../../src/domain/audit/change'
import type { UserAttributes, UserProfile } from '../../../src/domain/directory/user'
import { aUser } from '../../kit/builders'

const attributes = (profile: UserProfile = {}, rest: Partial<UserAttributes> = {}): UserAttributes => ({
  loginName: aUser().loginName,
  status: 'inUse',
  profile,
  ...rest,
})

describe('userChanges', () => {
  it('names what differs as SCIM does, from → to, and nothing else', () => {
    const from = attributes({ title: '課長', department: '営業' }, { familyName: '山田', externalId: 'e-1' })
    const to = attributes({ title: '部長', department: '営業', managerId: 'm' }, { familyName: '鈴木', status: 'suspended' })
    expect(userChanges(from, to)).toEqual([
      { attribute: 'active', from: true, to: false },
      { attribute: 'name.familyName', from: '山田', to: '鈴木' },
      { attribute: 'externalId', from: 'e-1' },
      { attribute: 'title', from: '課長', to: '部長' },
      { attribute: 'manager.value', to: 'm' },
    ])
    expect(userChanges(from, { ...from, profile: { ...from.profile } })).toEqual([])
  })

  it('of a new person names all that he has', () => {
    expect(userChanges(undefined, attributes({ emails: [{ value: 'a@x', type: 'work', primary: true }] }))).toEqual([
      { attribute: 'userName', to: 'taro' },
      { attribute: 'active', to: true },
      { attribute: 'emails', to: ['a@x (work, primary)'] },
    ])
  })

  it('of a list tells what went and what came; more than 20 are counted', () => {
    const roles = (names: readonly string[]) => attributes({ roles: names.map((value) => ({ value })) })
    expect(userChanges(roles(['a', 'b']), roles(['b', 'c']))).toEqual([{ attribute: 'roles', from: ['a'], to: ['c'] }])
    expect(userChanges(roles(['a', 'b']), roles(['b', 'a']))).toEqual([{ attribute: 'roles' }])
    const many = Array.from({ length: 21 }, (_, i) => `r${i}`)
    expect(userChanges(roles([]), roles(many))).toEqual([{ attribute: 'roles', to: { count: 21 } }])
    expect(userChanges(roles(many), attributes())).toEqual([{ attribute: 'roles', from: { count: 21 } }])
  })

  it('tells photos and certificates by their size, also where both are of one size', () => {
    const photo = (value: string) => attributes({ photos: [{ value, type: 'photo' }] })
    expect(userChanges(photo('a'.repeat(5_000)), photo('b'.repeat(5_000)))).toEqual([
      { attribute: 'photos', from: ['5000 characters (photo)'], to: ['5000 characters (photo)'] },
    ])
    const [change] = userChanges(attributes(), attributes({ x509Certificates: [{ value: 'MIIsecret' }] }))
    expect(change).toEqual({ attribute: 'x509Certificates', to: ['9 characters'] })
  })

  it('cuts long values, and never in the middle of a character', () => {
    const [change] = userChanges(attributes(), attributes({ title: `${'a'.repeat(199)}🍣🍣` }))
    expect(change).toEqual({ attribute: 'title', to: `${'a'.repeat(199)}…` })
  })

  it('tells an address by its parts', () => {
    const [change] = userChanges(attributes(), attributes({ addresses: [{ locality: '大阪', country: 'JP', type: 'work' }] }))
    expect(change).toEqual({ attribute: 'addresses', to: ['大阪, JP (work)'] })
  })
})

describe('groupChanges', () => {
  const set = (n: number) => some(new Set(Array.from({ length: n }, (_, i) => `id${i}`)))

  it('names members that came and went by their ids where they are few, else counts them', () => {
    expect(groupChanges({}, {}, { added: set(2), removed: set(0) })).toEqual([{ attribute: 'members', to: ['id0', 'id1'] }])
    expect(groupChanges({}, {}, { added: set(1_000), removed: set(1) })).toEqual([
      { attribute: 'members', from: ['id0'], to: { count: 1_000 } },
    ])
    expect(groupChanges({}, {}, { added: set(0), removed: set(0) })).toEqual([])
  })

  it('names a new name, and an externalId that was cleared', () => {
    expect(
      groupChanges({ name: 'a', externalId: 'e' }, { name: 'b', externalId: null }, { added: set(0), removed: set(0) }),
    ).toEqual([
      { attribute: 'displayName', from: 'a', to: 'b' },
      { attribute: 'externalId', from: 'e' },
    ])
  })
})

describe('changeText', () => {
  it.each([
    [{ attribute: 'title', from: '課長', to: '部長' }, 'title: 課長 → 部長'],
    [{ attribute: 'active', to: true }, 'active: true'],
    [{ attribute: 'externalId', from: 'e-1' }, 'externalId: e-1 → (none)'],
    [{ attribute: 'roles', from: ['a'], to: ['b', 'c'] }, 'roles: + b, c - a'],
    [{ attribute: 'roles' }, 'roles: another order'],
    [{ attribute: 'members', to: { count: 1_000 } }, 'members: + 1000'],
    [{ attribute: 'members', from: ['a'], to: { count: 1_000 } }, 'members: + 1000 - a'],
  ])('%j is "%s"', (change, text) => expect(changeText(change)).toBe(text))
})
