import type { Request, Response } from 'express'
import type { Actor } from '../../domain/access/actor'
import type { RequestedOperation } from '../../domain/audit/change'
import type { Refusal } from '../../usecases/audit/refusal-book'
import type { ErrorAnswer } from '../../wire/scim/present-error'
import { contextOf } from '../request'
import { actorOf } from './asked'

/** What the provisioning log is told of a request that was refused. @param limited the client that asked too often */
export function refusalOf(req: Request, res: Response, answer: ErrorAnswer, limited?: Actor): Refusal {
  const { id: requestId, address } = contextOf(res)
  const [, type = '', id] = req.path.split('/', 3)
  const isSearch = req.path.endsWith('/.search')
  const actor = (actorOf(res) as Actor | undefined) ?? limited
  return {
    ...(actor && { actor }),
    address,
    requestId,
    operation: isSearch ? 'read' : type === 'Bulk' ? 'bulk' : operationOf(req.method),
    ...kindOf(type),
    ...reasonOf(answer),
    named: [...(id === undefined || isSearch ? [] : [id]), ...namesIn(req.body)],
  }
}

/** The same of an operation of a Bulk. */
export function refusalIn(
  res: Response,
  answer: ErrorAnswer,
  operation: { readonly method?: string; readonly kind?: 'User' | 'Group'; readonly id?: string; readonly data?: object },
): Refusal {
  const { id: requestId, address } = contextOf(res)
  const asked = operationOf(operation.method)
  return {
    actor: actorOf(res),
    address,
    requestId,
    operation: asked === 'read' ? 'bulk' : asked,
    ...kindOf(`${operation.kind ?? ''}s`),
    ...reasonOf(answer),
    named: [...(operation.id === undefined ? [] : [operation.id]), ...namesIn(operation.data)],
  }
}

function operationOf(method: string | undefined): RequestedOperation {
  switch (method) {
    case 'POST':
      return 'create'
    case 'PUT':
      return 'replace'
    case 'PATCH':
      return 'patch'
    case 'DELETE':
      return 'delete'
    default:
      return 'read'
  }
}

const kindOf = (type: string): Pick<Refusal, 'objectKind'> =>
  type === 'Users' ? { objectKind: 'user' } : type === 'Groups' ? { objectKind: 'group' } : {}

const reasonOf = ({ status, body }: ErrorAnswer): Pick<Refusal, 'status' | 'scimType' | 'detail'> => ({
  status,
  ...(typeof body['scimType'] === 'string' ? { scimType: body['scimType'] } : {}),
  detail: String(body['detail']),
})

/** A body may be anything. */
function namesIn(body: unknown): readonly string[] {
  if (typeof body !== 'object' || body === null) return []
  const { userName, externalId, displayName } = body as Readonly<Record<string, unknown>>
  // the displayName of a person is not his alone
  return [userName ?? displayName, externalId].filter((name) => typeof name === 'string')
}
