import { z } from 'zod'
import { mailFailureStates, mailSecurities } from '../../domain/system/mail'
import { mailServerDraft, mailTest } from './system-mail'

// What `/system-mail` takes and answers.

const ref = (name: keyof typeof systemMailSchemas) => ({ $ref: `#/components/schemas/${name}` })
const content = (name: keyof typeof systemMailSchemas) => ({ 'application/json': { schema: ref(name) } })
const ifMatch = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description: 'Refuses the request with 412 unless the settings are at this version (their ETag)',
  schema: { type: 'string' },
}

function operation(
  summary: string,
  answers: keyof typeof systemMailSchemas | undefined,
  takes?: keyof typeof systemMailSchemas,
  parameters: readonly object[] = [],
): object {
  return {
    summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(takes ? { requestBody: { required: true, content: content(takes) } } : {}),
    responses: {
      [answers ? 200 : 204]: { description: summary, ...(answers ? { content: content(answers) } : {}) },
      default: { $ref: '#/components/responses/Problem' },
    },
  }
}

export const systemMailPaths = () => ({
  '/system-mail': {
    get: operation('Server and sender of system mail, without the password; their version is the ETag', 'SystemMail'),
    put: operation('Sets server and sender, and sends a test mail', 'SystemMailSaved', 'SystemMailDraft', [ifMatch]),
    delete: operation('Sends no system mail any more', undefined, undefined, [ifMatch]),
  },
  '/system-mail/test': { post: operation('Sends a test mail by the settings as they are', 'MailTest', 'MailTestDraft') },
  '/system-mail/failures': {
    get: operation('The last ten mails that failed, newest first, and how many mails wait', 'MailFailures'),
  },
})

const text = { type: 'string' }
const time = { type: 'string', format: 'date-time' }
const count = { type: 'integer', minimum: 0 }
const object = (properties: Readonly<Record<string, object>>, optional: readonly string[] = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
})
const taken = (shape: z.ZodType) => {
  const { $schema: _draft, ...schema } = z.toJSONSchema(shape, { io: 'input' })
  return schema
}

const settings = {
  enabled: { type: 'boolean' },
  host: text,
  port: { type: 'integer' },
  security: { enum: mailSecurities },
  account: text,
  sender: text,
  caCertificate: text,
  source: { enum: ['environment', 'administrator'] },
  changedAt: time,
}
const optionalSettings = ['host', 'port', 'security', 'account', 'sender', 'caCertificate', 'source', 'changedAt']
const failure = object({
  id: text,
  recipient: { ...text, description: 'The first one' },
  others: { ...count, description: 'How many more there were' },
  at: { ...time, description: 'Of the last try' },
  attempts: count,
  server: { ...text, description: 'Address, port and settings' },
  error: object({ number: { ...text, description: 'Of the answer, or of the connection' }, address: text, cause: text }, [
    'address',
  ]),
  state: { enum: mailFailureStates },
})
const test = object({ sent: { type: 'boolean' }, failure }, ['failure'])

export const systemMailSchemas = {
  SystemMail: object(settings, optionalSettings),
  SystemMailDraft: taken(mailServerDraft),
  SystemMailSaved: object({ ...settings, test }, [...optionalSettings, 'test']),
  MailTestDraft: taken(mailTest),
  MailTest: test,
  MailFailures: object({ waiting: count, failures: { type: 'array', items: failure } }),
} as const
