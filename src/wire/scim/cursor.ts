import { createHash } from 'node:crypto'
import { pageSizes } from './parse-list'
import type { ResourceKind } from './schema'
import { invalidValue, ScimError } from './scim-error'
import type { SearchParameters } from './search'

/** A cursor is good for so long (RFC 9865 §4, `cursorTimeout`). */
export const cursorTimeoutSeconds = 3_600

/** Where a walk by cursors stands: behind this row of this type; without `after`, before its first. */
export type CursorPosition = {
  readonly kind: ResourceKind
  readonly after?: { readonly key: string | number | null; readonly id: string }
  /** How many there were when the walk began; counting anew on every page would make it quadratic. */
  readonly total: number
}

/** Which walk a cursor belongs to: the page size may change from page to page, nothing else. */
function fingerprint(kinds: readonly ResourceKind[], { filter, sortBy, sortOrder }: SearchParameters): string {
  const text = JSON.stringify([kinds, filter?.trim() ?? '', sortBy?.toLowerCase() ?? '', sortOrder?.toLowerCase() ?? ''])
  return createHash('sha256').update(text).digest('base64url').slice(0, 16)
}

/** What is to be sealed: nobody but us may read or change a cursor. */
export function writeCursor(
  kinds: readonly ResourceKind[],
  parameters: SearchParameters,
  { kind, after, total }: CursorPosition,
  now: number,
): string {
  return JSON.stringify([fingerprint(kinds, parameters), now + cursorTimeoutSeconds * 1_000, kind, total, after?.key, after?.id])
}

/**
 * @param opened what was sealed; undefined when it was not ours
 * @throws ScimError invalidCursor, expiredCursor
 */
export function readCursor(
  opened: string | undefined,
  kinds: readonly ResourceKind[],
  parameters: SearchParameters,
  now: number,
): CursorPosition {
  const wrong = (detail: string) =>
    new ScimError(400, 'invalidCursor', `${detail} Send an empty cursor to begin with the first page.`)
  if (opened === undefined) throw wrong('This cursor is none of ours, or was changed on the way.')
  const [of, expiresAt, kind, total, key, id] = JSON.parse(opened) as [
    string,
    number,
    ResourceKind,
    number,
    string | number | null,
    string | null,
  ]
  if (of !== fingerprint(kinds, parameters)) throw wrong('This cursor belongs to another endpoint, filter or order.')
  if (expiresAt <= now)
    throw new ScimError(
      400,
      'expiredCursor',
      `This cursor is older than ${cursorTimeoutSeconds} seconds. Begin with an empty cursor.`,
    )
  return { kind, total, ...(id === null ? {} : { after: { key, id } }) }
}

/** Is the list walked by cursors? `cursor` is empty at the first page. @throws ScimError invalidValue, invalidCount */
export function asksForCursor({ cursor, startIndex, count }: SearchParameters): boolean {
  if (cursor === undefined) return false
  if (startIndex !== undefined && startIndex !== '')
    throw invalidValue('cursor and startIndex exclude each other (RFC 9865). Send one of them.')
  if (count !== undefined && count !== '' && !/^0*[1-9]\d{0,8}$/.test(count)) {
    throw new ScimError(400, 'invalidCount', `With a cursor, count must be a whole number from 1 to ${pageSizes.max}.`)
  }
  return true
}
