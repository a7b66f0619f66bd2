import type { PluralValue, PostalAddress, UserAttributes } from '../../domain/directory/user'
import { parseLoginName } from '../../domain/directory/login-name'
import type { Element, Value } from './coerce'
import { invalidValue } from './scim-error'

/** A user as SCIM names its parts, core and enterprise side by side, without nulls; PATCH works on this. */
export type UserResource = Record<string, Value>

const texts = [
  'nickName',
  'profileUrl',
  'title',
  'userType',
  'preferredLanguage',
  'locale',
  'timezone',
  'employeeNumber',
  'costCenter',
  'organization',
  'division',
  'department',
] as const

const lists = ['emails', 'phoneNumbers', 'ims', 'photos', 'entitlements', 'roles', 'x509Certificates'] as const

const names = {
  formatted: 'formattedName',
  middleName: 'middleName',
  honorificPrefix: 'honorificPrefix',
  honorificSuffix: 'honorificSuffix',
} as const

/** @throws ScimError invalidValue without a userName; DomainError invalidLoginName */
export function attributesFrom(resource: UserResource): UserAttributes {
  const userName = text(resource['userName'])
  if (userName === undefined) throw invalidValue('userName is missing. Send the name that the user signs in with.')
  const name = (resource['name'] ?? {}) as Element
  const profile: Record<string, unknown> = {}
  for (const [part, field] of Object.entries(names)) put(profile, field, text(name[part]))
  for (const field of texts) put(profile, field, text(resource[field]))
  for (const field of lists) put(profile, field, resource[field] as readonly PluralValue[] | undefined)
  put(profile, 'addresses', resource['addresses'] as readonly PostalAddress[] | undefined)
  put(profile, 'managerId', text((resource['manager'] as Element | undefined)?.['value']))
  const attributes: Record<string, unknown> = {
    loginName: parseLoginName(userName),
    status: resource['active'] === false ? 'suspended' : 'inUse',
    profile,
  }
  put(attributes, 'displayName', text(resource['displayName']))
  put(attributes, 'familyName', text(name['familyName']))
  put(attributes, 'givenName', text(name['givenName']))
  put(attributes, 'externalId', text(resource['externalId']))
  return attributes as UserAttributes
}

export function resourceFrom(user: UserAttributes): UserResource {
  const { profile } = user
  const resource: UserResource = { userName: user.loginName, active: user.status === 'inUse' }
  const name: Record<string, string> = {}
  put(name, 'familyName', user.familyName)
  put(name, 'givenName', user.givenName)
  for (const [part, field] of Object.entries(names)) put(name, part, profile[field])
  if (Object.keys(name).length > 0) resource['name'] = name
  put(resource, 'externalId', user.externalId)
  put(resource, 'displayName', user.displayName)
  for (const field of texts) put(resource, field, profile[field])
  for (const field of lists) put(resource, field, profile[field] as readonly Element[] | undefined)
  put(resource, 'addresses', profile.addresses as readonly Element[] | undefined)
  if (profile.managerId !== undefined) resource['manager'] = { value: profile.managerId }
  return resource
}

const text = (value: Value | undefined) => (typeof value === 'string' ? value : undefined)

function put<T, V extends T>(into: Record<string, T>, field: string, value: V | undefined): void {
  if (value !== undefined) into[field] = value
}
