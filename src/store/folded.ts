import type { PluralValue, UserAttributes } from '../domain/directory/user'
import { foldCase } from '../domain/text'

/**
 * What filters compare of the attributes that have no column of their own: folded to the form that compares without case, under
 * their SCIM names. Kept beside the profile in the same row; both databases read it by JSON path.
 */
export function foldProfile(user: UserAttributes): Readonly<Record<string, unknown>> {
  const { profile } = user
  const folded: Record<string, unknown> = {}
  const text = (name: string, value: string | undefined) => {
    if (value !== undefined) folded[name] = foldCase(value)
  }
  text('name_familyName', user.familyName)
  text('name_givenName', user.givenName)
  text('name_formatted', profile.formattedName)
  text('name_middleName', profile.middleName)
  text('name_honorificPrefix', profile.honorificPrefix)
  text('name_honorificSuffix', profile.honorificSuffix)
  for (const name of foldedTexts) text(name, profile[name])
  if (profile.managerId !== undefined) folded['manager_value'] = profile.managerId
  for (const name of foldedLists) {
    const values: readonly PluralValue[] | undefined = profile[name]
    if (values && values.length > 0) folded[name] = values.map(foldElement)
  }
  if (profile.addresses && profile.addresses.length > 0) folded['addresses'] = profile.addresses.map(foldElement)
  return folded
}

export const foldedTexts = [
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

export const foldedLists = ['phoneNumbers', 'ims', 'photos', 'entitlements', 'roles', 'x509Certificates'] as const

/** The fields of an element, by which value filters look. Booleans become the texts `true` and `false`. */
export const elementFields = ['value', 'type', 'display', 'primary'] as const
export const addressFields = [
  'formatted',
  'streetAddress',
  'locality',
  'region',
  'postalCode',
  'country',
  'type',
  'primary',
] as const

function foldElement(element: object): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(element).map(([field, value]) => [field, foldCase(String(value))]))
}
