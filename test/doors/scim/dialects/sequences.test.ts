import { readdirSync, readFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import type { DialectRule } from '../../../../src/domain/directory/dialect'
import { parseGroup, parseGroupPatch } from '../../../../src/wire/scim/parse-group'
import { parseUser } from '../../../../src/wire/scim/parse-user'
import { parseUserPatch } from '../../../../src/wire/scim/parse-user-patch'
import { startTestServer, type TestServer } from '../../../kit/server'

/** What an identity provider sends, in order, and what it reads of each answer. `{{name}}` is the id that a step has saved. */
type Sequence = {
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

const folder = path.join(__dirname, '../../../fixtures/idp')
const sequences = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map((file) => [file, JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Sequence] as const)

describe('what identity providers send', () => {
  let server: TestServer
  let token: string
  beforeAll(async () => {
    server = await startTestServer()
    token = await server.token(['users:read', 'users:write', 'groups:read', 'groups:write'])
  })
  afterAll(() => server.stop())

  /** The bytes as they are: a client library would mend `?` and `&` at the end. */
  const send = (method: string, at: string, headers: Sequence['headers'], body?: object) =>
    new Promise<Answer>((resolve, reject) => {
      const request = http.request(
        server.url,
        { method, path: `/scim/v2${at}`, headers: { ...headers, Authorization: `Bearer ${token}` } },
        (response) => {
          const parts: Buffer[] = []
          response.on('data', (part: Buffer) => parts.push(part))
          response.on('end', () => {
            const text = Buffer.concat(parts).toString()
            const { statusCode: status = 0, headers: answered } = response
            resolve({ status, headers: answered, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> })
          })
          response.on('error', reject)
        },
      )
      request.on('error', reject)
      request.end(body === undefined ? undefined : JSON.stringify(body))
    })

  /** The habits that the server sees in the message, applied to what is there. */
  const dialectOf = async (step: Step, headers: Sequence['headers']): Promise<readonly DialectRule[]> => {
    const { method, body } = step
    if (body === undefined) return []
    const [, kind, id] = /^\/(Users|Groups)\/?([^?]*)/.exec(step.path) ?? []
    if (kind === 'Groups') return [...(method === 'PATCH' ? parseGroupPatch(body, id) : parseGroup(body)).dialect!]
    if (method !== 'PATCH') return [...parseUser(body).dialect]
    const edit = parseUserPatch(body, id)
    edit.apply(parseUser((await send('GET', `/Users/${id}`, headers)).body).attributes)
    return [...edit.dialect!]
  }

  /** Every line that the provisioning log has of these requests names their habits; what changed nothing has none. */
  const expectLogged = async (sent: ReadonlyMap<string, readonly [step: string, dialect: readonly DialectRule[]]>) => {
    const { lines } = await server.withStore((store) => store.read.logs.done({}, undefined, 1_000))
    const told = lines.flatMap(({ requestId, dialect }) => {
      const step = sent.get(requestId ?? '')
      return step ? [{ step, logged: [step[0], [...dialect].sort()] }] : []
    })
    expect(told.length).toBeGreaterThan(sent.size / 2)
    for (const { step, logged } of told) expect(logged).toEqual(step)
  }

  const play = async ({ headers, steps }: Sequence) => {
    const ids = new Map<string, string>()
    const written = new Map<string, readonly [step: string, dialect: readonly DialectRule[]]>()
    for (const template of steps) {
      const step = JSON.parse(
        JSON.stringify(template).replace(/\{\{(\w+)\}\}/g, (_, name: string) => ids.get(name) ?? `no ${name}`),
      ) as Step
      const { method, path: at, expect: wanted } = step
      const dialect = wanted.status < 400 ? await dialectOf(step, headers) : undefined
      const answer = await send(method, at, headers, step.body)
      const shown = { step: step.step, status: answer.status, body: answer.body }
      expect(shown).toMatchObject({ step: step.step, status: wanted.status, body: wanted.body ?? {} })
      for (const name of wanted.absent ?? []) {
        expect(answer.body).not.toHaveProperty(typeof name === 'string' ? [name] : [...name])
      }
      if (wanted.status === 204) expect(answer.body).toEqual({})
      else expect(answer.headers['content-type']).toBe(`${wanted.type ?? typeFor(headers)}; charset=utf-8`)
      if (dialect) {
        const told = [step.step, [...(step.dialect ?? [])].sort()] as const
        expect([step.step, [...dialect].sort()]).toEqual(told)
        if (step.body) written.set(String(answer.headers['x-request-id']), told)
      }
      if (step.save !== undefined) ids.set(step.save, String(answer.body['id']))
    }
    await expectLogged(written)
  }

  it.each(sequences)('%s goes through, step by step', async (_file, sequence) => {
    await play(sequence)
  })

  it('is there of every identity provider that the documents name', () => {
    const told = new Set(sequences.map(([file]) => path.dirname(file)))
    for (const idp of [
      'entra',
      'okta',
      'onelogin',
      'google',
      'ping',
      'jumpcloud',
      'keycloak',
      'authentik',
      'wso2',
      'salesforce',
    ]) {
      expect(told).toContain(idp)
    }
  })
})

const typeFor = ({ Accept }: Sequence['headers']) =>
  Accept === 'application/json' ? 'application/json' : 'application/scim+json'
