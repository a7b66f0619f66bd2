import type { Actor } from '../../domain/access/actor'
import type { Group } from '../../domain/directory/group'
import type { Store } from '../../ports/store'
import type { MembersPosition } from '../../ports/store/members'
import { listMembers } from '../../usecases/directory/list-members'
import { memberText, presentGroup } from '../../wire/scim/present-group'
import { shows, type Projection } from '../../wire/scim/projection'

/** Members are read in slices of this many: a group of 100,000 holds nobody up. */
const slice = 250

/** A group as JSON, piece by piece; its members are read only where the answer shows them. */
export async function* groupText(
  deps: { readonly store: Store },
  actor: Actor,
  group: Group,
  base: string,
  projection: Projection,
): AsyncGenerator<string, void> {
  const json = JSON.stringify(presentGroup(group, base, projection))
  if (!shows(projection, 'members')) {
    yield json
    return
  }
  const text = memberText(base, projection)
  let begun = `${json.slice(0, -1)},"members":[`
  let from: MembersPosition | undefined
  for (;;) {
    const { members, next } = await listMembers(deps, actor, group.id, from, slice)
    // what comes after a full slice may be empty
    if (members.length > 0 || !from) yield begun + members.map(text).join(',')
    if (!next) break
    begun = ','
    from = next
    await new Promise((resolve) => setImmediate(resolve)) // others have their turn between two slices
  }
  yield ']}'
}
