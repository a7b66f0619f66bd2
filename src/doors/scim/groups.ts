import express, { type Request, type Response, type Router } from 'express'
import type { Actor } from '../../domain/access/actor'
import type { Group } from '../../domain/directory/group'
import { parseUuid, type GroupId } from '../../domain/ids'
import { changeGroup } from '../../usecases/directory/change-group'
import { createGroup } from '../../usecases/directory/create-group'
import { deleteGroup } from '../../usecases/directory/delete-group'
import { getGroup } from '../../usecases/directory/get-group'
import { listGroups } from '../../usecases/directory/list-groups'
import { listMembers } from '../../usecases/directory/list-members'
import { presentEtag } from '../../wire/scim/etag'
import { parseGroup, parseGroupPatch, replacingChange } from '../../wire/scim/parse-group'
import { parseList } from '../../wire/scim/parse-list'
import { presentGroup, presentMember } from '../../wire/scim/present-group'
import { shows, type Projection } from '../../wire/scim/projection'
import { ScimError } from '../../wire/scim/scim-error'
import { listUrn } from '../../wire/scim/urns'
import { queryText } from '../request'
import { mediaType } from './answer'
import type { ScimDeps } from './scim-door'
import { actorOf, ifMatch, isKnown, listParameters, notModified, projectionOf, refuseOtherMethods } from './users'

/** Members are read and written in slices of this many: a group of 100,000 holds nobody up. */
const slice = 1_000

/** `/Groups`. Members are touched only by what names them, and read only where the answer shows them. */
export function groupRoutes(deps: ScimDeps, base: string): Router {
  const router = express.Router()
  const send = async (req: Request, res: Response, status: number, group: Group) => {
    res.setHeader('ETag', presentEtag(group.version))
    res.setHeader(status === 201 ? 'Location' : 'Content-Location', `${base}/Groups/${group.id}`)
    res.writeHead(status, { 'Content-Type': mediaType(req) })
    if (req.method !== 'HEAD') await writeGroup(deps, actorOf(res), res, group, base, projectionOf(req, 'Group'))
    res.end()
  }

  router.post('/', async (req, res) => {
    await send(req, res, 201, await createGroup(deps, actorOf(res), parseGroup(req.body)))
  })

  router.get('/', async (req, res) => {
    const projection = projectionOf(req, 'Group')
    const query = parseList('Group', listParameters(req))
    const page = await listGroups(deps, actorOf(res), query)
    const head = { schemas: [listUrn], totalResults: page.total, startIndex: query.startIndex, itemsPerPage: page.items.length }
    res.writeHead(200, { 'Content-Type': mediaType(req) })
    if (req.method !== 'HEAD') {
      await write(res, `${JSON.stringify(head).slice(0, -1)},"Resources":[`)
      for (const [i, group] of page.items.entries()) {
        if (i > 0) await write(res, ',')
        await writeGroup(deps, actorOf(res), res, group, base, projection)
      }
      await write(res, ']}')
    }
    res.end()
  })

  router.get('/:id', async (req, res) => {
    const group = await getGroup(deps, actorOf(res), groupIdOf(req))
    if (isKnown(req, group.version)) return notModified(res, group.version)
    await send(req, res, 200, group)
  })

  router.put('/:id', async (req, res) => {
    const id = groupIdOf(req)
    await changeGroup(deps, actorOf(res), id, replacingChange(parseGroup(req.body)), ifMatch(req))
    await send(req, res, 200, await getGroup(deps, actorOf(res), id))
  })

  /** 204 without a body: the members are not loaded to be echoed; asked for attributes, it answers them (RFC 7644 §3.5.2). */
  router.patch('/:id', async (req, res) => {
    const id = groupIdOf(req)
    const version = await changeGroup(deps, actorOf(res), id, parseGroupPatch(req.body, id), ifMatch(req))
    if (queryText(req, 'attributes') !== undefined) return send(req, res, 200, await getGroup(deps, actorOf(res), id))
    res.setHeader('ETag', presentEtag(version))
    res.status(204).end()
  })

  router.delete('/:id', async (req, res) => {
    await deleteGroup(deps, actorOf(res), groupIdOf(req), ifMatch(req))
    res.status(204).end()
  })

  refuseOtherMethods(router)
  return router
}

async function writeGroup(
  deps: ScimDeps,
  actor: Actor,
  res: Response,
  group: Group,
  base: string,
  projection: Projection,
): Promise<void> {
  const json = JSON.stringify(presentGroup(group, base, projection))
  if (!shows(projection, 'members')) return write(res, json)
  await write(res, `${json.slice(0, -1)},"members":[`)
  let after: string | undefined
  for (;;) {
    const members = await listMembers(deps, actor, group.id, after, slice)
    if (members.length > 0) {
      const text = members.map((member) => JSON.stringify(presentMember(member, base, projection))).join(',')
      await write(res, after === undefined ? text : `,${text}`)
    }
    if (members.length < slice) break
    after = members[members.length - 1]!.id
    await new Promise((resolve) => setImmediate(resolve)) // others have their turn between two slices
  }
  await write(res, ']}')
}

/** Waits while the client reads more slowly than we write. */
async function write(res: Response, text: string): Promise<void> {
  if (res.write(text) || res.destroyed) return
  await new Promise<void>((resolve) => {
    res.once('drain', resolve)
    res.once('close', resolve)
  })
}

function groupIdOf(req: Request): GroupId {
  const id = parseUuid(String(req.params['id']))
  if (id === undefined) throw new ScimError(404, undefined, `There is no group ${String(req.params['id']).slice(0, 80)}.`)
  return id as GroupId
}
