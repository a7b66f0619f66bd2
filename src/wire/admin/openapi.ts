import { clientPaths, clientSchemas } from './openapi-clients'
import { browserPaths, browserSchemas } from './openapi-browsers'
import { idpGuidePaths, idpGuideSchemas } from './openapi-idp-guides'
import { provisioningPaths, provisioningSchemas } from './openapi-provisioning'
import { systemMailPaths, systemMailSchemas } from './openapi-system-mail'
import { signInPaths, signInSchemas } from './openapi-sign-in'
import { samlPaths, samlSchemas } from './openapi-saml'

/** The OpenAPI 3.1 description of `/api/v1`, served at `/api/v1/openapi.json`. */
export function openApi(baseUrl: string): object {
  return {
    openapi: '3.1.0',
    info: { title: 'Kagami administration', version: '1' },
    servers: [{ url: `${baseUrl}/api/v1` }],
    security: [{ session: [] }, { token: [] }],
    paths: {
      '/me': { get: { ...operation('Who is signed in', 200, 'Me'), security: [{ session: [] }] } },
      '/chat/group-sync': {
        get: operation('Time and result of the last chat group sync, and the run that goes on', 200, 'GroupSync'),
        post: operation('Starts a chat group sync; while one runs, gives that one', 202, 'StartedGroupSync'),
      },
      '/mirror': {
        get: operation('How far chat and mail are, who cannot be mirrored and why, and how many leavers wait', 200, 'Mirror'),
      },
      ...clientPaths(),
      ...provisioningPaths(),
      ...idpGuidePaths(),
      ...browserPaths(),
      ...systemMailPaths(),
      ...samlPaths(),
      ...signInPaths(),
    },
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: baseUrl.startsWith('https:') ? '__Host-kagami' : 'kagami' },
        token: { type: 'http', scheme: 'bearer', description: 'A token with the scope admin' },
      },
      responses: {
        Problem: {
          description: 'What is wrong, and how to mend it (RFC 9457)',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      schemas,
    },
  }
}

function operation(summary: string, status: number, schema: keyof typeof schemas): object {
  return {
    summary,
    responses: {
      [status]: { description: summary, content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } } },
      default: { $ref: '#/components/responses/Problem' },
    },
  }
}

const text = { type: 'string' }
const count = { type: 'integer', minimum: 0 }
const yesNo = { type: 'boolean' }
const time = { type: 'string', format: 'date-time' }
/** Milliseconds since 1970, UTC. */
const instant = { type: 'integer', description: 'milliseconds since 1970, UTC' }
const target = { enum: ['chat', 'mail'] }
const object = (properties: Readonly<Record<string, object>>, optional: readonly string[] = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
})
const list = (items: object) => ({ type: 'array', items })
const state = { enum: ['waiting', 'running', 'succeeded', 'failed', 'cancelled'] }
const run = object(
  {
    id: text,
    state,
    requestedBy: text,
    requestedAt: time,
    startedAt: time,
    finishedAt: time,
    total: count,
    done: count,
    failed: count,
  },
  ['startedAt', 'finishedAt'],
)

const schemas = {
  ...clientSchemas,
  ...signInSchemas,
  ...provisioningSchemas,
  ...idpGuideSchemas,
  ...browserSchemas,
  ...systemMailSchemas,
  ...samlSchemas,
  Me: object({
    id: text,
    loginName: text,
    administrator: yesNo,
    mustChangePassword: yesNo,
    method: { enum: ['saml', 'password'] },
    csrfToken: { ...text, description: 'The X-CSRF-Token of every change that comes with a session instead of a token' },
  }),
  GroupSync: object(
    {
      state: { enum: ['never', 'running', 'succeeded', 'failed', 'cancelled'] },
      lastSyncTime: time,
      lastSyncResult: { enum: ['never', 'succeeded', 'failed', 'cancelled'] },
      message: text,
      run,
    },
    ['lastSyncTime', 'message', 'run'],
  ),
  StartedGroupSync: object({ started: yesNo, run }),
  Mirror: object({
    targets: list(
      object({ target, accounts: count, waiting: count, deadLetters: count, lastDoneAt: instant, lastError: text }, [
        'lastDoneAt',
        'lastError',
      ]),
    ),
    deadLetters: list(object({ target, objectId: text, loginName: text, reason: text, since: instant }, ['loginName'])),
    leavers: { ...count, description: 'deleted people whose accounts are kept for now (KAGAMI_LEAVER_DAYS)' },
  }),
  Problem: object(
    {
      type: text,
      title: text,
      status: { type: 'integer' },
      code: text,
      detail: text,
      requestId: text,
      errors: list(object({ field: text, detail: text })),
    },
    ['errors'],
  ),
}
