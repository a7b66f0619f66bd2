const text = { type: 'string' }
const time = { type: 'string', format: 'date-time' }
const problem = { $ref: '#/components/responses/Problem' }
const json = (description: string, schema: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } },
})
const pathParameter = (name: string) => ({ name, in: 'path', required: true, schema: text })
const gone = { 204: { description: 'Ended on every node' }, default: problem }

export const browserPaths = () => ({
  '/users/{user}/sessions': {
    parameters: [pathParameter('user')],
    get: {
      summary: 'Where a user is signed in',
      responses: { 200: json('Who was seen last first', 'Sessions'), default: problem },
    },
    delete: { summary: 'Ends all sessions of a user', responses: gone },
  },
  '/users/{user}/sessions/{session}': {
    parameters: [pathParameter('user'), pathParameter('session')],
    delete: { summary: 'Ends one of them', responses: gone },
  },
  '/publication': {
    get: {
      summary: 'What other sites may do with ours',
      responses: { 200: json('With its ETag', 'Publication'), default: problem },
    },
    patch: {
      summary: 'Changes it; every node follows within seconds',
      parameters: [{ name: 'If-Match', in: 'header', schema: text }],
      requestBody: { required: true, content: { 'application/json': { schema: { $ref: '#/components/schemas/Publication' } } } },
      responses: { 200: json('As it is now', 'Publication'), default: problem },
    },
  },
})

export const browserSchemas = {
  Sessions: {
    type: 'object',
    required: ['sessions'],
    properties: {
      sessions: {
        type: 'array',
        items: {
          type: 'object',
          required: ['id', 'method', 'createdAt', 'lastUsedAt', 'browser'],
          properties: {
            id: text,
            method: { enum: ['saml', 'password'] },
            createdAt: time,
            lastUsedAt: time,
            address: { ...text, description: 'Where it began' },
            browser: text,
          },
        },
      },
    },
  },
  Publication: {
    type: 'object',
    required: ['clickjackingProtection'],
    properties: { clickjackingProtection: { type: 'boolean', description: 'Only our own pages may show ours in a frame' } },
  },
}
