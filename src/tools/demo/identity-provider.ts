import type { Person } from './people'

/** An identity provider as far as the demo needs one: it speaks SCIM over HTTP and remembers the ids it was given. */
export type IdentityProvider = {
  createUser(person: Person): Promise<string>
  patchUser(id: string, operations: readonly object[]): Promise<void>
  deleteUser(id: string): Promise<void>
  createGroup(displayName: string, memberIds: readonly string[]): Promise<string>
  patchGroup(id: string, operations: readonly object[]): Promise<void>
}

const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const schema = (kind: 'User' | 'Group') => `urn:ietf:params:scim:schemas:core:2.0:${kind}`

export function identityProvider(url: string, token: string): IdentityProvider {
  const send = async (method: string, path: string, body?: object): Promise<string> => {
    const response = await fetch(`${url}/scim/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`)
    return text
  }
  const created = (text: string) => (JSON.parse(text) as { readonly id: string }).id
  return {
    createUser: async ({ userName, familyName, givenName }) =>
      created(
        await send('POST', '/Users', {
          schemas: [schema('User')],
          userName,
          externalId: userName,
          name: { familyName, givenName },
        }),
      ),
    patchUser: async (id, Operations) => void (await send('PATCH', `/Users/${id}`, { schemas: [patchOp], Operations })),
    deleteUser: async (id) => void (await send('DELETE', `/Users/${id}`)),
    createGroup: async (displayName, memberIds) =>
      created(
        await send('POST', '/Groups', {
          schemas: [schema('Group')],
          displayName,
          members: memberIds.map((value) => ({ value })),
        }),
      ),
    patchGroup: async (id, Operations) => void (await send('PATCH', `/Groups/${id}`, { schemas: [patchOp], Operations })),
  }
}
