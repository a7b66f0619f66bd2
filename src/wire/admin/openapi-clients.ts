import { z } from 'zod'
import { scopes } from '../../domain/access/actor'
import { outcomes } from '../../domain/access/client'
import { clientChange, clientDraft, rotation, tokenDraft } from './clients'

// What `/clients` takes and answers: the shapes of what it takes are those by which it is checked.

const ref = (name: keyof typeof clientSchemas) => ({ $ref: `#/components/schemas/${name}` })
const content = (name: keyof typeof clientSchemas) => ({ 'application/json': { schema: ref(name) } })
const parameter = (name: string, where: 'path' | 'query', description: string) => ({
  name,
  in: where,
  required: where === 'path',
  description,
  schema: where === 'path' ? { type: 'string', format: 'uuid' } : { type: 'string', format: 'date-time' },
})
const client = parameter('client', 'path', 'Id of the client')
const token = parameter('token', 'path', 'Id of the token or secret')
const ifMatch = {
  ...parameter('If-Match', 'query', 'Refuses the request with 412 unless the client is at this version (its ETag)'),
  in: 'header',
  schema: { type: 'string' },
}

type Described = {
  readonly takes?: keyof typeof clientSchemas
  readonly answers?: keyof typeof clientSchemas
  readonly status?: number
  readonly parameters?: readonly object[]
}

function operation(summary: string, { takes, answers, status = 200, parameters }: Described): object {
  return {
    summary,
    ...(parameters ? { parameters } : {}),
    ...(takes ? { requestBody: { required: takes !== 'Rotation', content: content(takes) } } : {}),
    responses: {
      [status]: { description: summary, ...(answers ? { content: content(answers) } : {}) },
      default: { $ref: '#/components/responses/Problem' },
    },
  }
}

/** Tokens and secrets are handled alike. */
const tokenPaths = (path: 'tokens' | 'secrets', what: string, made: 'MadeToken' | 'MadeSecret') => ({
  [`/clients/{client}/${path}`]: {
    parameters: [client],
    get: operation(`The ${what}s of a client, ended ones as well`, { answers: path === 'tokens' ? 'Tokens' : 'Secrets' }),
    post: operation(`Makes a ${what}; it is in this answer only`, { takes: 'TokenDraft', answers: made, status: 201 }),
  },
  [`/clients/{client}/${path}/{token}`]: {
    parameters: [client, token],
    delete: operation(`Revokes a ${what}: it is refused from now on`, { status: 204 }),
  },
  [`/clients/{client}/${path}/{token}/rotate`]: {
    parameters: [client, token],
    post: operation(`Makes a ${what} with the same scopes; the old one works until the overlap is over`, {
      takes: 'Rotation',
      answers: made === 'MadeToken' ? 'RotatedToken' : 'RotatedSecret',
      status: 201,
    }),
  },
})

export const clientPaths = () => ({
  '/clients': {
    get: operation('Every client, by name', { answers: 'Clients' }),
    post: operation('Makes a client, without tokens', { takes: 'ClientDraft', answers: 'Client', status: 201 }),
  },
  '/clients/{client}': {
    parameters: [client],
    get: operation('A client; its version is the ETag', { answers: 'Client' }),
    patch: operation('Changes what is named (JSON Merge Patch)', {
      takes: 'ClientChange',
      answers: 'Client',
      parameters: [ifMatch],
    }),
    delete: operation('Deletes a client with its tokens, secrets, statistics and externalIds; people and groups stay', {
      status: 204,
      parameters: [ifMatch],
    }),
  },
  '/clients/{client}/statistics': {
    parameters: [client],
    get: operation('What a client asked for, by operation and by hour, summed over the nodes, as written down once a minute', {
      answers: 'ClientStatistics',
      parameters: [
        parameter('from', 'query', 'Hours that began then or later; a week before `to` when absent. Kept for 90 days'),
        parameter('to', 'query', 'Hours that began before; now when absent'),
      ],
    }),
  },
  ...tokenPaths('tokens', 'token', 'MadeToken'),
  ...tokenPaths('secrets', 'secret', 'MadeSecret'),
})

const text = { type: 'string' }
const time = { type: 'string', format: 'date-time' }
const yesNo = { type: 'boolean' }
const list = (items: object) => ({ type: 'array', items })
const object = (properties: Readonly<Record<string, object>>, optional: readonly string[] = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
})
const taken = (shape: z.ZodType) => {
  const { $schema: _draft, ...schema } = z.toJSONSchema(shape, { io: 'input' })
  return schema
}

const clientProperties = {
  id: text,
  name: text,
  allowedAddresses: list(text),
  requestsPerSecond: { type: ['integer', 'null'] },
  ignoreUnknownMembers: yesNo,
  disabled: yesNo,
  createdAt: time,
  disabledAt: time,
  lastRequestAt: time,
}
const tokenProperties = {
  id: text,
  hint: { ...text, description: 'Its first characters' },
  scopes: list({ enum: scopes }),
  state: { enum: ['valid', 'revoked', 'expired'] },
  createdAt: time,
  expiresAt: time,
  revokedAt: time,
  lastUsedAt: time,
  lastUsedAddress: text,
}
const tokenOptional = ['expiresAt', 'revokedAt', 'lastUsedAt', 'lastUsedAddress']
const counts = Object.fromEntries(outcomes.map((outcome) => [outcome, { type: 'integer', minimum: 0 }]))
const oneTime = { ...text, description: 'Shown this once' }
const madeToken = { ...tokenProperties, token: oneTime }
const madeSecret = {
  ...tokenProperties,
  secret: { ...oneTime, description: 'The client_secret of OAuth 2.0; shown this once' },
  clientId: { ...text, description: 'The client_id of OAuth 2.0' },
}
const rotated = { replaces: text, replacedEndsAt: time }

export const clientSchemas = {
  Client: object(clientProperties, ['disabledAt', 'lastRequestAt']),
  Clients: object({ clients: list({ $ref: '#/components/schemas/Client' }) }),
  ClientDraft: taken(clientDraft),
  ClientChange: taken(clientChange),
  Token: object(tokenProperties, tokenOptional),
  Tokens: object({ tokens: list({ $ref: '#/components/schemas/Token' }) }),
  Secrets: object({ secrets: list({ $ref: '#/components/schemas/Token' }) }),
  TokenDraft: taken(tokenDraft),
  Rotation: taken(rotation),
  MadeToken: object(madeToken, tokenOptional),
  MadeSecret: object(madeSecret, tokenOptional),
  RotatedToken: object({ ...madeToken, ...rotated }, tokenOptional),
  RotatedSecret: object({ ...madeSecret, ...rotated }, tokenOptional),
  ClientStatistics: object(
    {
      from: time,
      to: time,
      lastRequestAt: time,
      operations: list(object({ operation: { ...text, description: 'Method and resource type' }, ...counts })),
      hours: list(object({ hour: time, ...counts })),
    },
    ['lastRequestAt'],
  ),
} as const
