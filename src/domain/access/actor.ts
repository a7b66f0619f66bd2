import type { ClientId, UserId } from '../ids'

/** What a token may do. `admin` is the administration API; the others are SCIM. */
export const scopes = ['users:read', 'users:write', 'groups:read', 'groups:write', 'admin'] as const
export type Scope = (typeof scopes)[number]

/** Who asks, as the door has proved it. Authority is decided in use cases from this alone. */
export type Actor = (
  | {
      readonly kind: 'client'
      readonly clientId: ClientId
      readonly name: string
      readonly scopes: ReadonlySet<Scope>
      /** Members that are nobody here are left out of its changes instead of refused. */
      readonly ignoreUnknownMembers?: boolean
    }
  | { readonly kind: 'user'; readonly userId: UserId; readonly name: string; readonly administrator: boolean }
  /** The command line: who may run it holds the database. */
  | { readonly kind: 'operator'; readonly name: string }
  | { readonly kind: 'system'; readonly name: string }
) & {
  /** Where from; absent for the command line and our own work. */
  readonly address?: string
  readonly requestId?: string
}
