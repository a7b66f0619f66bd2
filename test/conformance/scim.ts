import type { Response } from 'supertest'
import { startTestServer, type TestServer } from '../kit/server'

export const urns = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  group: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  enterprise: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  patchOp: 'urn:ietf:params:scim:api:messages:2.0:PatchOp',
  list: 'urn:ietf:params:scim:api:messages:2.0:ListResponse',
  search: 'urn:ietf:params:scim:api:messages:2.0:SearchRequest',
  error: 'urn:ietf:params:scim:api:messages:2.0:Error',
  bulkRequest: 'urn:ietf:params:scim:api:messages:2.0:BulkRequest',
  bulkResponse: 'urn:ietf:params:scim:api:messages:2.0:BulkResponse',
} as const

/** Nobody's id. */
export const stranger = '01a21184-f6b4-71fa-8718-6a40efab043d'

type Query = Readonly<Record<string, string | number>>
/** What an answer shows of one. */
export type Resource = Response['body']

/** A server for the tests of a file, and the messages of RFC 7644 as a client that keeps to it sends them. */
export function scimServer() {
  let server: TestServer
  let made = 0
  beforeAll(async () => void (server = await startTestServer()))
  afterAll(() => server.stop())
  const post = (path: string, body: object, query: Query = {}) => server.scim('post', path).query(query).send(body)
  const make = async (path: string, body: object) => {
    const answer = await post(path, body)
    if (answer.status !== 201) throw new Error(`${answer.status}: ${answer.text}`)
    return answer.body
  }
  return {
    server: () => server,
    get: (path: string, query: Query = {}) => server.scim('get', path).query(query),
    post,
    put: (path: string, body: object, query: Query = {}) => server.scim('put', path).query(query).send(body),
    patch: (path: string, Operations: readonly object[], query: Query = {}) =>
      server
        .scim('patch', path)
        .query(query)
        .send({ schemas: [urns.patchOp], Operations }),
    remove: (path: string) => server.scim('delete', path),
    bulk: (Operations: readonly object[], rest: object = {}) =>
      post('/Bulk', { schemas: [urns.bulkRequest], ...rest, Operations }),
    /** A new person with a name of his own. */
    person: (rest: object = {}) => make('/Users', { schemas: [urns.user], userName: `person-${++made}`, ...rest }),
    group: (rest: object = {}) => make('/Groups', { schemas: [urns.group], displayName: `group-${++made}`, ...rest }),
    /** The userNames of those who fulfil a filter. */
    found: async (filter: string, query: Query = {}) => {
      const { status, body } = await server.scim('get', '/Users').query({ filter, ...query })
      if (status !== 200) throw new Error(`${filter}: ${(body as { readonly detail: string }).detail}`)
      return (body.Resources as readonly Resource[]).map(({ userName }) => userName as string)
    },
  }
}
