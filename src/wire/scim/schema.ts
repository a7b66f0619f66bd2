import { enterpriseUrn, groupUrn, userUrn } from './urns'

/** One attribute as RFC 7643 §7 describes it. What the Schemas endpoint states, parsing, filters, PATCH and answers follow. */
export type Attribute = {
  readonly name: string
  readonly type: 'string' | 'boolean' | 'complex' | 'reference' | 'dateTime' | 'binary'
  readonly multiValued: boolean
  readonly caseExact: boolean
  readonly required: boolean
  readonly mutability: 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly'
  readonly returned: 'always' | 'default' | 'request' | 'never'
  readonly uniqueness: 'none' | 'server' | 'global'
  readonly description: string
  /** Suggestions, never a reason to refuse (RFC 7643 §7). */
  readonly canonicalValues?: readonly string[]
  readonly referenceTypes?: readonly string[]
  readonly subAttributes?: readonly Attribute[]
  /** Longest value in characters that we take. */
  readonly maxLength: number
}

export type ResourceSchema = {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly attributes: readonly Attribute[]
}

export type ResourceKind = 'User' | 'Group'

function attribute(name: string, description: string, rest: Partial<Attribute> = {}): Attribute {
  return {
    name,
    type: 'string',
    multiValued: false,
    caseExact: false,
    required: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    maxLength: 1_024,
    description,
    ...rest,
  }
}

const complex = (name: string, description: string, subAttributes: readonly Attribute[], rest: Partial<Attribute> = {}) =>
  attribute(name, description, { type: 'complex', subAttributes, ...rest })

const primary = attribute('primary', 'Whether this is the preferred one; at most one is.', { type: 'boolean' })

const plural = (name: string, description: string, canonicalValues: readonly string[] = [], value: Partial<Attribute> = {}) =>
  complex(
    name,
    description,
    [
      attribute('value', 'The value.', { ...value, required: true }),
      attribute('display', 'A readable name.'),
      attribute('type', 'A label of its function.', canonicalValues.length === 0 ? {} : { canonicalValues }),
      primary,
    ],
    { multiValued: true },
  )

/** RFC 7643 §3.1: of every resource, in no schema. */
const commonAttributes: readonly Attribute[] = [
  attribute('id', 'Our id.', { caseExact: true, mutability: 'readOnly', returned: 'always', uniqueness: 'server' }),
  attribute('externalId', "The client's own id; every client has its own.", {
    caseExact: true,
    uniqueness: 'server',
    maxLength: 255,
  }),
  complex(
    'meta',
    'About the resource.',
    [
      attribute('resourceType', 'User or Group.', { caseExact: true, mutability: 'readOnly' }),
      attribute('created', 'When it was made.', { type: 'dateTime', mutability: 'readOnly' }),
      attribute('lastModified', 'When it was last changed.', { type: 'dateTime', mutability: 'readOnly' }),
      attribute('location', 'Its URL.', { type: 'reference', caseExact: true, mutability: 'readOnly' }),
      attribute('version', 'Its ETag.', { caseExact: true, mutability: 'readOnly' }),
    ],
    { mutability: 'readOnly' },
  ),
]

/** RFC 7643 §4.1. */
export const userSchema: ResourceSchema = {
  id: userUrn,
  name: 'User',
  description: 'User account',
  attributes: [
    attribute('userName', 'The login name; unique without regard to case.', {
      required: true,
      uniqueness: 'server',
      maxLength: 191,
    }),
    complex('name', "The parts of the person's name.", [
      attribute('formatted', 'The whole name.'),
      attribute('familyName', 'The family name.', { maxLength: 255 }),
      attribute('givenName', 'The given name.', { maxLength: 255 }),
      attribute('middleName', 'The middle names.'),
      attribute('honorificPrefix', 'A title before the name.'),
      attribute('honorificSuffix', 'A title after the name.'),
    ]),
    attribute('displayName', 'The name to show.', { maxLength: 255 }),
    attribute('nickName', 'The casual name.'),
    attribute('profileUrl', 'A page about the person.', { type: 'reference', referenceTypes: ['external'], maxLength: 4_096 }),
    attribute('title', 'The title at work.'),
    attribute('userType', 'Employee, contractor and the like.'),
    attribute('preferredLanguage', 'Language tag of the person.'),
    attribute('locale', 'Language tag for dates and numbers.'),
    attribute('timezone', 'IANA time zone.'),
    attribute('active', 'false: suspended. He cannot sign in, and his chat and mail accounts are suspended.', {
      type: 'boolean',
    }),
    attribute('password', 'The local password, for chat, mail and sign-in without SAML.', {
      caseExact: true,
      mutability: 'writeOnly',
      returned: 'never',
    }),
    plural('emails', 'Mail addresses.', ['work', 'home', 'other'], { maxLength: 255 }),
    plural('phoneNumbers', 'Telephone numbers.', ['work', 'home', 'mobile', 'fax', 'pager', 'other']),
    plural('ims', 'Instant messaging addresses.'),
    plural('photos', 'URLs of pictures.', ['photo', 'thumbnail'], {
      type: 'reference',
      referenceTypes: ['external'],
      maxLength: 65_536,
    }),
    complex(
      'addresses',
      'Postal addresses.',
      [
        attribute('formatted', 'The whole address.'),
        attribute('streetAddress', 'Street and number.'),
        attribute('locality', 'City.'),
        attribute('region', 'Prefecture, state or region.'),
        attribute('postalCode', 'Postal code.'),
        attribute('country', 'ISO 3166-1 alpha-2 code.'),
        attribute('type', 'A label of its function.', { canonicalValues: ['work', 'home', 'other'] }),
        primary,
      ],
      { multiValued: true },
    ),
    complex(
      'groups',
      'The groups he belongs to, himself or by a group inside; changed at the group.',
      [
        attribute('value', "The group's id.", { caseExact: true, mutability: 'readOnly' }),
        attribute('$ref', "The group's URL.", {
          type: 'reference',
          referenceTypes: ['Group'],
          caseExact: true,
          mutability: 'readOnly',
        }),
        attribute('display', "The group's name.", { mutability: 'readOnly' }),
        attribute('type', 'direct or indirect.', { mutability: 'readOnly', canonicalValues: ['direct', 'indirect'] }),
      ],
      { multiValued: true, mutability: 'readOnly' },
    ),
    plural('entitlements', 'Things he is entitled to.'),
    plural('roles', 'His roles.'),
    plural('x509Certificates', 'Certificates (DER, base64).', [], { type: 'binary', caseExact: true, maxLength: 65_536 }),
  ],
}

