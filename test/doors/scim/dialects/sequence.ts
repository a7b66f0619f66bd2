import { readdirSync, readFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import type { DialectRule } from '../../../../src/domain/directory/dialect'
import { parseGroup, parseGroupPatch } from '../../../../src/wire/scim/parse-group'
import { parseUser } from '../../../../src/wire/scim/parse-user'
import { parseUserPatch } from '../../../../src/wire/scim/parse-user-patch'
import type { TestServer } from '../../../kit/server'

/** What an identity provider sends, in order, and what it reads of each answer. `{{name}}` is the id that a step has saved. */
export type Sequence = {
  readonly idp: string
  readonly source: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  readonly steps: readonly Step[]
}

type Step = {
  readonly step: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Under /scim/v2, escaped as it is sent. */
  readonly path: string
  readonly body?: object
  readonly expect: {
    readonly status: number
    readonly type?: string
    /** Parts of the answer; what it may have beside them does not matter. */
    readonly body?: object
    /** Names, or ways of names, that it has not. */
    readonly absent?: readonly (string | readonly string[])[]
  }
  /** Where the id of the answer is kept. */
  readonly save?: string
  /** The habits that the message shows; absent: it follows the RFC. */
  readonly dialect?: readonly DialectRule[]
}

type Answer = { readonly status: number; readonly headers: http.IncomingHttpHeaders; readonly body: Record<string, unknown> }
type Told = readonly [step: string, dialect: readonly DialectRule[]]

const folder = path.join(__dirname, '../../../fixtures/idp')

/** By file. */
export const sequences = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map((file) => [file, JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Sequence] as const)

/** Plays a sequence against a server and expects each answer, the habits that each message shows, and their names in the log. */
export async function playSequence(server: TestServer, token: string, { headers, steps }: Sequence): Promise<void> {
  const send = sender(server.url, { ...headers, Authorization: `Bearer ${token}` })
  const ids = new Map<string, string>()
  const written = new Map<string, Told>()
  for (const template of steps) {
    const step = withIds(template, ids)
    const { method, path: at, expect: wanted } = step
    const told: Told = [step.step, [...(step.dialect ?? [])].sort()]
    if (wanted.status < 400) expect([step.step, (await dialectOf(step, send)).sort()]).toEqual(told)
    const answer = await send(method, at, step.body)
    const shown = { step: step.step, status: answer.status, body: answer.body }
    expect(shown).toMatchObject({ step: step.step, status: wanted.status, body: wanted.body ?? {} })
    for (const name of wanted.absent ?? []) expect(answer.body).not.toHaveProperty(typeof name === 'string' ? [name] : [...name])
    if (wanted.status === 204) expect(answer.body).toEqual({})
    else {
      expect(answer.headers['content-type']).toBe(`${wanted.type ?? typeFor(headers)}; charset=utf-8`)
      expect(answer).toEqual(whole(answer, at))
    }
    if (step.body && wanted.status < 400) written.set(String(answer.headers['x-request-id']), told)
    if (step.save !== undefined) ids.set(step.save, String(answer.body['id']))
  }
  await expectLogged(server, written)
}

const withIds = (step: Step, ids: ReadonlyMap<string, string>) =>
  JSON.parse(JSON.stringify(step).replace(/\{\{(\w+)\}\}/g, (_, name: string) => ids.get(name) ?? `no ${name}`)) as Step

type Send = (method: string, at: string, body?: object) => Promise<Answer>

/** The bytes as they are: a client library would mend `?` and `&` at the end. */
function sender(url: string, headers: Sequence['headers']): Send {
  return (method, at, body) =>
    new Promise((resolve, reject) => {
      const request = http.request(url, { method, path: `/scim/v2${at}`, headers }, (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => {
          const text = Buffer.concat(parts).toString()
          const { statusCode: status = 0, headers: answered } = response
          resolve({ status, headers: answered, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> })
        })
        response.on('error', reject)
      })
      request.on('error', reject)
      request.end(body === undefined ? undefined : JSON.stringify(body))
    })
}

/** The habits that the parsers see in the message, applied to what is there. */
async function dialectOf({ method, path: at, body }: Step, send: Send): Promise<DialectRule[]> {
  if (body === undefined) return []
  const [, kind, id] = /^\/(Users|Groups)\/?([^?]*)/.exec(at) ?? []
  if (kind === 'Groups') return [...(method === 'PATCH' ? parseGroupPatch(body, id) : parseGroup(body)).dialect!]
  if (method !== 'PATCH') return [...parseUser(body).dialect]
  const edit = parseUserPatch(body, id)
  edit.apply(parseUser((await send('GET', `/Users/${id}`)).body).attributes)
  return [...edit.dialect!]
}

/** Every line that the provisioning log has of these requests names their habits; what changed nothing has none. */
async function expectLogged(server: TestServer, written: ReadonlyMap<string, Told>): Promise<void> {
  const { lines } = await server.withStore((store) => store.read.logs.done({}, undefined, 1_000))
  const logged = lines.flatMap(({ requestId, dialect }) => {
    const told = written.get(requestId ?? '')
    return told ? [{ told, is: [told[0], [...dialect].sort()] }] : []
  })
  expect(logged.length).toBeGreaterThan(written.size / 2)
  for (const { told, is } of logged) expect(is).toEqual(told)
}

const messages = 'urn:ietf:params:scim:api:messages:2.0'

/** What every identity provider relies on, whatever it has asked. */
function whole(answer: Answer, at: string): unknown {
  const { status, headers, body } = answer
  const text = expect.any(String) as string
  const number = expect.any(Number) as number
  const holds = (parts: object): unknown => ({ ...answer, body: expect.objectContaining(parts) as unknown })
  if (status >= 400) return holds({ schemas: [`${messages}:Error`], status: String(status), detail: text })
  if (at.startsWith('/ServiceProviderConfig')) return answer
  const meta = { resourceType: text, created: text, lastModified: text, location: text, version: text }
  const resource = {
    schemas: expect.arrayContaining([expect.stringContaining('urn:ietf:params:scim:schemas:core:2.0:')]) as unknown,
    id: text,
    ...(/[?&]attributes=/.test(at) ? {} : { meta }),
  }
  if (/^\/\w+\/[^?]/.test(at) || status === 201) {
    const is = body as { readonly meta?: { readonly location: string; readonly version: string } }
    if (is.meta) {
      expect(headers).toMatchObject({ etag: is.meta.version, ...(status === 201 ? { location: is.meta.location } : {}) })
    }
    return holds(resource)
  }
  const { Resources } = body as { readonly Resources: readonly object[] }
  for (const one of Resources) expect(one).toEqual(expect.objectContaining(resource))
  return holds({
    schemas: [`${messages}:ListResponse`],
    totalResults: number,
    startIndex: number,
    itemsPerPage: Resources.length,
  })
}

const typeFor = ({ Accept }: Sequence['headers']) =>
  Accept === 'application/json' ? 'application/json' : 'application/scim+json'
