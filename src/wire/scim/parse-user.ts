import type { UserAttributes } from '../../domain/directory/user'
import { coerce, type Value } from './coerce'
import { expandDialect } from './dialects'
import { requireObject } from './json'
import { attributesOf, findAttribute } from './schema'
import { attributesFrom, type UserResource } from './user-resource'

export type UserDraft = { readonly attributes: UserAttributes; readonly password?: string }

/**
 * A user as POST and PUT send it. What is read-only or unknown is passed over (RFC 7644 §3.3).
 *
 * @throws ScimError invalidSyntax, invalidValue
 */
export function parseUser(body: unknown): UserDraft {
  const resource: UserResource = {}
  for (const [name, value] of expandDialect('User', requireObject(body))) {
    const attribute = findAttribute(attributesOf.User, name)
    if (!attribute || attribute.mutability === 'readOnly') continue
    const coerced = coerce(attribute, value)
    if (coerced !== undefined) resource[attribute.name] = merged(resource[attribute.name], coerced)
  }
  const { password, ...rest } = resource
  return { attributes: attributesFrom(rest), ...(typeof password === 'string' ? { password } : {}) }
}

/** `name.familyName` and `name.givenName` as two keys make one name. */
function merged(before: Value | undefined, value: Value): Value {
  return typeof before === 'object' && typeof value === 'object' && !Array.isArray(before) && !Array.isArray(value)
    ? { ...before, ...value }
    : value
}