/** RFC 7643 §4.3. */
export const enterpriseSchema: ResourceSchema = {
  id: enterpriseUrn,
  name: 'EnterpriseUser',
  description: 'Enterprise User',
  attributes: [
    attribute('employeeNumber', 'The number of the employee.'),
    attribute('costCenter', 'The cost center.'),
    attribute('organization', 'The organization.'),
    attribute('division', 'The division.'),
    attribute('department', 'The department.'),
    complex('manager', 'His manager.', [
      attribute('value', "The manager's id.", { caseExact: true }),
      attribute('$ref', "The manager's URL.", {
        type: 'reference',
        referenceTypes: ['User'],
        caseExact: true,
        mutability: 'readOnly',
      }),
    ]),
  ],
}

/** RFC 7643 §4.2. */
export const groupSchema: ResourceSchema = {
  id: groupUrn,
  name: 'Group',
  description: 'Group',
  attributes: [
    attribute('displayName', 'The name of the group; unique without regard to case.', {
      required: true,
      uniqueness: 'server',
      maxLength: 255,
    }),
    complex(
      'members',
      'Users and groups that belong to it.',
      [
        attribute('value', "The member's id.", { caseExact: true, mutability: 'immutable' }),
        attribute('$ref', "The member's URL.", {
          type: 'reference',
          referenceTypes: ['User', 'Group'],
          caseExact: true,
          mutability: 'immutable',
        }),
        attribute('type', 'User or Group.', { mutability: 'immutable', canonicalValues: ['User', 'Group'] }),
        attribute('display', "The member's name.", { mutability: 'readOnly' }),
      ],
      { multiValued: true },
    ),
  ],
}

/** The schemas of a resource: the core one first, then its extensions. */
export const schemasOf: Readonly<Record<ResourceKind, readonly ResourceSchema[]>> = {
  User: [userSchema, enterpriseSchema],
  Group: [groupSchema],
}

/** Which attributes a resource has. Core and extension never share a name, so each is found by its name alone. */
export const attributesOf: Readonly<Record<ResourceKind, readonly Attribute[]>> = {
  User: [...commonAttributes, ...userSchema.attributes, ...enterpriseSchema.attributes],
  Group: [...commonAttributes, ...groupSchema.attributes],
}

const urnPrefixes: Readonly<Record<ResourceKind, readonly string[]>> = {
  User: [userUrn, enterpriseUrn].map((urn) => `${urn.toLowerCase()}:`),
  Group: [`${groupUrn.toLowerCase()}:`],
}

/** Cuts the schema's URN off an attribute name, in any case: `urn:…:User:name.familyName` is `name.familyName`. */
function withoutUrn(kind: ResourceKind, name: string): string {
  if (!name.includes(':')) return name
  const lower = name.toLowerCase()
  const prefix = urnPrefixes[kind].find((one) => lower.startsWith(one))
  return prefix === undefined ? name : name.slice(prefix.length)
}

/** By name in any case (RFC 7643 §2.1). @param among a list of a schema: those are indexed */
export const findAttribute = (among: readonly Attribute[], name: string): Attribute | undefined =>
  (byName.get(among) ?? namesOf(among)).get(name.toLowerCase())

const namesOf = (among: readonly Attribute[]): ReadonlyMap<string, Attribute> =>
  new Map(among.map((one) => [one.name.toLowerCase(), one]))

/** Bodies may have 100,000 keys: each is looked up once, not compared with every name. */
const byName: ReadonlyMap<readonly Attribute[], ReadonlyMap<string, Attribute>> = new Map(
  [
    ...Object.values(attributesOf),
    ...Object.values(schemasOf).flatMap((schemas) => schemas.map((schema) => schema.attributes)),
    ...Object.values(attributesOf).flatMap((attributes) =>
      attributes.flatMap((one) => (one.subAttributes ? [one.subAttributes] : [])),
    ),
  ].map((among) => [among, namesOf(among)]),
)

/** A path like `name.familyName`, without URN. */
export type ResolvedPath = { readonly attribute: Attribute; readonly sub?: Attribute }

const pathsOf: Readonly<Record<ResourceKind, ReadonlyMap<string, ResolvedPath>>> = {
  User: pathsAmong(attributesOf.User),
  Group: pathsAmong(attributesOf.Group),
}

function pathsAmong(attributes: readonly Attribute[]): ReadonlyMap<string, ResolvedPath> {
  return new Map(
    attributes.flatMap((one) => [
      [one.name.toLowerCase(), { attribute: one }] as const,
      ...(one.subAttributes ?? []).map((sub) => [`${one.name}.${sub.name}`.toLowerCase(), { attribute: one, sub }] as const),
    ]),
  )
}

/** `name.familyName`, in any case, with or without its URN. */
export const resolvePath = (kind: ResourceKind, path: string): ResolvedPath | undefined =>
  pathsOf[kind].get(withoutUrn(kind, path).toLowerCase())
