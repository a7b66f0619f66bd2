import type { Brand } from './brand'

/** All ids are UUIDv7 in lower case, made by us before the transaction; they sort by the time of creation. */
export type UserId = Brand<string, 'UserId'>
export type GroupId = Brand<string, 'GroupId'>
export type ClientId = Brand<string, 'ClientId'>
export type TokenId = Brand<string, 'TokenId'>
export type JobId = Brand<string, 'JobId'>
/** What a group's members stand in. */
export type MemberListId = Brand<string, 'MemberListId'>
/** A thing that is mirrored: a user or a group. */
export type ObjectId = UserId | GroupId

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The id in its one spelling, or undefined when it cannot be one of ours: then nothing has it. */
export function parseUuid(text: string): string | undefined {
  return uuid.test(text) ? text.toLowerCase() : undefined
}
