import type { Version } from '../src/domain/brand'
import type { User } from '../src/domain/directory/user'
import type { UserId } from '../src/domain/ids'
import { newUuid } from '../src/ports/clock'
import { parseUser } from '../src/wire/scim/parse-user'
import { openFloor } from './floor/database'
import { insertPeople } from './floor/rows'
import type { FloorServer, Product, Server } from './servers'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

/** The n-th person as Entra ID sends him. */
export function person(n: number) {
  const number = String(n).padStart(6, '0')
  const userName = `user${number}@example.jp`
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', enterprise],
    externalId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    userName,
    active: true,
    displayName: `佐藤 花子 ${number}`,
    name: { formatted: '佐藤 花子', familyName: '佐藤', givenName: '花子' },
    emails: [{ primary: true, type: 'work', value: userName }],
    phoneNumbers: [{ type: 'work', value: `+81 3 5550 ${number}` }],
    title: `主任 ${n % 40}`,
    [enterprise]: { employeeNumber: number, department: `営業 ${n % 12} 課` },
  }
}

export type Person = ReturnType<typeof person>

/** Numbers of people that the server does not know yet; whoever makes them writes down their ids. */
export function newcomers(server: Server, count: number): readonly number[] {
  const first = server.ids.length
  server.ids.length += count
  return Array.from({ length: count }, (_, i) => first + i)
}

/** Numbers of people who are there, taken at random. */
export function anybody(server: Server, count: number): readonly number[] {
  return Array.from({ length: count }, () => Math.floor(Math.random() * server.ids.length))
}

const atOnce = 1_000

/**
 * More people in Kagami's directory, by its store: rows as it writes them itself.
 *
 * @param mirror whether the mirrors have to make their accounts
 */
export async function seedProduct(product: Product, count: number, mirror: boolean): Promise<void> {
  const { actor, parts } = product
  for (let left = count; left > 0; left -= atOnce) {
    const now = parts.clock.now()
    const users = newcomers(product, Math.min(left, atOnce)).map((n): User => {
      const id = newUuid(now)
      product.ids[n] = id
      const { attributes } = parseUser(person(n))
      return { ...attributes, id: id as UserId, kind: 'person', version: 1 as Version, createdAt: now, updatedAt: now }
    })
    await parts.store.transact(async (tx) => {
      for (const user of users) {
        await tx.users.insert(user, actor.clientId)
        const object = { kind: 'user', id: user.id, label: user.loginName } as const
        await tx.record({ actor, action: 'add user', object, mirror })
      }
    }, 'bulk')
  }
}

/** More people in the floor's table. */
export async function seedFloor(floor: FloorServer, count: number): Promise<void> {
  const database = openFloor(floor.database)
  for (let left = count; left > 0; left -= atOnce) {
    const people = newcomers(floor, Math.min(left, atOnce)).map((n) => ({
      ...person(n),
      id: (floor.ids[n] = newUuid(Date.now())),
    }))
    await database.write([insertPeople(people)])
  }
  await database.close()
}
