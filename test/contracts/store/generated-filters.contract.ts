import fc from 'fast-check'
import type { GroupId, UserId } from '../../../src/domain/ids'
import type { UserProfile } from '../../../src/domain/directory/user'
import { foldCase } from '../../../src/domain/text'
import { newUuid } from '../../../src/ports/clock'
import { parseFilter } from '../../../src/wire/scim/parse-filter'
import { parseList } from '../../../src/wire/scim/parse-list'
import { presentGroup, presentMember } from '../../../src/wire/scim/present-group'
import { presentUser } from '../../../src/wire/scim/present-user'
import { enterpriseUrn } from '../../../src/wire/scim/urns'
import { aClient, aGroup, aUser, start } from '../../kit/builders'
import { aGeneratedFilter, fulfils, textOf, type AttributeKind, type Vocabulary } from '../../kit/filters'
import { seed } from '../../kit/seed'
import { addGroup, addUser, type OpenStore, type StoreUnderTest } from './under-test'

const client = aClient().clientId
const userIds = Array.from({ length: 40 }, (_, i) => newUuid(start + i * 100) as UserId)
const groupIds = Array.from({ length: 6 }, (_, i) => newUuid(start + i) as GroupId)

/** Texts that databases and programs like to compare differently. */
const words = [
  ...[
    'a',
    'A',
    'ab',
    'b',
    'é',
    'e',
    'E',
    'ß',
    'ss',
    'İ',
    'i',
    'ﬁ',
    'fi',
    'か',
    'が',
    'カ',
    'ｶ',
    '髙',
    '高',
    '𠮷',
    '😀',
    '🍣',
    '🍺',
  ],
  ...[
    '%',
    '_',
    'a_b',
    'axb',
    'a%b',
    '!',
    '!_',
    '\\',
    '\\%',
    '"',
    "'",
    "' OR 1=1",
    '$.x',
    '[0]',
    '{}',
    '?',
    'null',
    'true',
    '0',
    '1.0',
  ],
  ...[
    'a ',
    ' a',
    'a\t',
    'a\nb',
    'a\u0001',
    'x\u0000y',
    ' ',
    '\u3000',
    'ﾞ',
    '\u{10ffff}',
    '\ue000',
    '\uffee',
    'ﷺ',
    'E-1',
    'E-1 ',
    'e-1',
  ],
]
const values = words.filter((word) => !word.includes('\u0000'))
/** MySQL puts a control character before the end of a text. */
const plain = values.filter((word) => !/[\u0000-\u001f]/.test(word))
const times = [start, start + 1, start + 500, start + 86_400_000].map((time) => new Date(time).toISOString())

const plural = { value: 'folded', type: 'folded', primary: 'boolean' } as const
const userVocabulary: Vocabulary = {
  words: [...words, ...userIds.slice(0, 3), ...groupIds, `${userIds[0]} `, 'User', 'User '],
  times: [...times, '2026-04-01T18:00:00+09:00', '2026-04-01T09:00:00.500Z', '2026-03-31T23:00:00.5-10:00'],
  paths: {
    ...{ id: 'exact', externalId: 'exact', userName: 'folded', active: 'boolean', displayName: 'folded', nickName: 'folded' },
    ...{
      'name.familyName': 'folded',
      'NAME.formatted': 'folded',
      title: 'folded',
      'meta.created': 'time',
      'meta.resourceType': 'exact',
    },
    ...{ [`${enterpriseUrn}:department`]: 'folded', [`${enterpriseUrn.toUpperCase()}:manager.value`]: 'exact' },
  },
  lists: {
    emails: plural,
    roles: { ...plural, display: 'folded' },
    x509Certificates: { ...plural, value: 'binary' },
    addresses: { formatted: 'folded', locality: 'folded', type: 'folded', primary: 'boolean' },
    groups: { value: 'exact', display: 'folded' },
  },
}
const groupVocabulary: Vocabulary = {
  words: [...words, ...userIds.slice(0, 8), ...groupIds, 'Group'],
  times,
  paths: { id: 'exact', externalId: 'exact', displayName: 'folded', 'meta.created': 'time' },
  lists: { members: { value: 'exact', type: 'folded' } },
}

