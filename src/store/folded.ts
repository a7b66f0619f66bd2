import type { PluralValue, PostalAddress, UserAttributes } from '../domain/directory/user'
import { foldCase } from '../domain/text'

/**
 * What filters compare of the attributes that have no column of their own: folded to the form that compares without case, under
 * their SCIM names. Kept beside the profile in the same row; both databases read it by JSON path.
 */
export function foldProfile(
  user: Pick<UserAttributes, 'familyName' | 'givenName' | 'profile'>,
): Readonly<Record<string, unknown>> {
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
    if (values && values.length > 0) folded[name] = foldElements(values, exactLists.has(name))
  }
  if (profile.addresses && profile.addresses.length > 0) folded['addresses'] = foldElements(profile.addresses, false)
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

/** Lists whose values compare with case (RFC 7643 §2.3.6). */
export const exactLists: ReadonlySet<string> = new Set<(typeof foldedLists)[number]>(['x509Certificates'])

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

/** The primary one first: it is the one that a list is ordered by (RFC 7644 §3.4.2.3). One that does not say so is not (RFC 7643 §2.4). */
function foldElements(elements: readonly (PluralValue | PostalAddress)[], exact: boolean): readonly object[] {
  const folded = elements.map((element) => ({
    primary: 'false',
    ...Object.fromEntries(
      Object.entries(element).map(([field, value]) => [field, exact && field === 'value' ? value : foldCase(String(value))]),
    ),
  }))
  return [...folded.filter(({ primary }) => primary === 'true'), ...folded.filter(({ primary }) => primary !== 'true')]
}
