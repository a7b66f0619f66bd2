import { resolvePath, schemasOf, type ResourceKind } from './schema'

/** Which attributes an answer shows (RFC 7644 §3.9): `attributes` names the only ones, `excludedAttributes` takes some away. */
export type Projection = {
  /** `userName`, `name.familyName`; undefined: all. */
  readonly only?: ReadonlySet<string>
  /** Of these attributes only parts are named in `only`. */
  readonly partly: ReadonlySet<string>
  readonly without: ReadonlySet<string>
}

const none: ReadonlySet<string> = new Set()

export const showAll: Projection = { partly: none, without: none }

/** The URN of a schema names all of its attributes; names that do not exist name nothing. Both at once: `attributes` wins. */
export function parseProjection(kind: ResourceKind, attributes: string | undefined, excluded: string | undefined): Projection {
  if (attributes !== undefined && attributes.trim() !== '') {
    const only = namesIn(kind, attributes)
    const partly = [...only].filter((name) => name.includes('.')).map((name) => name.slice(0, name.indexOf('.')))
    return { only, partly: new Set(partly), without: none }
  }
  return excluded === undefined ? showAll : { partly: none, without: namesIn(kind, excluded) }
}

function namesIn(kind: ResourceKind, list: string): ReadonlySet<string> {
  const names = new Set<string>()
  for (const part of list.split(',')) {
    const name = part.trim()
    const path = resolvePath(kind, name)
    if (path) names.add(path.sub ? `${path.attribute.name}.${path.sub.name}` : path.attribute.name)
    else
      for (const schema of schemasOf[kind])
        if (schema.id.toLowerCase() === name.toLowerCase()) for (const attribute of schema.attributes) names.add(attribute.name)
  }
  return names
}

/** Is this attribute, or a part of it, in the answer? What costs to find is not even looked for when not. */
export const shows = ({ only, partly, without }: Projection, name: string): boolean =>
  only ? only.has(name) || partly.has(name) : !without.has(name)

/** Which parts of a complex attribute are shown. */
export function projectParts(projection: Projection, name: string, value: unknown): unknown {
  if (Array.isArray(value)) {
    const elements: readonly unknown[] = value
    return elements.map((element) => projectParts(projection, name, element))
  }
  if (typeof value !== 'object' || value === null) return value
  const { only, without } = projection
  const show = (part: string) => (only ? only.has(name) || only.has(`${name}.${part}`) : !without.has(`${name}.${part}`))
  return Object.fromEntries(Object.entries(value).filter(([part]) => show(part)))
}