const value = fc.constantFrom(...values)
const text = fc.constantFrom(...plain)
const maybe = (arbitrary: fc.Arbitrary<unknown>) => fc.option(arbitrary, { nil: undefined, freq: 2 })

/** A list as a person may have it: one primary element at most. */
const elements = (fields: Readonly<Record<string, fc.Arbitrary<unknown>>>) =>
  fc
    .array(fc.record({ ...fields, type: maybe(fc.constantFrom('work', 'HOME', 'a ')), primary: maybe(fc.boolean()) }), {
      maxLength: 3,
    })
    .map((list) => {
      const primary = list.findIndex((one) => one.primary === true)
      return list.map((one, i) => present({ ...one, ...(one.primary === true && i !== primary ? { primary: false } : {}) }))
    })

const profile = fc
  .record({
    ...{ formattedName: maybe(value), nickName: maybe(value), title: maybe(text), department: maybe(text) },
    ...{ managerId: maybe(fc.constantFrom(...userIds.slice(0, 3))), emails: elements({ value }) },
    ...{ roles: elements({ value, display: maybe(value) }), x509Certificates: elements({ value }) },
    addresses: elements({ formatted: maybe(value), locality: text }),
  })
  .map((fields) => present(fields) as UserProfile)

const person = fc.record({
  profile,
  displayName: maybe(text),
  familyName: maybe(text),
  active: fc.boolean(),
  created: fc.constantFrom(...times),
})

/** Without what is undefined, and without empty lists: such attributes have no value. */
const present = (fields: object) =>
  Object.fromEntries(Object.entries(fields).filter(([, one]) => one !== undefined && !(Array.isArray(one) && one.length === 0)))

/** Any filter finds in the database what its words say of the resources as clients see them; orders are the same on every database. */
export function generatedFiltersContract(open: OpenStore): void {
  let at: StoreUnderTest
  let users: readonly object[]
  let groups: readonly object[]
  const everything = { startIndex: 1, count: 100 }

  beforeAll(async () => {
    at = await open()
    const people = fc.sample(person, { seed, numRuns: userIds.length })
    for (const [i, { active, created, ...rest }] of people.entries()) {
      const { displayName, familyName } = rest as { displayName?: string; familyName?: string }
      const externalId = i < 12 ? ['E-1', 'E-1 ', 'e-1', 'a', 'A', 'a ', 'é', ' ', 'ß', '😀', 'か', 'が'][i]! : undefined
      const names = present({ displayName, familyName, externalId })
      const createdAt = Date.parse(created)
      const status = active ? 'inUse' : 'suspended'
      await addUser(
        at.store,
        aUser({
          id: userIds[i]!,
          loginName: `${'éEa_b%か😀'.slice(i % 7, (i % 7) + 1)}${i}`,
          status,
          profile: rest.profile,
          createdAt,
          updatedAt: createdAt,
          ...names,
        }),
        client,
      )
    }
    // two chains of groups in groups, the innermost first
    for (const [i, id] of [...groupIds.entries()].reverse()) {
      const members = [...userIds.filter((_, n) => n % 7 === i), ...(i === 2 ? [] : groupIds.slice(i + 1, i + 2))]
      const name = ['a', 'ab', 'が', 'か', '😀', 'E-1'][i]!
      await addGroup(at.store, aGroup({ id, name, createdAt: start + i * 250, externalId: `G${' '.repeat(i)}` }), members, client)
    }
    const page = await at.store.read.users.list(everything, client)
    const groupsOf = await at.store.read.users.groupsOf(page.items.map((user) => user.id))
    users = page.items.map((user) => presentUser({ user, groups: groupsOf.get(user.id) ?? [] }, ''))
    groups = await Promise.all(
      (await at.store.read.groups.list(everything, client)).items.map(async (group) => ({
        ...presentGroup(group, ''),
        members: (await at.store.read.groups.members(group.id, undefined, 100)).members.map((member) =>
          presentMember(member, ''),
        ),
      })),
    )
  })
  afterAll(() => at.close())

  const idsOf = (found: readonly object[]) => (found as readonly { readonly id: string }[]).map(({ id }) => id).sort()

  it(`of users find what their words say (seed ${seed})`, async () => {
    expect(users).toHaveLength(userIds.length)
    await fc.assert(
      fc.asyncProperty(aGeneratedFilter(userVocabulary), async (filter) => {
        const text = textOf(filter)
        const found = await at.store.read.users.list({ filter: parseFilter('User', text), ...everything }, client)
        const flat = users.map(qualified)
        expect({ text, ids: idsOf(found.items) }).toEqual({
          text,
          ids: idsOf(flat.filter((user) => fulfils(filter, user, kindIn(userVocabulary)))),
        })
      }),
      { seed, numRuns: 800 },
    )
  })

  it(`of groups find what their words say (seed ${seed})`, async () => {
    expect(groups).toHaveLength(groupIds.length)
    await fc.assert(
      fc.asyncProperty(aGeneratedFilter(groupVocabulary), async (filter) => {
        const text = textOf(filter)
        const found = await at.store.read.groups.list({ filter: parseFilter('Group', text), ...everything }, client)
        expect({ text, ids: idsOf(found.items) }).toEqual({
          text,
          ids: idsOf(groups.filter((group) => fulfils(filter, group, kindIn(groupVocabulary)))),
        })
      }),
      { seed, numRuns: 300 },
    )
  })

  const sortable: Readonly<Record<string, (user: Sorted) => unknown>> = {
    userName: (user) => foldCase(user.userName),
    displayName: (user) => folded(user.displayName),
    title: (user) => folded(user.title),
    externalId: (user) => user.externalId,
    active: (user) => Number(user.active),
    'meta.created': (user) => Date.parse(user.meta.created),
    'name.familyName': (user) => folded(user.name?.familyName),
    manager: (user) => user[enterpriseUrn]?.manager?.value,
    'addresses.locality': (user) => folded(preferred(user.addresses)?.locality),
    'addresses.primary': (user) => user.addresses && String(preferred(user.addresses)?.primary ?? false),
    'emails.type': (user) => folded(preferred(user.emails)?.type),
    'roles.type': (user) => folded(preferred(user.roles)?.type),
  }
  it.each(
    Object.entries(sortable).flatMap(([by, key]) => (['ascending', 'descending'] as const).map((order) => ({ by, order, key }))),
  )(
    'stand in the order of $by, $order: of several values the primary or the first, who has none last or first',
    async ({ by, order, key }) => {
      const found = await at.store.read.users.list(parseList('User', { sortBy: by, sortOrder: order }), client)
      const sorted = (users as readonly Sorted[]).toSorted((a, b) => inOrder(key(a), key(b)) || inOrder(a.id, b.id))
      const expected = order === 'ascending' ? sorted : sorted.reverse()
      expect(found.items.map(({ id }) => id)).toEqual(expected.map(({ id }) => id))
    },
  )
}

