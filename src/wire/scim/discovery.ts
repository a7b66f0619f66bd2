import { bulkLimits } from './bulk'
import { cursorTimeoutSeconds } from './cursor'
import { pageSizes } from './parse-list'
import { enterpriseSchema, groupSchema, userSchema, type Attribute, type ResourceSchema } from './schema'
import { enterpriseUrn, groupUrn, userUrn } from './urns'

export const bodyLimits = { userBytes: 1_048_576, groupBytes: 16_777_216 } as const

/** RFC 7643 §5: what this server can do; nothing is advertised that is not there. */
export function serviceProviderConfig(base: string): object {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: { supported: true },
    bulk: { supported: true, maxOperations: bulkLimits.operations, maxPayloadSize: bulkLimits.bytes },
    filter: { supported: true, maxResults: pageSizes.max },
    changePassword: { supported: true },
    sort: { supported: true },
    etag: { supported: true },
    // RFC 9865 §4
    pagination: {
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize: pageSizes.default,
      maxPageSize: pageSizes.max,
      cursorTimeout: cursorTimeoutSeconds,
    },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'A token made by: kagami token create',
        specUri: 'https://www.rfc-editor.org/info/rfc6750',
        primary: true,
      },
      {
        type: 'oauth2',
        name: 'OAuth 2.0 client credentials',
        description: 'An access token of /oauth/token for a secret made by: kagami token create --secret',
        specUri: 'https://www.rfc-editor.org/info/rfc6749#section-4.4',
        primary: false,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
  }
}

/** RFC 7643 §6. */
export function resourceTypes(base: string): readonly { readonly id: string }[] {
  const type = (id: string, schema: string, rest: object) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id,
    name: id,
    endpoint: `/${id}s`,
    description: `${id}s of the directory`,
    schema,
    ...rest,
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${id}` },
  })
  return [type('User', userUrn, { schemaExtensions: [{ schema: enterpriseUrn, required: false }] }), type('Group', groupUrn, {})]
}

/** RFC 7643 §7. */
export function schemas(base: string): readonly { readonly id: string }[] {
  return [userSchema, groupSchema, enterpriseSchema].map((schema) => presentSchema(schema, base))
}

function presentSchema({ id, name, description, attributes }: ResourceSchema, base: string) {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    id,
    name,
    description,
    attributes: attributes.map(presentAttribute),
    meta: { resourceType: 'Schema', location: `${base}/Schemas/${id}` },
  }
}

function presentAttribute({ maxLength: _limit, subAttributes, ...attribute }: Attribute): object {
  return { ...attribute, ...(subAttributes ? { subAttributes: subAttributes.map(presentAttribute) } : {}) }
}
