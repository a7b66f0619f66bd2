import type { z } from 'zod'

/** A member of a request that is wrong, and how to mend it; `field` is empty for the body as a whole. */
export type FieldError = { readonly field: string; readonly detail: string }

/** What a caller of the administration API has sent cannot be read. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput'

  constructor(readonly errors: readonly FieldError[]) {
    super(errors.map(({ field, detail }) => `${field} ${detail}`).join('; '))
  }
}

/** @throws InvalidInput naming each wrong member */
export function parseInput<Shape extends z.ZodObject>(shape: Shape, input: unknown): z.output<Shape> {
  const parsed = shape.safeParse(input)
  if (parsed.success) return parsed.data
  throw new InvalidInput(parsed.error.issues.flatMap((issue) => fieldErrors(issue, Object.keys(shape.shape))))
}

function fieldErrors(issue: z.core.$ZodIssue, known: readonly string[]): readonly FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: key, detail: `There is no such member. Known: ${known.join(', ') || 'none'}.` }))
  }
  if (issue.path.length === 0) return [{ field: '', detail: `Send a JSON object with ${known.join(', ')}.` }]
  return [{ field: issue.path.join('.'), detail: issue.message }]
}
