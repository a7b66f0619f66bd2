import { findAttribute, attributesOf, withoutUrn, type ResourceKind } from './schema'
import { enterpriseUrn } from './urns'

/** Which attributes an answer shows (RFC 7644 §3.9): `attributes` names the only ones, `excludedAttributes` takes some away. */
export type Projection = {
  readonly only?: ReadonlySet<string>
  readonly without: ReadonlySet<string>
}

export const showAll: Projection = { without: new Set() }

/** Names that do not exist show nothing. Both at once: `attributes` wins. */
export function parseProjection(kind: ResourceKind, attributes: string | undefined, excluded: string | undefined): Projection {
  const names = (list: string) =>
    new Set(
      list
        .split(',')
        .map((name) => canonicalName(kind, name.trim()))
        .filter((name) => name !== ''),
    )
  if (attributes !== undefined && attributes.trim() !== '') return { only: names(attributes), without: new Set() }
  return excluded === undefined ? showAll : { without: names(excluded) }
}

function canonicalName(kind: ResourceKind, name: string): string {
  if (name.toLowerCase() === enterpriseUrn.toLowerCase()) return enterpriseUrn
  const [first, second] = withoutUrn(kind, name).split('.')
  const attribute = findAttribute(attributesOf[kind], first ?? '')
  if (!attribute) return name
  const sub = second === undefined ? undefined : findAttribute(attribute.subAttributes ?? [], second)
  return sub ? `${attribute.name}.${sub.name}` : attribute.name
}

/** Is this attribute, or a part of it, in the answer? What costs to find is not even looked for when not. */
export function shows(projection: Projection, name: string): boolean {
  if (projection.only) {
    const { only } = projection
    return (
      only.has(name) || [...only].some((one) => one.startsWith(`${name}.`)) || (enterprise.has(name) && only.has(enterpriseUrn))
    )
  }
  return !projection.without.has(name) && !(enterprise.has(name) && projection.without.has(enterpriseUrn))
}

const enterprise = new Set(['employeeNumber', 'costCenter', 'organization', 'division', 'department', 'manager'])

/** Which parts of a complex attribute are shown. */
export function projectParts(projection: Projection, name: string, value: unknown): unknown {
  if (Array.isArray(value)) {
    const elements: readonly unknown[] = value
    return elements.map((element) => projectParts(projection, name, element))
  }
  if (typeof value !== 'object' || value === null) return value
  const { only, without } = projection
  const show = (part: string) => {
    const path = `${name}.${part}`
    if (only) return only.has(name) || only.has(path) || (enterprise.has(name) && only.has(enterpriseUrn))
    return !without.has(path)
  }
  return Object.fromEntries(Object.entries(value).filter(([part]) => show(part)))
}
