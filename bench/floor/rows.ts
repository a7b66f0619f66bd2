import type { Param, Statement } from './database'

/** The floor's tables: a row a person, a row a group, a row a member; and up to whom each target has been mirrored. */
export const tables = [
  `CREATE TABLE person (id VARCHAR(36) PRIMARY KEY, user_name_key VARCHAR(191) NOT NULL UNIQUE, external_id VARCHAR(191),
    doc TEXT NOT NULL)`,
  'CREATE INDEX ix_person_external_id ON person (external_id)',
  'CREATE TABLE team (id VARCHAR(36) PRIMARY KEY, display_name VARCHAR(191) NOT NULL UNIQUE, doc TEXT NOT NULL)',
  'CREATE TABLE member (group_id VARCHAR(36), member_id VARCHAR(36), PRIMARY KEY (group_id, member_id))',
  'CREATE INDEX ix_member ON member (member_id, group_id)',
  'CREATE TABLE mirrored (target VARCHAR(8) PRIMARY KEY, last_id VARCHAR(36) NOT NULL)',
]

export type FloorPerson = { readonly id: string; readonly userName: string; readonly externalId: string }

export const insertPeople = (people: readonly FloorPerson[]): Statement =>
  insert(
    'person (id, user_name_key, external_id, doc)',
    people.map((person) => [person.id, person.userName.toLowerCase(), person.externalId, JSON.stringify(person)]),
  )

export const updatePerson = (person: FloorPerson): Statement => [
  'UPDATE person SET user_name_key = ?, external_id = ?, doc = ? WHERE id = ?',
  [person.userName.toLowerCase(), person.externalId, JSON.stringify(person), person.id],
]

const chunk = 1_000

/** Who is a member already stays one. */
export const addMembers = (group: string, members: readonly string[]): readonly Statement[] =>
  chunks(members).map((some) => {
    const [text, params] = insert(
      'member (group_id, member_id)',
      some.map((member) => [group, member]),
    )
    return [text.replace('INSERT', 'REPLACE'), params]
  })

export const removeMembers = (group: string, members: readonly string[]): readonly Statement[] =>
  chunks(members).map((some) => [
    `DELETE FROM member WHERE group_id = ? AND member_id IN (${some.map(() => '?').join(', ')})`,
    [group, ...some],
  ])

/** One INSERT of these rows. @param into table and columns */
export function insert(into: string, rows: readonly (readonly Param[])[]): Statement {
  const marks = `(${rows[0]!.map(() => '?').join(', ')})`
  return [`INSERT INTO ${into} VALUES ${rows.map(() => marks).join(', ')}`, rows.flat()]
}

function chunks(members: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(members.length / chunk) }, (_, i) => members.slice(i * chunk, (i + 1) * chunk))
}
