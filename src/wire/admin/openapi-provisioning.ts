import { z } from 'zod'
import { operations, requestedOperations } from '../../domain/audit/change'
import { exportParameters, logParameters } from './provisioning'

// What `/provisioning-log` takes and answers: the parameters are those by which it is checked.

const ref = (name: keyof typeof provisioningSchemas) => ({ $ref: `#/components/schemas/${name}` })

function parameters(shape: z.ZodObject): readonly object[] {
  const { properties = {} } = z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' })
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...schema } = property as { readonly description?: string }
    return { name, in: 'query', ...(description === undefined ? {} : { description }), schema }
  })
}

const answers = (description: string, content: object) => ({
  200: { description, content },
  default: { $ref: '#/components/responses/Problem' },
})

export const provisioningPaths = () => ({
  '/provisioning-log': {
    get: {
      summary:
        'What clients asked for and what became of it, newest first. A page may hold less than `limit`; while there is a `next`, it goes on',
      parameters: parameters(logParameters),
      responses: answers('A page', { 'application/json': { schema: ref('ProvisioningPage') } }),
    },
  },
  '/provisioning-log/export': {
    get: {
      summary: 'The same as a stream of lines, NDJSON or CSV',
      parameters: parameters(exportParameters),
      responses: answers('Every line', {
        'application/x-ndjson': { schema: ref('ProvisioningLine') },
        'text/csv': { schema: { type: 'string' } },
      }),
    },
  },
  '/users/{user}/explain': {
    get: {
      summary:
        'Where a person is on his way from SCIM to chat and mail, and what hinders him; also of who is not there (any more)',
      parameters: [{ name: 'user', in: 'path', required: true, description: 'id or userName', schema: { type: 'string' } }],
      responses: answers('The first failing hop stands first in the summary', {
        'application/json': { schema: ref('Explanation') },
      }),
    },
  },
})

const text = { type: 'string' }
const count = { type: 'integer', minimum: 0 }
const time = { type: 'string', format: 'date-time' }
const list = (items: object) => ({ type: 'array', items })
const object = (properties: Readonly<Record<string, object>>, optional: readonly string[] = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
})

const value = {
  oneOf: [text, { type: 'boolean' }, list(text), object({ count })],
  description: 'A long text is cut; of a list only what came or went, more than a few are counted',
}
const client = object({ id: text, name: text }, ['name'])

export const provisioningSchemas = {
  ProvisioningPage: object({ lines: list({ $ref: '#/components/schemas/ProvisioningLine' }), next: text }, ['next']),
  ProvisioningLine: {
    oneOf: [{ $ref: '#/components/schemas/DoneLine' }, { $ref: '#/components/schemas/RefusedLine' }],
    discriminator: { propertyName: 'result' },
  },
  DoneLine: object(
    {
      id: text,
      result: { const: 'ok' },
      at: time,
      client,
      address: text,
      operation: { enum: operations },
      action: text,
      objectKind: text,
      objectId: text,
      name: text,
      changes: list(object({ attribute: { ...text, description: 'as SCIM names it' }, from: value, to: value }, ['from', 'to'])),
      restored: { type: 'boolean', description: 'a deleted person who came back' },
      dialect: list(text),
      requestId: text,
    },
    ['address', 'operation', 'objectId', 'requestId'],
  ),
  RefusedLine: object(
    {
      id: text,
      result: { const: 'refused' },
      at: { ...time, description: 'the first of its kind in this hour' },
      lastAt: time,
      count,
      client,
      address: { ...text, description: 'where no valid token came' },
      operation: { enum: requestedOperations },
      objectKind: { enum: ['user', 'group'] },
      objects: { ...list(text), description: 'what the last ones named, newest first' },
      status: { type: 'integer' },
      scimType: text,
      detail: text,
      requestId: { ...text, description: 'of the last one' },
    },
    ['client', 'address', 'objectKind', 'scimType'],
  ),
  Explanation: object(
    {
      id: text,
      userName: text,
      summary: { ...list(text), description: 'what hinders, the first failing hop first, then what waits' },
      hops: list(
        object(
          {
            hop: { enum: ['scim', 'directory', 'work', 'account', 'target'] },
            target: { enum: ['chat', 'mail'] },
            state: { enum: ['ok', 'waiting', 'failed', 'none'] },
            since: time,
            text: { ...text, description: 'what is, and how to mend it' },
          },
          ['target', 'since'],
        ),
      ),
    },
    ['id', 'userName'],
  ),
}
