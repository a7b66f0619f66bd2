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
  return header.split(',').flatMap((part) => {
    const tag = /^\s*(?:W\/)?"([^"]*)"\s*$/.exec(part)?.[1]
    if (tag === undefined) throw invalidSyntax('If-Match and If-None-Match take ETags such as W/"3", separated by commas, or *.')
    // one that is not ours matches nothing
    return /^\d{1,15}$/.test(tag) ? [Number(tag) as Version] : [-1 as Version]
  })
}
