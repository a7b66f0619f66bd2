import type { MortalServer } from './mortal-server'
import type { Person } from './people'

type Answer = { readonly status: number; readonly body: string }

export type IdentityProvider = ReturnType<typeof identityProvider>

/** Speaks SCIM until there is an answer: after a crash it looks what is there, or says the same again. */
export function identityProvider(server: MortalServer, token: string) {
  /** `undefined`: no answer, and nobody knows whether it was done. */
  const send = async (method: string, at: string, body?: object): Promise<Answer | undefined> => {
    const url = await server.url()
    try {
      const response = await fetch(`${url}/scim/v2/Users${at}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
        ...(body && { body: JSON.stringify(body) }),
      })
      const answer = { status: response.status, body: await response.text() }
      server.answered()
      return answer
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20)) // until its death is noticed
      return undefined
    }
  }
  const find = async (userName: string): Promise<string | undefined> => {
    const answer = await send('GET', `?filter=${encodeURIComponent(`userName eq "${userName}"`)}`)
    if (!answer) return find(userName)
    const found = JSON.parse(expectStatus(answer, 200).body) as { readonly Resources: readonly { readonly id: string }[] }
    return found.Resources[0]?.id
  }
  return {
    create: async (person: Person): Promise<void> => {
      const [userName, familyName] = [person.userNames.at(-1)!, person.familyNames.at(-1)!]
      const { externalId, password } = person
      const resource = { schemas: [schema], userName, externalId, name: { familyName }, ...(password && { password }) }
      while (person.id === undefined) {
        const answer = await send('POST', '', resource)
        person.id = answer ? (JSON.parse(expectStatus(answer, 201).body) as { readonly id: string }).id : await find(userName)
      }
    },
    /** @param done is told when it is sure that it was done */
    patch: async <Value extends string | boolean>(person: Person, path: string, value: Value, done: (value: Value) => void) => {
      const body = { schemas: [patchOp], Operations: [{ op: 'replace', path, value }] }
      let answer: Answer | undefined
      while (!answer) answer = await send('PATCH', `/${person.id}`, body)
      expectStatus(answer, 200)
      done(value)
    },
    remove: async (person: Person): Promise<void> => {
      let answer = await send('DELETE', `/${person.id}`)
      const isSecondTry = !answer
      while (!answer) answer = await send('DELETE', `/${person.id}`)
      if (!(isSecondTry && answer.status === 404)) expectStatus(answer, 204)
      person.id = undefined
    },
  }
}

const schema = 'urn:ietf:params:scim:schemas:core:2.0:User'
const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

function expectStatus(answer: Answer, status: number): Answer {
  if (answer.status !== status) throw new Error(`${answer.status} instead of ${status}: ${answer.body}`)
  return answer
}
