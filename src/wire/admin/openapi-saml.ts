import { z } from 'zod'
import { samlVerdictNames } from '../../domain/access/saml'
import { samlChange, samlEnabling } from './saml'

// What `/saml` takes and answers: the shapes of what it takes are those by which it is checked.

const content = (name: keyof typeof samlSchemas) => ({
  'application/json': { schema: { $ref: `#/components/schemas/${name}` } },
})
const ifMatch = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description: 'Refuses the request with 412 unless the settings are at this version (their ETag)',
  schema: { type: 'string' },
}

type Described = {
  readonly takes?: keyof typeof samlSchemas
  readonly answers: keyof typeof samlSchemas
  readonly status?: number
  readonly versioned?: true
}

function operation(summary: string, { takes, answers, status = 200, versioned }: Described): object {
  return {
    summary,
    ...(versioned ? { parameters: [ifMatch] } : {}),
    ...(takes ? { requestBody: { required: takes === 'SamlChange', content: content(takes) } } : {}),
    responses: {
      [status]: { description: summary, content: content(answers) },
      default: { $ref: '#/components/responses/Problem' },
    },
  }
}

export const samlPaths = () => ({
  '/saml': {
    get: operation('The SAML settings in force and their draft; their version is the ETag', { answers: 'Saml' }),
    put: operation('Replaces the draft; what is left out is as at first', {
      takes: 'SamlChange',
      answers: 'Saml',
      versioned: true,
    }),
    patch: operation('Changes what is named of the draft (JSON Merge Patch)', {
      takes: 'SamlChange',
      answers: 'Saml',
      versioned: true,
    }),
  },
  '/saml/test': {
    post: operation('A URL to try the draft by: it works once within ten minutes, and opens no session', {
      answers: 'SamlTest',
      status: 201,
    }),
  },
  '/saml/enable': {
    post: operation('Puts the draft in force, once a test sign-in with it has succeeded', {
      takes: 'SamlEnabling',
      answers: 'Saml',
      versioned: true,
    }),
  },
  '/saml/disable': {
    post: operation('People sign in with the local password again; the settings are kept', { answers: 'Saml', versioned: true }),
  },
  '/saml/keys': {
    get: operation('Our keys as a service provider, without what is secret', { answers: 'SpKeys' }),
  },
  '/saml/keys/next': {
    post: operation('Makes a next key, which the metadata shows beside the current one', { answers: 'SpKeys' }),
  },
  '/saml/keys/promote': {
    post: operation('The next key is the current one; the one before still decrypts', { answers: 'SpKeys' }),
  },
  '/saml/keys/retire': {
    post: operation('Forgets previous keys; what was encrypted for them is refused', { answers: 'SpKeys' }),
  },
  '/saml/sign-ins': {
    get: operation('The last hundred sign-ins by SAML, good and bad, the newest first', { answers: 'SamlSignIns' }),
  },
  '/saml/sign-ins/{signIn}': {
    parameters: [
      {
        name: 'signIn',
        in: 'path',
        required: true,
        description: 'Id of the sign-in, or the request id that its page names',
        schema: { type: 'string' },
      },
    ],
    get: operation('A sign-in with every check and the Response without what could be misused', { answers: 'SamlSignIn' }),
  },
})

const text = { type: 'string' }
const orNull = { type: ['string', 'null'] }
const time = { type: 'string', format: 'date-time' }
const yesNo = { type: 'boolean' }
const count = { type: 'integer', minimum: 0 }
const list = (items: object) => ({ type: 'array', items })
const object = (properties: Readonly<Record<string, object>>, optional: readonly string[] = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
})
const nullable = (schema: object) => ({ anyOf: [schema, { type: 'null' }] })
const taken = (shape: z.ZodType) => {
  const { $schema: _draft, ...schema } = z.toJSONSchema(shape, { io: 'input' })
  return schema
}

const certificate = object(
  {
    sha256: text,
    subject: text,
    issuer: text,
    serialNumber: text,
    keyType: text,
    keyBits: count,
    notBefore: time,
    notAfter: time,
    state: { enum: ['valid', 'expired', 'notYetValid'] },
    pem: text,
  },
  ['keyBits'],
)
const settings = object({
  idp: nullable(
    object(
      {
        entityId: orNull,
        ssoUrl: text,
        logoutUrl: orNull,
        certificates: list(certificate),
        metadataValidUntil: { ...time, description: 'validUntil of the metadata that it was read from' },
      },
      ['metadataValidUntil'],
    ),
  ),
  clockSkewSeconds: count,
  allowSha1: yesNo,
  signAuthnRequests: yesNo,
  forceAuthn: yesNo,
  requestedAuthnContext: list(text),
  jit: object({ enabled: yesNo, displayName: orNull, email: orNull, familyName: orNull, givenName: orNull }),
  passwordSignIn: { enum: ['administrators', 'everyone'] },
})
const signIn = {
  id: text,
  at: time,
  requestId: text,
  address: text,
  nameId: { ...text, description: 'Verified when the sign-in succeeded or ended with SLASH_SA01; else as the Response claims' },
  result: { enum: ['ok', 'refused'] },
  code: { enum: ['SLASH_SA01', 'SLASH_SA02', 'SLASH_SA03', 'SLASH_SA04', 'SLASH_SA05', 'SLASH_FA01'] },
  test: { ...yesNo, description: 'It tried the draft' },
  failed: { ...list({ enum: samlVerdictNames }), description: 'The checks that it did not pass' },
  missed: { ...count, description: 'How many were not written down before it on its node: too many in a second' },
}
const signInOptional = ['address', 'nameId', 'code']

export const samlSchemas = {
  Saml: object({
    enabled: yesNo,
    source: { enum: ['environment', 'administrator'], description: 'Who set the identity provider' },
    locked: { ...list(text), description: 'What the environment sets, and is changed there' },
    sp: object({ entityId: text, acsUrl: text, metadataUrl: text }),
    active: { ...nullable(settings), description: 'In force while enabled' },
    draft: settings,
    test: { ...nullable(object({ at: time, nameId: text })), description: 'The test sign-in that the draft has passed' },
    mayEnable: yesNo,
    warnings: list(object({ code: text, detail: text })),
  }),
  SamlChange: taken(samlChange),
  SamlEnabling: taken(samlEnabling),
  SamlTest: object({ url: text, expiresAt: time }),
  SpKeys: object({
    keys: list(
      object(
        {
          id: text,
          use: { enum: ['current', 'next', 'previous'] },
          from: { enum: ['file', 'database'] },
          createdAt: time,
          certificate,
        },
        ['createdAt'],
      ),
    ),
  }),
  SamlSignIns: object({ signIns: list(object(signIn, signInOptional)) }),
  SamlSignIn: object(
    {
      ...signIn,
      verdicts: list(
        object({ name: { enum: samlVerdictNames }, passed: yesNo, expected: text, actual: text }, ['expected', 'actual']),
      ),
      xml: { ...text, description: 'Without signature values, attribute values and ciphertext; at most 32 KB' },
    },
    [...signInOptional, 'xml'],
  ),
} as const
