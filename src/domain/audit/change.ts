import { isDeepStrictEqual } from 'node:util'
import type { MembersChanged, Some } from '../directory/group'
import type { PluralValue, PostalAddress, UserAttributes } from '../directory/user'

/** What was asked for, in the words of RFC 7644 §3. */
export const operations = ['create', 'replace', 'patch', 'delete'] as const
export type Operation = (typeof operations)[number]

/** Also what changes nothing by itself: a refused one is told as well. */
export const requestedOperations = [...operations, 'read', 'bulk'] as const
export type RequestedOperation = (typeof requestedOperations)[number]

/** A value as the logs show it: a long text is cut, of a list only what came or went, and more than a few are counted. */
export type LoggedValue = string | boolean | readonly string[] | { readonly count: number }

/** What happened to one attribute, by its SCIM name. */
export type AttributeChange = {
  readonly attribute: string
  readonly from?: LoggedValue
  readonly to?: LoggedValue
}

const mostValues = 20
const mostCharacters = 200

const none: UserAttributes = { loginName: '' as UserAttributes['loginName'], status: 'inUse', profile: {} }

/**
 * Every attribute of a person that differs. Photos and certificates are told by their size.
 *
 * @param from absent: he is new
 */
export function userChanges(from: UserAttributes | undefined, to: UserAttributes): readonly AttributeChange[] {
  const { profile: profileBefore, ...before } = from ?? none
  const { profile, ...after } = to
  return [...changesOf(from ? before : {}, after), ...changesOf(profileBefore, profile)]
}

/** All that a log may say of a password. */
export const passwordSet: AttributeChange = { attribute: 'password', to: 'set' }

type Fields = Readonly<Record<string, unknown>>

function changesOf(before: Fields, after: Fields): AttributeChange[] {
  const changes: AttributeChange[] = []
  for (const name in after) if (!isSame(before[name], after[name])) changes.push(changeOf(name, before[name], after[name]))
  for (const name in before) {
    if (before[name] !== undefined && after[name] === undefined) changes.push(changeOf(name, before[name], undefined))
  }
  return changes
}

// strings first: deep comparison costs ten times as much
const isSame = (a: unknown, b: unknown) => a === b || b === undefined || (typeof b === 'object' && isDeepStrictEqual(a, b))

function changeOf(name: string, before: unknown, after: unknown): AttributeChange {
  const attribute = scimNames[name] ?? name
  if (Array.isArray(before) || Array.isArray(after)) {
    const [gone, come] = differing((before ?? []) as readonly Element[], (after ?? []) as readonly Element[])
    const shown = (elements: readonly Element[]) => listed(elements, (element) => elementText(attribute, element))
    return { attribute, ...side('from', shown(gone)), ...side('to', shown(come)) }
  }
  return { attribute, ...side('from', single(attribute, before)), ...side('to', single(attribute, after)) }
}

/** Where SCIM says it otherwise. */
const scimNames: Readonly<Record<string, string>> = {
  loginName: 'userName',
  status: 'active',
  familyName: 'name.familyName',
  givenName: 'name.givenName',
  formattedName: 'name.formatted',
  middleName: 'name.middleName',
  honorificPrefix: 'name.honorificPrefix',
  honorificSuffix: 'name.honorificSuffix',
  managerId: 'manager.value',
}

const single = (attribute: string, value: unknown): LoggedValue | undefined => {
  if (attribute === 'active') return value === undefined ? undefined : value === 'inUse'
  return typeof value === 'string' ? cut(value) : undefined
}

type Element = PluralValue | PostalAddress

/** Which elements went and which came; those that stay are not told. */
function differing(
  before: readonly Element[],
  after: readonly Element[],
): readonly [gone: readonly Element[], come: readonly Element[]] {
  if (before.length === 0 || after.length === 0) return [before, after]
  const keys = (elements: readonly Element[]) => new Set(elements.map((element) => JSON.stringify(element)))
  const [had, has] = [keys(before), keys(after)]
  const without = (elements: readonly Element[], others: ReadonlySet<string>) =>
    elements.filter((element) => !others.has(JSON.stringify(element)))
  return [without(before, has), without(after, had)]
}

function elementText(attribute: string, element: Element): string {
  const { type, primary, ...rest } = element
  const value = 'value' in rest ? rest.value : Object.values(rest).join(', ')
  const text = attribute === 'photos' || attribute === 'x509Certificates' ? `${value.length} characters` : cut(value)
  const marks = [...(type === undefined ? [] : [cut(type)]), ...(primary === true ? ['primary'] : [])]
  return marks.length === 0 ? text : `${text} (${marks.join(', ')})`
}

function listed<T>(items: readonly T[], text: (item: T) => string): LoggedValue | undefined {
  if (items.length === 0) return undefined
  return items.length > mostValues ? { count: items.length } : items.map(text)
}

/** Names that really changed, and members that came and went: by id where they are few. */
export function groupChanges(
  from: { readonly name?: string; readonly externalId?: string },
  to: { readonly name?: string; readonly externalId?: string | null },
  members: MembersChanged,
): readonly AttributeChange[] {
  const changes: AttributeChange[] = []
  const value = (text: string | null | undefined) => (typeof text === 'string' ? cut(text) : undefined)
  if (to.name !== undefined)
    changes.push({ attribute: 'displayName', ...side('from', value(from.name)), ...side('to', value(to.name)) })
  if (to.externalId !== undefined) {
    changes.push({ attribute: 'externalId', ...side('from', value(from.externalId)), ...side('to', value(to.externalId)) })
  }
  const { added, removed } = members
  if (added.count + removed.count > 0) {
    changes.push({ attribute: 'members', ...side('from', told(removed)), ...side('to', told(added)) })
  }
  return changes
}

const told = ({ count, ids }: Some): LoggedValue | undefined => (count === 0 ? undefined : count > mostValues ? { count } : ids)

const side = (name: 'from' | 'to', value: LoggedValue | undefined): Partial<AttributeChange> =>
  value === undefined ? {} : { [name]: value }

/** Never in the middle of a character: half of one is no text to a database. */
function cut(text: string): string {
  if (text.length <= mostCharacters) return text
  return `${text.slice(0, mostCharacters).replace(/[\uD800-\uDBFF]$/, '')}…`
}

/** One change in words: `name.familyName: 山田 → 鈴木`, `members: + ID`. */
export function changeText({ attribute, from, to }: AttributeChange): string {
  if (from === undefined && to === undefined) return `${attribute}: another order`
  if (typeof (from ?? to) === 'object') {
    const parts = [to === undefined ? '' : `+ ${valueText(to)}`, from === undefined ? '' : `- ${valueText(from)}`]
    return `${attribute}: ${parts.filter((part) => part !== '').join(' ')}`
  }
  return `${attribute}: ${from === undefined ? '' : `${valueText(from)} → `}${to === undefined ? '(none)' : valueText(to)}`
}

function valueText(value: LoggedValue): string {
  if (typeof value !== 'object') return String(value)
  return 'count' in value ? String(value.count) : value.join(', ')
}
