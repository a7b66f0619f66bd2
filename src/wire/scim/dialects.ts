import type { JsonObject } from './json'
import { resolvePath, withoutUrn, type ResourceKind } from './schema'
import { enterpriseUrn, groupUrn, userUrn } from './urns'

/**
 * The attributes of a resource body, or of a PATCH value without path, in one shape: `[path without URN, value]`.
 * Taken from identity providers: extension objects under their URN (RFC 7643 §3.3), keys such as `urn:…:User:department` and
 * `name.givenName` (Entra ID), enterprise attributes outside their URN (Entra ID).
 */
export function expandDialect(kind: ResourceKind, body: JsonObject): readonly (readonly [name: string, value: unknown])[] {
  return Object.entries(body).flatMap(([key, value]): readonly (readonly [string, unknown])[] => {
    if (isSchemaUrn(key) && typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return expandDialect(kind, value as JsonObject)
    }
    const path = resolvePath(kind, withoutUrn(kind, key))
    if (!path) return []
    return [path.sub ? [path.attribute.name, { [path.sub.name]: value }] : [path.attribute.name, value]]
  })
}

const urns = new Set([userUrn, enterpriseUrn, groupUrn].map((urn) => urn.toLowerCase()))
const isSchemaUrn = (key: string) => urns.has(key.toLowerCase())
