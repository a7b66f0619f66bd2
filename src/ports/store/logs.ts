import type { RequestedOperation } from '../../domain/audit/change'
import type { DoneLine, RefusedLine } from '../../domain/audit/provisioning-line'
import type { Instant } from '../../domain/brand'
import type { ClientId } from '../../domain/ids'

/** What is asked for of the provisioning log; all of it must hold. Latin letters are compared without case. */
export type ProvisioningQuery = {
  readonly clientId?: ClientId
  readonly objectId?: string
  /** userName or displayName as it was then; of a refused request what it named. */
  readonly name?: string
  readonly operation?: RequestedOperation
  readonly result?: 'ok' | 'refused'
  readonly from?: Instant
  /** The first instant that is not asked for. */
  readonly to?: Instant
  readonly dialect?: string
  /** Stands in the name, the changes or the reason. */
  readonly text?: string
}

export type Slice<Line> = {
  readonly lines: readonly Line[]
  /** All from here on were looked at; absent: there are no more. */
  readonly seenTo?: string
}

/** What must not grow for ever: lines of done and of refused requests. */
export type ProvisioningPart = 'done' | 'refused'

export interface LogReads {
  readonly logs: {
    countAudit(): Promise<number>
    /**
     * The next lines, newest first, at most `limit`. Looks at a few thousand lines and no more, so that it holds nobody up.
     *
     * @param before the id where the slice before ended
     */
    done(query: ProvisioningQuery, before: string | undefined, limit: number): Promise<Slice<DoneLine>>
    /** As `done`. */
    refused(query: ProvisioningQuery, before: string | undefined, limit: number): Promise<Slice<RefusedLine>>
    /** The id of the oldest line. */
    oldest(part: ProvisioningPart): Promise<string | undefined>
    /** Lines from `from` to before `to`. */
    count(part: ProvisioningPart, from: Instant, to: Instant): Promise<number>
  }
}

export interface LogWrites extends LogReads {
  readonly logs: LogReads['logs'] & {
    /** Audit lines older than the instant that the provisioning log has let go, at most `limit`. */
    purge(before: Instant, limit: number): Promise<number>
    /** Added to those of the same `kindHash`. */
    addRefusals(refusals: readonly (RefusedLine & { readonly kindHash: string })[]): Promise<void>
    /** The oldest leave the provisioning log, at most `limit`; what the audit log keeps stays there. @param before only older ones */
    letGo(part: ProvisioningPart, limit: number, before?: Instant): Promise<number>
  }
}