type SortedElement = { readonly type?: string; readonly locality?: string; readonly primary?: boolean }
type Sorted = {
  readonly id: string
  readonly userName: string
  readonly displayName?: string
  readonly title?: string
  readonly externalId?: string
  readonly active: boolean
  readonly meta: { readonly created: string }
  readonly name?: { readonly familyName?: string }
  readonly emails?: readonly SortedElement[]
  readonly roles?: readonly SortedElement[]
  readonly addresses?: readonly SortedElement[]
  readonly [enterpriseUrn]?: { readonly manager?: { readonly value: string } }
}

const folded = (value: string | undefined) => (value === undefined ? undefined : foldCase(value))
const preferred = (list: readonly SortedElement[] | undefined) => list?.find((one) => one.primary) ?? list?.[0]

function inOrder(a: unknown, b: unknown): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return Buffer.compare(Buffer.from(a as string), Buffer.from(b as string))
}

const kindIn =
  ({ paths, lists }: Vocabulary) =>
  (path: string): AttributeKind => {
    const [list = '', sub = ''] = path.split('.')
    const kind = paths[path] ?? lists[list]?.[sub]
    if (!kind) throw new Error(`no kind for ${path}`)
    return kind
  }

/** The same values under the names by which filters ask for them, and the lists that it has not got as empty ones. */
function qualified(user: object): object {
  const { name, [enterpriseUrn]: enterprise } = user as Record<string, Record<string, unknown> | undefined>
  return { ...noLists, ...user, ...present({ NAME: name, ...enterprise }) }
}

const noLists = Object.fromEntries(Object.keys(userVocabulary.lists).map((list) => [list, []]))
