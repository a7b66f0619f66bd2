import type { Instant, Version } from '../brand'
import type { UserId } from '../ids'
import type { DialectRule } from './dialect'
import type { LoginName } from './login-name'

/** 使用状態 (D1, D5). SCIM: `active`. */
export type UserStatus = 'inUse' | 'suspended'

/** `builtIn` is `Administrator` and system accounts: neither in SCIM lists nor mirrored. */
export type UserKind = 'person' | 'builtIn'

/** One element of a multi-valued attribute (RFC 7643 §2.4). At most one of a list is primary. */
export type PluralValue = {
  readonly value: string
  readonly type?: string
  readonly display?: string
  readonly primary?: boolean
}

/** RFC 7643 §4.1.2, addresses. */
export type PostalAddress = {
  readonly formatted?: string
  readonly streetAddress?: string
  readonly locality?: string
  readonly region?: string
  readonly postalCode?: string
  readonly country?: string
  readonly type?: string
  readonly primary?: boolean
}

/** What the SCIM core and enterprise schemas say of a user beside the columns that we search by (RFC 7643 §4.1, §4.3). */
export type UserProfile = {
  readonly formattedName?: string
  readonly middleName?: string
  readonly honorificPrefix?: string
  readonly honorificSuffix?: string
  readonly nickName?: string
  readonly profileUrl?: string
  readonly title?: string
  readonly userType?: string
  readonly preferredLanguage?: string
  readonly locale?: string
  readonly timezone?: string
  readonly emails?: readonly PluralValue[]
  readonly phoneNumbers?: readonly PluralValue[]
  readonly ims?: readonly PluralValue[]
  readonly photos?: readonly PluralValue[]
  readonly addresses?: readonly PostalAddress[]
  readonly entitlements?: readonly PluralValue[]
  readonly roles?: readonly PluralValue[]
  readonly x509Certificates?: readonly PluralValue[]
  readonly employeeNumber?: string
  readonly costCenter?: string
  readonly organization?: string
  readonly division?: string
  readonly department?: string
  /** The manager's user id; the person may have left. */
  readonly managerId?: string
}

/** What can be changed of a user from outside; compared as a whole to see whether anything did change. */
export type UserAttributes = {
  readonly loginName: LoginName
  readonly status: UserStatus
  readonly displayName?: string
  readonly familyName?: string
  readonly givenName?: string
  /** Belongs to the client that asks: every client has its own (RFC 7643 §3.1). */
  readonly externalId?: string
  readonly profile: UserProfile
}

/** A change of a person as a pure function: PUT, PATCH and forms alike; applied inside the transaction to what is then there. */
export type UserEdit = {
  apply(current: UserAttributes): UserAttributes
  /** It says everything: what it leaves out is cleared (PUT, RFC 7644 §3.5.1). */
  readonly replaces?: true
  /** A new password; hashed before the transaction. */
  readonly password?: string
  /** The habits of an identity provider that the change was written in; whole once it is applied. */
  readonly dialect?: ReadonlySet<DialectRule>
}

export type User = UserAttributes & {
  readonly id: UserId
  readonly kind: UserKind
  readonly version: Version
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

/** The name chat shows first: family and given name, and where both are empty the login name (000, アカウントの初回同期; C11). */
export function chatDisplayName(user: Pick<UserAttributes, 'familyName' | 'givenName' | 'loginName'>): string {
  const name = [user.familyName, user.givenName].filter((part) => part !== undefined && part.trim() !== '').join(' ')
  return name === '' ? user.loginName : name
}
