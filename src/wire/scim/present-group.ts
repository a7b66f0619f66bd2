import type { Group, Member } from '../../domain/directory/group'
import { presentEtag } from './etag'
import { projectParts, showAll, shows, type Projection } from './projection'
import { groupUrn } from './urns'

/** A group as SCIM JSON, without its members: they are written after it, slice by slice. */
export function presentGroup(group: Group, base: string, projection: Projection = showAll): Readonly<Record<string, unknown>> {
  const all = {
    ...(group.externalId === undefined ? {} : { externalId: group.externalId }),
    displayName: group.name,
    meta: {
      resourceType: 'Group',
      created: new Date(group.createdAt).toISOString(),
      lastModified: new Date(group.updatedAt).toISOString(),
      location: `${base}/Groups/${group.id}`,
      version: presentEtag(group.version),
    },
  }
  const answer: Record<string, unknown> = { schemas: [groupUrn], id: group.id }
  for (const [name, value] of Object.entries(all))
    if (shows(projection, name)) answer[name] = projectParts(projection, name, value)
  return answer
}

export function presentMember(member: Member, base: string, projection: Projection = showAll): unknown {
  const kind = member.kind === 'user' ? 'User' : 'Group'
  return projectParts(projection, 'members', {
    value: member.id,
    $ref: `${base}/${kind}s/${member.id}`,
    type: kind,
    display: member.display,
  })
}

/** How each member of an answer is written: which parts are shown is decided once, for 100,000 may follow. */
export function memberText(base: string, projection: Projection): (member: Member) => string {
  const parts = Object.keys(presentMember(anyMember, base, projection) as object)
  if (parts.length < Object.keys(presentMember(anyMember, base) as object).length) {
    return (member) => JSON.stringify(presentMember(member, base, projection))
  }
  const address = JSON.stringify(base).slice(1, -1)
  return ({ id, kind, display }) => {
    const type = kind === 'user' ? 'User' : 'Group'
    return `{"value":"${id}","$ref":"${address}/${type}s/${id}","type":"${type}","display":${JSON.stringify(display)}}`
  }
}

const anyMember: Member = { id: '' as Member['id'], kind: 'user', display: '' }
