import type { User } from '../../domain/directory/user'
import type { GroupId } from '../../domain/ids'
import { presentEtag } from './etag'
import { projectParts, showAll, shows, type Projection } from './projection'
import { enterpriseSchema } from './schema'
import { enterpriseUrn, userUrn } from './urns'
import { resourceFrom } from './user-resource'

const enterpriseNames = enterpriseSchema.attributes.map((attribute) => attribute.name)

/** A user as SCIM JSON. @param base the URL of `/scim/v2`, without a trailing slash */
export function presentUser(
  {
    user,
    groups,
  }: {
    readonly user: User
    readonly groups: readonly { readonly id: GroupId; readonly name: string; readonly direct: boolean }[]
  },
  base: string,
  projection: Projection = showAll,
): Readonly<Record<string, unknown>> {
  const resource = resourceFrom(user)
  const extension: Record<string, unknown> = {}
  for (const name of enterpriseNames) {
    const value = resource[name]
    if (value === undefined) continue
    delete resource[name]
    if (shows(projection, name)) show(extension, projection, name, name === 'manager' ? managerOf(value, base) : value)
  }
  const location = `${base}/Users/${user.id}`
  const all: Readonly<Record<string, unknown>> = {
    ...resource,
    ...(groups.length === 0
      ? {}
      : {
          groups: groups.map((group) => ({
            value: group.id,
            $ref: `${base}/Groups/${group.id}`,
            display: group.name,
            type: group.direct ? 'direct' : 'indirect',
          })),
        }),
    meta: {
      resourceType: 'User',
      created: new Date(user.createdAt).toISOString(),
      lastModified: new Date(user.updatedAt).toISOString(),
      location,
      version: presentEtag(user.version),
    },
  }
  const hasExtension = Object.keys(extension).length > 0
  const answer: Record<string, unknown> = { schemas: hasExtension ? [userUrn, enterpriseUrn] : [userUrn], id: user.id }
  for (const [name, value] of Object.entries(all)) if (shows(projection, name)) show(answer, projection, name, value)
  if (hasExtension) answer[enterpriseUrn] = extension
  return answer
}

/** Of parts that are asked for and have no value, nothing is left to show. */
function show(answer: Record<string, unknown>, projection: Projection, name: string, value: unknown): void {
  if (projection === showAll) {
    answer[name] = value
    return
  }
  const shown = projectParts(projection, name, value)
  const left = Array.isArray(shown) ? shown.filter((element) => !isEmpty(element)) : shown
  if (Array.isArray(left) ? left.length > 0 : !isEmpty(left)) answer[name] = left
}

const isEmpty = (value: unknown) => typeof value === 'object' && value !== null && Object.keys(value).length === 0

const managerOf = (manager: unknown, base: string) => {
  const { value } = manager as { readonly value: string }
  return { value, $ref: `${base}/Users/${value}` }
}
