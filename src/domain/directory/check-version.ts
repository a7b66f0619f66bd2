import type { Version } from '../brand'
import { DomainError } from '../errors'

/** If-Match (RFC 7644 §3.14). @throws DomainError versionMismatch unless it is at one of them; undefined: any will do */
export function checkVersion(
  what: 'user' | 'group' | 'setting',
  version: Version,
  ifVersions: readonly Version[] | undefined,
): void {
  if (!ifVersions || ifVersions.includes(version)) return
  throw new DomainError(
    'versionMismatch',
    `The ${what} has changed meanwhile: it is at version ${version}. Read it again and repeat.`,
  )
}
