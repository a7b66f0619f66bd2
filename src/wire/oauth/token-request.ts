import { scopes as knownScopes, type Scope } from '../../domain/access/actor'

/** RFC 6749 §5.2, and RFC 6749 §4.1.2.1's word for what passes by itself. */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'temporarily_unavailable'
  | 'server_error'

/** A token request that is refused; `detail` becomes the error_description. */
export class OAuthError extends Error {
  override readonly name = 'OAuthError'

  constructor(
    readonly status: number,
    readonly code: OAuthErrorCode,
    readonly detail: string,
  ) {
    super(detail)
  }
}

const invalidRequest = (detail: string) => new OAuthError(400, 'invalid_request', detail)
export const invalidClient = (detail: string) => new OAuthError(401, 'invalid_client', detail)

/** How a client proves who it is: by either way of RFC 6749 §2.3.1. */
export type ClientCredentials = { readonly clientId: string; readonly secret: string }

/**
 * The parameters of a form as RFC 6749 §3.2 reads them: an empty one is as if it were not there, none comes twice.
 *
 * @throws OAuthError invalid_request
 */
export function parseParameters(body: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(body)) {
    if (parameters.has(name)) throw invalidRequest(`The parameter ${name.slice(0, 64)} comes twice. Send it once.`)
    if (value !== '') parameters.set(name, value)
  }
  return parameters
}

/**
 * `client_secret_basic` or `client_secret_post`, and never both.
 *
 * @throws OAuthError invalid_request, invalid_client
 */
export function parseCredentials(authorization: string | undefined, form: ReadonlyMap<string, string>): ClientCredentials {
  const [named, secret] = [form.get('client_id'), form.get('client_secret')]
  if (authorization === undefined) {
    if (named === undefined || secret === undefined) {
      throw invalidClient('Send client_id and client_secret, by "Authorization: Basic" or in the form.')
    }
    return { clientId: named, secret }
  }
  if (secret !== undefined) throw invalidRequest('The client proves itself twice: by its header and by client_secret. Keep one.')
  const basic = parseBasic(authorization)
  if (!basic) throw invalidClient('The Authorization header is not "Basic " and base64 of CLIENT_ID:CLIENT_SECRET.')
  if (named !== undefined && named !== basic.clientId)
    throw invalidRequest('client_id is not that of the Authorization header. Leave it out.')
  return basic
}

/** Both halves are form-encoded before they are joined (RFC 6749 §2.3.1). */
function parseBasic(authorization: string): ClientCredentials | undefined {
  const encoded = /^basic +([\w+/-]+=*)$/i.exec(authorization)?.[1]
  const pair = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8')
  const colon = pair.indexOf(':')
  if (colon < 0) return undefined
  const [clientId, secret] = [formDecoded(pair.slice(0, colon)), formDecoded(pair.slice(colon + 1))]
  return clientId && secret ? { clientId, secret } : undefined
}

function formDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

/** @throws OAuthError invalid_request, unsupported_grant_type */
export function checkGrantType(form: ReadonlyMap<string, string>): void {
  const grantType = form.get('grant_type')
  if (grantType === undefined) throw invalidRequest('grant_type is missing. Send grant_type=client_credentials.')
  if (grantType !== 'client_credentials')
    throw new OAuthError(400, 'unsupported_grant_type', 'Only grant_type=client_credentials is offered.')
}

/** What the client asks for of what it may have; all of that when it asks for nothing. @throws OAuthError invalid_scope */
export function narrowScopes(asked: string | undefined, may: ReadonlySet<Scope>): readonly Scope[] {
  if (asked === undefined) return [...may]
  const names = asked.split(' ').filter((name) => name !== '')
  return [...new Set(names)].map((name) => {
    const scope = knownScopes.find((known) => known === name)
    if (scope !== undefined && may.has(scope)) return scope
    throw new OAuthError(400, 'invalid_scope', `This secret does not give ${name.slice(0, 64)}. It gives: ${[...may].join(' ')}.`)
  })
}

/** RFC 8414: where and how tokens are had. */
export const authorizationServer = (baseUrl: string) => ({
  issuer: baseUrl,
  token_endpoint: `${baseUrl}/oauth/token`,
  grant_types_supported: ['client_credentials'],
  response_types_supported: [],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  scopes_supported: knownScopes,
})
