import { invalidSyntax } from './scim-error'

const maxDepth = 32

export type JsonObject = Readonly<Record<string, unknown>>

/** @throws ScimError invalidSyntax: no object, or nested too deep */
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
    for (const part of Object.values(next.value) as readonly unknown[]) {
      if (typeof part === 'object' && part !== null) open.push({ value: part, depth: next.depth + 1 })
    }
  }
}
