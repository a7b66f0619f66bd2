import type { UserEdit } from '../../domain/directory/user'
import { coerce, coerceOne, maxElements, requireOnePrimary, withoutRepeats, type Element, type Value } from './coerce'
import type { Dialect } from './dialects'
import { parsePatchSteps, type PatchStep } from './parse-patch-operations'
import { elementsAfter, type UserStep } from './patch-elements'
import type { PatchPath } from './patch-path'
import type { Attribute } from './schema'
import { invalidValue, mutability } from './scim-error'
import { attributesFrom, resourceFrom, type UserResource } from './user-resource'

/**
 * A PATCH of a user as a pure function, to be applied to what the user then is. All of it holds, or nothing (RFC 7644 §3.5.2).
 *
 * @param id of the user, where it is known: a value may repeat it, and no other
 * @throws ScimError invalidSyntax, invalidPath, invalidFilter, invalidValue, mutability; `apply` also noTarget
 */
export function parseUserPatch(body: unknown, id?: string): UserEdit {
  const dialect: Dialect = new Set()
  const steps = parsePatchSteps('User', body, dialect, id).map((step) => checked(step, dialect))
  const password = steps.findLast((step) => step.path.attribute.name === 'password')
  if (password && (password.op === 'remove' || typeof password.value !== 'string')) {
    throw invalidValue('password can only be set, to a string that is not empty.')
  }
  const onUser = steps.filter((step) => step.path.attribute.name !== 'password')
  return {
    apply: (current) => {
      const resource = resourceFrom(current)
      for (const step of onUser) applyStep(resource, step, dialect)
      for (const attribute of new Set(onUser.map((step) => step.path.attribute))) dropIncomplete(resource, attribute)
      return attributesFrom(resource)
    },
    ...(password ? { password: password.value as string } : {}),
    dialect,
  }
}

/** What can be judged without the user is judged before the transaction. */
function checked({ op, path, value }: PatchStep, dialect: Dialect): UserStep {
  const { attribute, sub } = path
  if (attribute.mutability === 'readOnly' || (sub?.mutability === 'readOnly' && attribute.name !== 'manager')) {
    throw mutability(`${attribute.name}${sub ? `.${sub.name}` : ''} is read-only.`)
  }
  if (attribute.name === 'userName' && op === 'remove') throw mutability('userName is required and cannot be removed.')
  const listed = op === 'remove' && attribute.multiValued && !path.filter && !sub && value !== undefined && value !== null
  return { op, path, value: op === 'remove' && !listed ? undefined : valueAt(path, value, dialect), listed }
}

function valueAt({ attribute, sub, filter }: PatchPath, value: unknown, dialect: Dialect): Value | undefined {
  if (sub) return coerce(sub, value, dialect, `${attribute.name}.${sub.name}`)
  return filter ? coerceOne(attribute, value, dialect) : coerce(attribute, value, dialect)
}

function applyStep(resource: UserResource, step: UserStep, dialect: Dialect): void {
  const { attribute } = step.path
  const next = attribute.multiValued
    ? checkedList(attribute, elementsAfter(resource[attribute.name], step, dialect))
    : valueAfter(resource[attribute.name], step)
  if (next === undefined || (Array.isArray(next) && next.length === 0)) {
    if (attribute.name === 'userName') throw invalidValue('userName is required: send the name that the user signs in with.')
    delete resource[attribute.name]
  } else resource[attribute.name] = next
}

function checkedList(attribute: Attribute, given: readonly Element[]): readonly Element[] {
  const elements = withoutRepeats(given)
  if (elements.length > maxElements)
    throw invalidValue(`${attribute.name} would have more than ${maxElements} elements. Remove some.`)
  requireOnePrimary(elements, attribute.name)
  return elements
}

/**
 * An element that is left without its value, or without anything, is gone (RFC 7643 §2.4). Looked at last: an element may be made in
 * several steps.
 */
function dropIncomplete(resource: UserResource, attribute: Attribute): void {
  const elements = resource[attribute.name]
  if (!Array.isArray(elements)) return
  const needsValue = attribute.subAttributes?.some((sub) => sub.name === 'value' && sub.required)
  const whole = (elements as readonly Element[]).filter((element) =>
    needsValue ? element['value'] !== undefined : Object.keys(element).length > 0,
  )
  if (whole.length === 0) delete resource[attribute.name]
  else resource[attribute.name] = whole
}

/** A single value; of a complex one, add and replace leave the parts that are not named (RFC 7644 §3.5.2.1, §3.5.2.3). */
function valueAfter(before: Value | undefined, { op, path, value }: UserStep): Value | undefined {
  const { attribute, sub } = path
  if (attribute.type !== 'complex' || (!sub && (op === 'remove' || value === undefined))) return value
  const parts: Record<string, unknown> = { ...(before as Element | undefined) }
  if (!sub) Object.assign(parts, value)
  else if (value === undefined) delete parts[sub.name]
  else parts[sub.name] = value
  return Object.keys(parts).length === 0 ? undefined : (parts as Element)
}
