import { identityProvider, type IdentityProvider } from './identity-provider'
import type { MortalServer } from './mortal-server'

/** Someone whom the identity provider pushes. What stands here is what Kagami has acknowledged; nothing else is remembered. */
export type Person = {
  /** The first one is what he was called when he came; then each change. The last one holds. */
  readonly userNames: string[]
  readonly familyNames: string[]
  externalId: string
  readonly password?: string
  active: boolean
  /** `undefined`: not there, or not there any more. */
  id: string | undefined
}

type Change = (idp: IdentityProvider, person: Person) => Promise<void>

const rename: Change = (idp, person) =>
  idp.patch(person, 'userName', `${person.userNames[0]}.new`, (to) => person.userNames.push(to))
const marry: Change = (idp, person) => idp.patch(person, 'name.familyName', '結婚', (to) => person.familyNames.push(to))
const suspend: Change = (idp, person) => idp.patch(person, 'active', false, (to) => (person.active = to))
const resume: Change = (idp, person) => idp.patch(person, 'active', true, (to) => (person.active = to))
const leave: Change = (idp, person) => idp.remove(person)
const comeBack: Change = (idp, person) => idp.create(person)
const beSucceeded: Change = (idp, person) => {
  person.externalId += '-successor'
  return idp.create(person)
}

/** What happens to every tenth person after he was created. */
const stories: readonly (readonly Change[])[] = [
  [],
  [rename],
  [marry, suspend],
  [suspend],
  [suspend, resume],
  [leave],
  [leave, comeBack],
  [leave, beSucceeded],
  [rename, leave],
  [],
]

/**
 * Pushes people in blocks of a hundred, several at once, each block with what happens to it afterwards, and goes on until the server
 * has died as often as it shall. What was not answered is asked for again.
 *
 * @returns who shall be there
 */
export async function pushPeople(server: MortalServer, token: string, atLeast: number): Promise<readonly Person[]> {
  const idp = identityProvider(server, token)
  const people: Person[] = []
  while (people.length < atLeast || server.deathsLeft() > 0) {
    const block = Array.from({ length: 100 }, (_, i) => newPerson(people.length + i))
    people.push(...block)
    await severalAtOnce(block, (person) => idp.create(person))
    for (const turn of [0, 1]) await severalAtOnce(block, (person, i) => stories[i % stories.length]![turn]?.(idp, person))
  }
  return people.filter((person) => person.id !== undefined)
}

function newPerson(n: number): Person {
  const person = { userNames: [`user${n}`], familyNames: [`山田${n}`], externalId: `person-${n}`, active: true, id: undefined }
  return n % 100 === 0 ? { ...person, password: `password of ${n}` } : person // hashing is slow on purpose
}

async function severalAtOnce<Item>(
  items: readonly Item[],
  work: (item: Item, i: number) => Promise<void> | undefined,
): Promise<void> {
  const waiting = items.entries()
  const one = async () => {
    for (const [i, item] of waiting) await work(item, i)
  }
  await Promise.all(Array.from({ length: 8 }, one))
}
