import type { DialectRule } from '../../domain/directory/dialect'
import type { UserAttributes, UserEdit } from '../../domain/directory/user'
import { coerce, type Value } from './coerce'
import { expandBody, noteSchemas, type Dialect } from './dialects'
import { requireObject } from './json'
import { attributesFrom, type UserResource } from './user-resource'

export type UserDraft = {
  readonly attributes: UserAttributes
  readonly password?: string
  readonly dialect: ReadonlySet<DialectRule>
}

/**
 * A user as POST and PUT send it. What is read-only or unknown is passed over (RFC 7644 §3.3).
 *
 * @throws ScimError invalidSyntax, invalidValue
 */
export function parseUser(body: unknown): UserDraft {
  const dialect: Dialect = new Set()
  const message = requireObject(body)
  noteSchemas('User', message, dialect)
  const resource: UserResource = {}
  for (const { path, value } of expandBody('User', message, dialect)) {
    const { attribute, sub } = path
    if (attribute.mutability === 'readOnly') continue
    const coerced = coerce(attribute, sub ? { [sub.name]: value } : value, dialect)
    if (coerced !== undefined) resource[attribute.name] = merged(resource[attribute.name], coerced)
  }
  const { password, ...rest } = resource
  return { attributes: attributesFrom(rest), ...(typeof password === 'string' ? { password } : {}), dialect }
}

/** PUT says everything: what it leaves out is cleared, but for the password, which nobody can repeat (RFC 7644 §3.5.1). */
export function replacingEdit({ attributes, ...rest }: UserDraft): UserEdit {
  return { apply: () => attributes, replaces: true, ...rest }
}

/** `name.familyName` and `name.givenName` as two keys make one name. */
function merged(before: Value | undefined, value: Value): Value {
  return typeof before === 'object' && typeof value === 'object' && !Array.isArray(before) && !Array.isArray(value)
    ? { ...before, ...value }
    : value
}
