import type { AccountFacts } from '../../domain/audit/explain'
import type { Instant } from '../../domain/brand'
import type { UserId } from '../../domain/ids'
import type { TargetName } from '../../domain/mirror/account'

/** A person who was deleted, as long as something is left of him. */
export type DeletedUser = {
  readonly id: UserId
  readonly loginName: string
  readonly deletedAt: Instant
  /** Until then his client can bring him back. */
  readonly expiresAt: Instant
}

/** What an explanation of one person needs beside what everybody reads. */
export interface ExplainReads {
  readonly explain: {
    /** By id, or by the login name he had; the last one of that name. */
    deleted(idOrLoginName: string): Promise<DeletedUser | undefined>
    /** Of every client; also of a deleted person. */
    externalIds(id: UserId): Promise<readonly string[]>
    account(target: TargetName, id: UserId): Promise<AccountFacts>
    /** Login names that begin so, a few. */
    namesLike(beginning: string): Promise<readonly string[]>
  }
}
