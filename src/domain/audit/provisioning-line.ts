import type { Instant } from '../brand'
import type { ClientId } from '../ids'
import type { AttributeChange, Operation, RequestedOperation } from './change'

/** What one request did to one object. */
export type DoneLine = {
  readonly result: 'ok'
  /** UUIDv7: lines sort by their ids, and their ids by time. */
  readonly id: string
  readonly at: Instant
  readonly clientId: ClientId
  /** Its name at that time. */
  readonly clientName: string
  readonly address?: string
  readonly requestId?: string
  /** Absent: no change of a user or group. */
  readonly operation?: Operation
  readonly action: string
  readonly objectKind: string
  readonly objectId?: string
  readonly label: string
  readonly changes: readonly AttributeChange[]
  /** A deleted person who came back. */
  readonly restored: boolean
  readonly dialect: readonly string[]
}

/** Refused requests of one kind, in one hour. */
export type RefusedLine = {
  readonly result: 'refused'
  readonly id: string
  /** The first one. */
  readonly at: Instant
  readonly lastAt: Instant
  readonly count: number
  /** Absent where no valid token came. */
  readonly clientId?: ClientId
  readonly clientName?: string
  /** Only where the client is not known. */
  readonly address?: string
  /** Of the last one. */
  readonly requestId: string
  readonly operation: RequestedOperation
  readonly objectKind?: 'user' | 'group'
  readonly status: number
  readonly scimType?: string
  /** Without the names and ids of single objects. */
  readonly detail: string
  /** What the last ones named: ids, userNames, externalIds; newest first. */
  readonly objects: readonly string[]
}

export type ProvisioningLine = DoneLine | RefusedLine
