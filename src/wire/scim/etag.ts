import type { Version } from '../../domain/brand'
import { invalidSyntax } from './scim-error'

export const presentEtag = (version: Version) => `W/"${version}"`

/**
 * The versions of an If-Match or If-None-Match header; undefined for none and for `*`: any version.
 *
 * @throws ScimError invalidSyntax
 */
export function parseEtags(header: string | undefined): readonly Version[] | undefined {
  if (header === undefined || header.trim() === '' || header.trim() === '*') return undefined
  const versions: Version[] = []
  for (let at = 0; at < header.length; at = tagged.lastIndex) {
    tagged.lastIndex = at
    const tag = tagged.exec(header)?.[1]
    if (tag === undefined) throw invalidSyntax('If-Match and If-None-Match take ETags such as W/"3", separated by commas, or *.')
    // one that is not ours matches nothing
    versions.push((/^\d{1,15}$/.test(tag) ? Number(tag) : -1) as Version)
  }
  return versions
}

/** One tag, which may have commas in it (RFC 9110 §8.8.3), and the comma after it. */
const tagged = /[ \t]*(?:W\/)?"([^"]*)"[ \t]*(?:,|$)/y
