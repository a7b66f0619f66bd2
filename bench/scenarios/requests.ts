import type { Answer } from '../client'
import { perform, type Request, type Work } from '../perform'
import { newcomers, person } from '../people'
import { askOnce, type Server } from '../servers'

// The requests of identity providers, each with a check of its answer: what is wrong with it, or nothing.

export type Resource = {
  readonly id: string
  readonly userName?: string
  readonly externalId?: string
  readonly displayName?: string
  readonly active?: boolean
  readonly members?: readonly { readonly value: string }[]
}
export type List = { readonly totalResults: number; readonly Resources?: readonly Resource[]; readonly nextCursor?: string }

export const parsed = <Body>(answer: Answer) => JSON.parse(answer.text) as Body

export function fault({ status, text }: Answer, ...expected: readonly number[]): string | undefined {
  return expected.includes(status) ? undefined : `status ${status}: ${text.slice(0, 200)}`
}

export const differs = (what: string, is: unknown, wanted: unknown) =>
  is === wanted ? undefined : `${what} is ${JSON.stringify(is)}, not ${JSON.stringify(wanted)}`

/** The n-th person, whose id is written down. */
export function create(server: Server): Request<number> {
  return async (connection, n) => {
    const body = person(n)
    const answer = await connection.ask('POST', '/Users', body)
    const wrong = fault(answer, 201)
    if (wrong !== undefined) return wrong
    const { id, userName, externalId } = parsed<Resource>(answer)
    server.ids[n] = id
    return differs('userName', userName, body.userName) ?? differs('externalId', externalId, body.externalId)
  }
}

export const createPeople = (server: Server, count: number, atOnce: number): Promise<Work> =>
  perform(server, atOnce, newcomers(server, count), create(server))

/** Until it has so many people, where it has fewer. */
export async function fillUp(server: Server, users: number): Promise<void> {
  await createPeople(server, Math.max(0, users - server.ids.length), 8)
}

/** The n-th person by what names him; he is there. */
export function findBy(server: Server, attribute: 'userName' | 'externalId'): Request<number> {
  return async (connection, n) => {
    const filter = encodeURIComponent(`${attribute} eq "${person(n)[attribute]}"`)
    const answer = await connection.ask('GET', `/Users?filter=${filter}`)
    return fault(answer, 200) ?? only(parsed<List>(answer), server.ids[n]!)
  }
}

const only = ({ totalResults, Resources }: List, id: string) =>
  differs('totalResults', totalResults, 1) ?? differs('id', Resources?.[0]?.id, id)

/** Nobody has this userName. */
export const findNobody: Request<string> = async (connection, userName) => {
  const answer = await connection.ask('GET', `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`)
  return fault(answer, 200) ?? differs('totalResults', parsed<List>(answer).totalResults, 0)
}

export function getPerson(server: Server): Request<number> {
  return async (connection, n) => {
    const answer = await connection.ask('GET', `/Users/${server.ids[n]}`)
    return fault(answer, 200) ?? differs('userName', parsed<Resource>(answer).userName, person(n).userName)
  }
}

/** PATCH of top-level attributes; the answer shows them where it has a body. */
export async function patchPerson(
  connection: Parameters<Request<number>>[0],
  id: string,
  changes: Partial<Resource> & { readonly title?: string },
): Promise<string | undefined> {
  const operations = Object.entries(changes).map(([path, value]) => ({ op: 'replace', path, value }))
  const answer = await connection.ask('PATCH', `/Users/${id}`, patchOf(operations))
  const wrong = fault(answer, 200, 204)
  if (wrong !== undefined || answer.status === 204) return wrong
  const now = parsed<Record<string, unknown>>(answer)
  return Object.entries(changes)
    .map(([name, value]) => differs(name, now[name], value))
    .find((text) => text !== undefined)
}

export const patchOf = (Operations: readonly object[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations,
})

export const membersOf = (ids: readonly string[]) => ids.map((value) => ({ value }))

/** One PATCH that adds these members, or removes them. */
export async function changeMembers(
  connection: Parameters<Request<number>>[0],
  group: string,
  op: 'add' | 'remove',
  ids: readonly string[],
): Promise<string | undefined> {
  const answer = await connection.ask('PATCH', `/Groups/${group}`, patchOf([{ op, path: 'members', value: membersOf(ids) }]))
  return fault(answer, 200, 204)
}

/** A new group. @returns its id */
export async function makeGroup(server: Server, displayName: string, ids: readonly string[]): Promise<string> {
  const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName, members: membersOf(ids) }
  return (await askOnce<Resource>(server, 'POST', '/Groups', 201, body)).id
}
