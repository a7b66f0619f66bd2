import { z } from 'zod'
import { passwordChange, passwordDraft } from './passwords'
import { signInSettingsDraft } from './sign-in-settings'
import { twoStepSettingsDraft } from './two-step'

// What `/sign-in-settings`, `/two-step-settings`, `/users/{user}/password` and `/users/{user}/two-step` take and answer.

const content = (name: keyof typeof signInSchemas) => ({
  'application/json': { schema: { $ref: `#/components/schemas/${name}` } },
})
const user = { name: 'user', in: 'path', required: true, description: 'Id or userName', schema: { type: 'string' } }
const ifMatch = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description: 'Refuses the request with 412 unless the settings are at this version (their ETag)',
  schema: { type: 'string' },
}

const operation = (summary: string, answers: keyof typeof signInSchemas, takes?: keyof typeof signInSchemas, match = false) => ({
  summary,
  ...(match ? { parameters: [ifMatch] } : {}),
  ...(takes ? { requestBody: { required: true, content: content(takes) } } : {}),
  responses: {
    200: { description: summary, content: content(answers) },
    default: { $ref: '#/components/responses/Problem' },
  },
})

export const signInPaths = () => ({
  '/sign-in-settings': {
    get: operation('Policy of passwords, lockout, sessions; their version is the ETag', 'SignInSettings'),
    put: operation('Sets them all; what is left out is as the profile says', 'SignInSettings', 'SignInSettingsDraft', true),
  },
  '/users/{user}/password': {
    parameters: [user],
    get: operation('When a password was set and ends, and whether its user is locked out', 'UserPassword'),
    put: operation('Sets a temporary password; it is in this answer only', 'MadePassword', 'PasswordDraft'),
    patch: operation('Keeps the password, and says whether it expires', 'UserPassword', 'PasswordChange'),
  },
  '/two-step-settings': {
    get: operation('Whether common administrators must use two steps; its version is the ETag', 'TwoStepSettings'),
    put: operation('Holds at once, also for sessions that have begun', 'TwoStepSettings', 'TwoStepSettings', true),
  },
  '/users/{user}/two-step': {
    parameters: [user],
    get: operation('The second step of the sign-in', 'UserTwoStep'),
    delete: {
      summary: 'Takes it away from who has lost phone or address: the password alone is enough until it is set up anew',
      responses: { 204: { description: 'There is none any more' }, default: { $ref: '#/components/responses/Problem' } },
    },
  },
})

const text = { type: 'string' }
const time = { type: 'string', format: 'date-time' }
const yesNo = { type: 'boolean' }
const object = (properties: Readonly<Record<string, object>>, optional: readonly string[] = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
})
const taken = (shape: z.ZodType) => {
  const { $schema: _draft, ...schema } = z.toJSONSchema(shape, { io: 'input' })
  return schema
}

export const signInSchemas = {
  SignInSettingsDraft: taken(signInSettingsDraft),
  SignInSettings: {
    allOf: [
      taken(signInSettingsDraft.loose()),
      object({ warnings: { type: 'array', items: object({ code: text, detail: text }) } }),
    ],
  },
  TwoStepSettings: taken(twoStepSettingsDraft),
  UserTwoStep: object(
    {
      userId: text,
      loginName: text,
      isSet: yesNo,
      method: { enum: ['mail', 'totp'] },
      since: time,
      recoveryCodesLeft: { type: 'integer', minimum: 0 },
    },
    ['method', 'since', 'recoveryCodesLeft'],
  ),
  PasswordDraft: taken(passwordDraft),
  PasswordChange: taken(passwordChange),
  MadePassword: object({ loginName: text, password: text }),
  UserPassword: object(
    {
      userId: text,
      loginName: text,
      isSet: yesNo,
      neverExpires: yesNo,
      temporary: yesNo,
      failures: { type: 'integer', minimum: 0 },
      locked: yesNo,
      changedAt: time,
      expiresAt: time,
    },
    ['changedAt', 'expiresAt'],
  ),
}
