import type { AsClient } from '../../ports/store/directory'
import type { Column, ColumnOf, ElementsColumn, ValueColumn } from '../filter-to-sql'
import { addressFields, elementFields, exactLists, foldedLists, foldedTexts } from '../folded'
import { raw, sql, type Dialect, type Sql } from '../sql'

/** What each SCIM attribute of a user is in SQL, for filters and orders. The row is `u`. */
export function userColumn(dialect: Dialect, as: AsClient): ColumnOf {
  return (attribute) => {
    const simple = columns[attribute]
    if (simple) return simple
    if (attribute === 'externalId') return externalIdColumn(as, 'user', 'u.id')
    if (attribute === 'emails' || attribute.startsWith('emails.')) return within(attribute, emails)
    if (attribute === 'groups' || attribute.startsWith('groups.')) return within(attribute, groups)
    const [name, field] = attribute.split('.') as [string, string?]
    if ((foldedLists as readonly string[]).includes(name))
      return within(attribute, jsonElements(dialect, name, elementFields, 'value'))
    if (name === 'addresses') return within(attribute, jsonElements(dialect, name, addressFields, 'formatted'))
    const path = name === 'name' || name === 'manager' ? `${name}_${field ?? 'value'}` : name
    if (!(foldedTexts as readonly string[]).includes(path) && !/^(name|manager)_[a-zA-Z]+$/.test(path)) {
      throw new Error(`no column for ${attribute}`)
    }
    return { kind: 'value', sql: dialect.jsonText('u.folded', `$.${path}`), compare: name === 'manager' ? 'exact' : 'folded' }
  }
}

const value = (text: string, compare: ValueColumn['compare']): ValueColumn => ({
  kind: 'value',
  sql: raw(text),
  compare,
})

const columns: Readonly<Record<string, ValueColumn>> = {
  id: value('u.id', 'exact'),
  userName: value('u.login_key', 'folded'),
  displayName: value('u.display_key', 'folded'),
  active: value(`(u.status = 'inUse')`, 'flag'),
  'meta.created': value('u.created_at', 'number'),
  'meta.lastModified': value('u.updated_at', 'number'),
  'meta.resourceType': value(`'User'`, 'exact'),
}

/** `emails` is the list; `emails.value` alone is any element's value. */
function within(attribute: string, elements: ElementsColumn): Column {
  const field = attribute.split('.')[1]
  return field === undefined ? elements : { ...elements, default: attribute }
}

const emails: ElementsColumn = {
  kind: 'elements',
  any: (condition) => sql`(u.id IN (SELECT e.user_id FROM directory_user_email e WHERE ${condition}))`,
  column: (attribute) =>
    attribute === 'emails.type'
      ? value('e.type_key', 'folded')
      : attribute === 'emails.primary'
        ? value('e.is_primary', 'flag')
        : value('e.value_key', 'folded'),
  default: 'emails.value',
}

/** The groups that fulfil it, those inside of them, and their members: he belongs to a group himself or by a group inside it. */
const groups: ElementsColumn = {
  kind: 'elements',
  // each group is looked up in those inside: the other way round all members of a large group would be read for it
  any: (condition) =>
    sql`(u.id IN (WITH RECURSIVE inside (list_id) AS (
        SELECT g.list_id FROM directory_group g WHERE g.built_in = 0 AND ${condition}
        UNION SELECT c.list_id FROM inside i CROSS JOIN directory_group c
          JOIN directory_member n ON n.list_id = i.list_id AND n.member_id = c.id
      ) SELECT m.member_id FROM inside i CROSS JOIN directory_member m ON m.list_id = i.list_id))`,
  column: (attribute) => (attribute === 'groups.display' ? value('g.name_key', 'folded') : value('g.id', 'exact')),
  default: 'groups.value',
}

function jsonElements(dialect: Dialect, name: string, fields: readonly string[], main: string): ElementsColumn {
  return {
    kind: 'elements',
    any: (condition) => dialect.jsonAny('u.folded', `$.${name}`, fields, condition),
    column: (attribute) => {
      const field = attribute.split('.')[1] ?? main
      return value(`e.f_${field}`, field === 'value' && exactLists.has(name) ? 'exact' : 'folded')
    },
    default: `${name}.${main}`,
  }
}

/** Found by its index, not row by row. */
export function externalIdColumn(as: AsClient, objectKind: 'user' | 'group', id: string): Column {
  return {
    kind: 'elements',
    any: (condition) =>
      sql`(${raw(id)} IN (SELECT x.object_id FROM directory_external_id x WHERE x.client_id = ${as ?? ''} AND x.object_kind = ${objectKind} AND ${condition}))`,
    column: () => value('x.external_id', 'exact'),
    default: 'externalId',
    single: true,
  }
}

/** What a list is ordered by; of several values the primary or first one (RFC 7644 §3.4.2.3). */
export function userOrder(dialect: Dialect, as: AsClient, attribute: string): Sql {
  if (attribute === 'externalId') {
    return sql`(SELECT x.external_id FROM directory_external_id x WHERE x.object_id = u.id AND x.client_id = ${as ?? ''})`
  }
  const [name = '', field] = attribute.split('.')
  if (name === 'emails') {
    const { sql: column } = emails.column(attribute)
    return sql`(SELECT ${column} FROM directory_user_email e WHERE e.user_id = u.id ORDER BY e.is_primary DESC, e.position LIMIT 1)`
  }
  const column = userColumn(dialect, as)(attribute)
  if (column.kind === 'value') return column.sql
  return dialect.jsonText('u.folded', `$.${name}[0].${field ?? 'value'}`) // the primary one, if there is one, stands first
}
