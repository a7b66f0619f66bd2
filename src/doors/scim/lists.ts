import type { Request, Response } from 'express'
import type { Actor } from '../../domain/access/actor'
import type { Group } from '../../domain/directory/group'
import type { ListQuery, PageKey } from '../../ports/store/directory'
import { listGroups } from '../../usecases/directory/list-groups'
import { listUsers } from '../../usecases/directory/list-users'
import type { UserView } from '../../ports/store/directory'
import { asksForCursor, readCursor, writeCursor, type CursorPosition } from '../../wire/scim/cursor'
import { parseList } from '../../wire/scim/parse-list'
import { presentUser } from '../../wire/scim/present-user'
import { parseProjection, shows, type Projection } from '../../wire/scim/projection'
import type { ResourceKind } from '../../wire/scim/schema'
import { parseSearch, type SearchParameters } from '../../wire/scim/search'
import { listUrn } from '../../wire/scim/urns'
import { sendPieces, sendText } from './answer'
import { actorOf, mayRead, searchOf } from './asked'
import { groupText } from './group-text'
import type { ScimDeps } from './scim-door'

/** A list, asked for by a query (GET) or by a SearchRequest (POST to `.search`; RFC 7644 §3.4.3): both ask the same. */
export type ListRoutes = { readonly get: ListRoute; readonly search: ListRoute }
type ListRoute = (req: Request, res: Response) => Promise<void>

/** @param kinds one type; or from the root several, whose resources follow each other in this order (RFC 7644 §3.4.2.1) */
export function listRoutes(deps: ScimDeps, base: string, kinds: readonly ResourceKind[]): ListRoutes {
  const answer =
    (asked: (req: Request) => SearchParameters): ListRoute =>
    async (req, res) => {
      const page = await findPage(deps, actorOf(res), kinds, asked(req), base)
      const [only, ...others] = page.found
      if (others.length > 0 || typeof only?.text === 'object') return sendPieces(req, res, 200, pageText(page))
      sendText(req, res, 200, `${pageHead(page)}${only?.text ?? ''}]}`)
    }
  return { get: answer(searchOf), search: answer((req) => parseSearch(req.body)) }
}

/** The resources of one type on a page: their JSON, or where it may be long its pieces, with the commas between them. */
type Found = {
  readonly total: number
  readonly count: number
  readonly next?: PageKey
  readonly text: string | AsyncIterable<string>
}

type ListPage = {
  readonly total: number
  readonly startIndex?: number
  readonly nextCursor?: string
  readonly found: readonly Found[]
}

async function findPage(
  deps: ScimDeps,
  actor: Actor,
  kinds: readonly ResourceKind[],
  parameters: SearchParameters,
  base: string,
): Promise<ListPage> {
  const readable = kinds.length > 1 ? kinds.filter((kind) => mayRead(actor, kind)) : kinds
  const searched = readable.length > 0 ? readable : kinds // the use case refuses
  const walks = asksForCursor(parameters)
  const now = deps.clock.now()
  const { cursor = '', startIndex: _index, ...rest } = parameters
  const opened = cursor === '' ? undefined : readCursor(deps.secrets.open(purpose, cursor), searched, parameters, now)
  const queries = searched.map((kind) => ({ kind, query: parseList(kind, walks ? rest : parameters, kinds) }))
  const { startIndex, count } = queries[0]!.query
  const found: Found[] = []
  let next: CursorPosition | undefined
  let total = opened?.total ?? 0
  let [offset, left, after] = [startIndex - 1, count, opened?.after]
  for (const { kind, query } of queries.slice(opened ? searched.indexOf(opened.kind) : 0)) {
    if (opened && next) break
    const asked = { ...query, startIndex: offset + 1, count: next ? 0 : left, ...(after ? { after } : {}) }
    const part = await finders[kind](
      deps,
      actor,
      asked,
      parseProjection(kind, parameters.attributes, parameters.excludedAttributes),
      base,
    )
    if (part.count > 0) found.push(part)
    if (!opened) total += part.total
    if (part.next) next = { kind, after: part.next, total: 0 }
    else if (left === 0 && part.total > 0) next ??= { kind, total: 0 }
    offset = Math.max(0, offset - part.total)
    left -= part.count
    after = undefined
  }
  const paging =
    walks && next ? { nextCursor: deps.secrets.seal(purpose, writeCursor(searched, parameters, { ...next, total }, now)) } : {}
  return { total, found, ...(walks ? paging : { startIndex }) }
}

/** What a cursor is sealed for. */
const purpose = 'scim cursor'

type Finder = (deps: ScimDeps, actor: Actor, query: ListQuery, projection: Projection, base: string) => Promise<Found>

const finders: Readonly<Record<ResourceKind, Finder>> = {
  User: async (deps, actor, query, projection, base) => {
    const { items, ...page } = await listUsers(deps, actor, query, shows(projection, 'groups'))
    return { ...page, count: items.length, text: usersText(items, base, projection) }
  },
  Group: async (deps, actor, query, projection, base) => {
    const { items, ...page } = await listGroups(deps, actor, query)
    return { ...page, count: items.length, text: groupsText(deps, actor, items, base, projection) }
  },
}

const usersText = (users: readonly UserView[], base: string, projection: Projection) =>
  users.map((view) => JSON.stringify(presentUser(view, base, projection))).join(',')

async function* groupsText(
  deps: ScimDeps,
  actor: Actor,
  groups: readonly Group[],
  base: string,
  projection: Projection,
): AsyncGenerator<string, void> {
  for (const [i, group] of groups.entries()) {
    if (i > 0) yield ','
    yield* groupText(deps, actor, group, base, projection)
  }
}

/** A ListResponse (RFC 7644 §3.4.2; RFC 9865 §2). */
async function* pageText(page: ListPage): AsyncGenerator<string, void> {
  yield pageHead(page)
  for (const [i, { text }] of page.found.entries()) {
    if (i > 0) yield ','
    if (typeof text === 'string') yield text
    else yield* text
  }
  yield ']}'
}

function pageHead({ total, startIndex, nextCursor, found }: ListPage): string {
  const head = {
    schemas: [listUrn],
    totalResults: total,
    ...(startIndex === undefined ? {} : { startIndex }),
    itemsPerPage: found.reduce((sum, { count }) => sum + count, 0),
    ...(nextCursor === undefined ? {} : { nextCursor }),
  }
  return `${JSON.stringify(head).slice(0, -1)},"Resources":[`
}
