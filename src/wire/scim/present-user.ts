import type { User } from '../../domain/directory/user'
import type { GroupId } from '../../domain/ids'
import { presentEtag } from './etag'
import { projectParts, showAll, shows, type Projection } from './projection'
import { enterpriseSchema } from './schema'
import { enterpriseUrn, userUrn } from './urns'
import { resourceFrom } from './user-resource'

const enterpriseNames: ReadonlySet<string> = new Set(enterpriseSchema.attributes.map((attribute) => attribute.name))

type UserView = {
  readonly user: User
  readonly groups: readonly { readonly id: GroupId; readonly name: string; readonly direct: boolean }[]
}

/** A user as SCIM JSON. @param base the URL of `/scim/v2`, without a trailing slash */
export function presentUser(
  { user, groups }: UserView,
  base: string,
  projection: Projection = showAll,
): Readonly<Record<string, unknown>> {
  const answer: Record<string, unknown> = { schemas: coreOnly, id: user.id }
  const extension: Record<string, unknown> = {}
  const resource = resourceFrom(user)
  for (const name in resource) {
    if (!shows(projection, name)) continue
    const value = resource[name]
    if (enterpriseNames.has(name)) show(extension, projection, name, name === 'manager' ? managerOf(value, base) : value)
    else show(answer, projection, name, value)
  }
  if (groups.length > 0 && shows(projection, 'groups')) show(answer, projection, 'groups', groupsIn(groups, base))
  if (shows(projection, 'meta')) show(answer, projection, 'meta', metaOf(user, base))
  if (Object.keys(extension).length > 0) {
    answer['schemas'] = withExtension
    answer[enterpriseUrn] = extension
  }
  return answer
}

const coreOnly = [userUrn]
const withExtension = [userUrn, enterpriseUrn]

const groupsIn = (groups: UserView['groups'], base: string) =>
  groups.map((group) => ({
    value: group.id,
    $ref: `${base}/Groups/${group.id}`,
    display: group.name,
    type: group.direct ? 'direct' : 'indirect',
  }))

const metaOf = (user: User, base: string) => ({
  resourceType: 'User',
  created: new Date(user.createdAt).toISOString(),
  lastModified: new Date(user.updatedAt).toISOString(),
  location: `${base}/Users/${user.id}`,
  version: presentEtag(user.version),
})

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
