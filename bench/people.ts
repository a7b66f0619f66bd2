import type { Version } from '../src/domain/brand'
import type { User } from '../src/domain/directory/user'
import type { UserId } from '../src/domain/ids'
import { newUuid } from '../src/ports/clock'
import { parseUser } from '../src/wire/scim/parse-user'
import type { Side } from './side'

/** The n-th person as an identity provider sends him. */
export function person(n: number) {
  const userName = `user${String(n).padStart(6, '0')}`
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName,
    externalId: `external-${n}`,
    name: { familyName: '佐藤', givenName: `花子${n}` },
    displayName: `佐藤 花子${n}`,
    emails: [{ value: `${userName}@example.jp`, type: 'work', primary: true }],
    active: true,
  }
}

/** The next people of a side, who are not in its directory yet. */
export function newPeople(side: Side, count: number): readonly ReturnType<typeof person>[] {
  return Array.from({ length: count }, () => person(side.known++))
}

const atOnce = 1_000

/** More people in the directory, by the store itself: rows as the product writes them, a thousand in a commit. */
export async function seed(side: Side, count: number): Promise<void> {
  const { actor, parts } = side
  for (let left = count; left > 0; left -= atOnce) {
    const now = parts.clock.now()
    const users = newPeople(side, Math.min(left, atOnce)).map((body): User => {
      const { attributes } = parseUser(body)
      return { ...attributes, id: newUuid(now) as UserId, kind: 'person', version: 1 as Version, createdAt: now, updatedAt: now }
    })
    await parts.store.transact(async (tx) => {
      for (const user of users) {
        await tx.users.insert(user, actor.clientId)
        const object = { kind: 'user', id: user.id, label: user.loginName } as const
        await tx.record({ actor, action: 'add user', object, mirror: true })
      }
    }, 'bulk')
    side.seeded.push(...users.map((user) => user.id))
  }
}
