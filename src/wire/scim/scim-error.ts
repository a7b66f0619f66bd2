/** RFC 7644 §3.12, table 9; of cursors RFC 9865 §2.1. */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'
  | 'invalidVers'
  | 'sensitive'
  | 'invalidCursor'
  | 'expiredCursor'
  | 'invalidCount'

/** A message that breaks the protocol; `detail` says what is wrong and how to mend it. */
export class ScimError extends Error {
  override readonly name = 'ScimError'

  constructor(
    readonly status: number,
    readonly scimType: ScimType | undefined,
    readonly detail: string,
  ) {
    super(detail)
  }
}

export const invalidValue = (detail: string) => new ScimError(400, 'invalidValue', detail)
export const invalidSyntax = (detail: string) => new ScimError(400, 'invalidSyntax', detail)
export const invalidPath = (detail: string) => new ScimError(400, 'invalidPath', detail)
export const invalidFilter = (detail: string) => new ScimError(400, 'invalidFilter', detail)
export const noTarget = (detail: string) => new ScimError(400, 'noTarget', detail)
export const mutability = (detail: string) => new ScimError(400, 'mutability', detail)
