import { invalidSyntax } from './scim-error'

const maxDepth = 32
/** Of one object; ten times what a resource with all its attributes has. */
const maxKeys = 1_000

export type JsonObject = Readonly<Record<string, unknown>>

/** @throws ScimError invalidSyntax: no object, nested too deep, or of too many keys */
export function requireObject(body: unknown): JsonObject {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalidSyntax('The body must be a JSON object. Send it as application/scim+json.')
  }
  requireShallow(body)
  return body as JsonObject
}

function requireShallow(body: object): void {
  const open: { readonly value: object; readonly depth: number }[] = [{ value: body, depth: 1 }]
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.depth > maxDepth) throw invalidSyntax(`The body is nested deeper than ${maxDepth} levels. Flatten it.`)
    const parts: readonly unknown[] = Object.values(next.value)
    if (parts.length > maxKeys && !Array.isArray(next.value))
      throw invalidSyntax(`An object of the body has more than ${maxKeys} keys. Leave out what is no attribute.`)
    for (const part of parts) {
      if (typeof part === 'object' && part !== null) open.push({ value: part, depth: next.depth + 1 })
    }
  }
}
