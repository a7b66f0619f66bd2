import type { DialectRule } from '../../domain/directory/dialect'
import type { JsonObject } from './json'
import type { PatchPath } from './patch-path'
import { attributesOf, enterpriseSchema, findAttribute, schemasOf, type ResourceKind, type ResourceSchema } from './schema'
import { invalidSyntax } from './scim-error'

/** The habits found in one message; who takes one notes it here. */
export type Dialect = Set<DialectRule>

/** One attribute of a body, or of a PATCH value without a path. */
export type Entry = { readonly path: PatchPath; readonly value: unknown }

/**
 * The attributes of a resource body in one shape, whatever way their names were written; unknown ones are passed over. What was
 * written as RFC 7643 §3.3 wants it comes last, and so wins where a message says a thing twice.
 *
 * @param otherwise is asked about keys that are no attribute's name
 */
export function expandBody(
  kind: ResourceKind,
  body: JsonObject,
  dialect: Dialect,
  otherwise: (key: string, value: unknown) => readonly Entry[] = () => [],
): readonly Entry[] {
  const written: Entry[] = []
  const tolerated: Entry[] = []
  for (const [key, value] of Object.entries(body)) {
    const attribute = findAttribute(attributesOf[kind], key)
    if (!attribute) {
      const under = schemaIn(kind, key)
      if (!under) tolerated.push(...(dottedEntry(attributesOf[kind], key, value, dialect) ?? otherwise(key, value)))
      else if (under.rest === undefined && under.schema !== schemasOf[kind][0] && !under.legacy)
        written.push(...extensionEntries(under.schema, value, dialect))
      else tolerated.push(...underUrn(under, value, dialect))
    } else if (kind === 'User' && enterpriseSchema.attributes.includes(attribute)) {
      dialect.add('attributeOutsideUrn')
      tolerated.push({ path: { attribute }, value })
    } else written.push({ path: { attribute }, value })
  }
  return tolerated.length === 0 ? written : [...tolerated, ...written]
}

/** `urn:…:User:department` as a key, the core schema as an object, or either under a URN of SCIM 1. */
function underUrn({ schema, rest, legacy }: UnderUrn, value: unknown, dialect: Dialect): readonly Entry[] {
  if (legacy) dialect.add('legacySchemaUrn')
  if (rest === undefined) {
    if (!legacy) dialect.add('urnKey')
    return extensionEntries(schema, value, dialect)
  }
  dialect.add('urnKey')
  return entriesOf(schema, rest, value, dialect)
}

/** The object of an extension; null is every attribute of it without a value (RFC 7643 §2.5). */
function extensionEntries(schema: ResourceSchema, value: unknown, dialect: Dialect): readonly Entry[] {
  if (value === null) return schema.attributes.map((attribute) => ({ path: { attribute }, value }))
  if (typeof value !== 'object' || Array.isArray(value)) throw invalidSyntax(`${schema.id} must be an object of its attributes.`)
  return Object.entries(value as JsonObject).flatMap(([key, part]) => entriesOf(schema, key, part, dialect))
}

function entriesOf(schema: ResourceSchema, key: string, value: unknown, dialect: Dialect): readonly Entry[] {
  const attribute = findAttribute(schema.attributes, key)
  return attribute ? [{ path: { attribute }, value }] : (dottedEntry(schema.attributes, key, value, dialect) ?? [])
}

/** `name.givenName` as a key. */
function dottedEntry(
  among: ResourceSchema['attributes'],
  key: string,
  value: unknown,
  dialect: Dialect,
): readonly Entry[] | undefined {
  const dot = key.indexOf('.')
  const attribute = dot < 0 ? undefined : findAttribute(among, key.slice(0, dot))
  const sub = findAttribute(attribute?.subAttributes ?? [], key.slice(dot + 1))
  if (!attribute || !sub) return undefined
  dialect.add('dottedKey')
  return [{ path: { attribute, sub }, value }]
}

type UnderUrn = { readonly schema: ResourceSchema; readonly legacy: boolean; readonly rest?: string }

/** Which schema of the resource a key names, and what stands behind its URN. */
function schemaIn(kind: ResourceKind, key: string): UnderUrn | undefined {
  if (key.slice(0, 4).toLowerCase() !== 'urn:') return undefined
  const lower = key.toLowerCase()
  for (const { urn, ...found } of urnsOf[kind]) {
    if (lower === urn) return found
    if (lower.startsWith(`${urn}:`)) return { ...found, rest: key.slice(urn.length + 1) }
  }
  return undefined
}

/** In lower case; `urn:…:2.0:user` before `urn:…:2.0`, which it begins with. */
const urnsOf: Readonly<Record<ResourceKind, readonly (UnderUrn & { readonly urn: string })[]>> = {
  User: schemasOf.User.flatMap(urnsOfSchema),
  Group: schemasOf.Group.flatMap(urnsOfSchema),
}

/** With those of SCIM 1, and of the drafts of SCIM 2 that OneLogin still sends. */
function urnsOfSchema(schema: ResourceSchema) {
  const stem = schema === enterpriseSchema ? 'urn:scim:schemas:extension:enterprise' : 'urn:scim:schemas:core'
  const suffix = schema === enterpriseSchema ? 'user' : schema.name.toLowerCase()
  const legacy = ['1.0', '2.0'].flatMap((version) => [`${stem}:${version}:${suffix}`, `${stem}:${version}`])
  return [{ urn: schema.id.toLowerCase(), schema, legacy: false }, ...legacy.map((urn) => ({ urn, schema, legacy: true }))]
}

/**
 * Notes what the `schemas` of a body name beside the schemas of the resource. Nothing hangs on them: which extensions a body has shows
 * in its keys.
 *
 * @throws ScimError invalidSyntax: no list of texts
 */
export function noteSchemas(kind: ResourceKind, body: JsonObject, dialect: Dialect): void {
  for (const urn of schemasIn(body, dialect)) {
    const found = schemaIn(kind, urn)
    if (!found || found.rest !== undefined) dialect.add('foreignSchema')
    else if (found.legacy) dialect.add('legacySchemaUrn')
  }
}

/** The `schemas` of a message such as PatchOp. @throws ScimError invalidSyntax */
export function noteMessageSchema(wanted: string, body: JsonObject, dialect: Dialect): void {
  for (const urn of schemasIn(body, dialect)) if (urn.toLowerCase() !== wanted.toLowerCase()) dialect.add('foreignSchema')
}

function schemasIn(body: JsonObject, dialect: Dialect): readonly string[] {
  const given = body['schemas'] ?? Object.entries(body).find(([name]) => name.toLowerCase() === 'schemas')?.[1]
  const wrong = () => invalidSyntax('schemas must be a list of URNs, for example ["urn:ietf:params:scim:schemas:core:2.0:User"].')
  if (given === undefined || given === null || (Array.isArray(given) && given.length === 0)) {
    dialect.add('schemasMissing')
    return []
  }
  if (!Array.isArray(given)) throw wrong()
  return given.map((urn: unknown) => {
    if (typeof urn !== 'string') throw wrong()
    return urn
  })
}
