import type { AsClient } from '../../ports/store/directory'
import type { Column, ColumnOf } from '../filter-to-sql'
import { addressFields, elementFields, foldedLists, foldedTexts } from '../folded'
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

const value = (text: string, compare: 'folded' | 'exact' | 'number' | 'flag'): Column => ({
  kind: 'value',
  sql: raw(text),
  compare,
})

const columns: Readonly<Record<string, Column>> = {
  id: value('u.id', 'exact'),
  userName: value('u.login_key', 'folded'),
  displayName: value('u.display_key', 'folded'),
  active: value(`(u.status = 'inUse')`, 'flag'),
  'meta.created': value('u.created_at', 'number'),
  'meta.lastModified': value('u.updated_at', 'number'),
  'meta.resourceType': value(`'User'`, 'exact'),
}

type Elements = Extract<Column, { readonly kind: 'elements' }>

/** `emails` is the list; `emails.value` alone is any element's value. */
function within(attribute: string, elements: Elements): Column {
  const field = attribute.split('.')[1]
  return field === undefined ? elements : { ...elements, default: attribute }
}

const emails: Elements = {
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

/** Groups he is a member of himself. */
const groups: Elements = {
  kind: 'elements',
  any: (condition) =>
    sql`(u.id IN (SELECT m.member_id FROM directory_member m JOIN directory_group g ON g.id = m.group_id WHERE g.built_in = 0 AND ${condition}))`,
  column: (attribute) => (attribute === 'groups.display' ? value('g.name_key', 'folded') : value('g.id', 'exact')),
  default: 'groups.value',
}

function jsonElements(dialect: Dialect, name: string, fields: readonly string[], main: string): Elements {
  return {
    kind: 'elements',
    any: (condition) => dialect.jsonAny('u.folded', `$.${name}`, fields, condition),
    column: (attribute) => value(`e.f_${attribute.split('.')[1] ?? main}`, 'folded'),
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
  if (attribute === 'emails' || attribute === 'emails.value') {
    return raw(
      '(SELECT e.value_key FROM directory_user_email e WHERE e.user_id = u.id ORDER BY e.is_primary DESC, e.position LIMIT 1)',
    )
  }
  const column = userColumn(dialect, as)(attribute)
  return column.kind === 'value'
    ? column.sql
    : dialect.jsonText('u.folded', `$.${attribute.split('.')[0]}[0].${attribute.split('.')[1] ?? 'value'}`)
}
