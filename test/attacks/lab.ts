import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import request from 'supertest'
import { inflateRawSync } from 'node:zlib'
import { samlVerdictNames, type SamlVerdictName, type SlashCode } from '../../src/domain/access/saml'
import { samlVerdictTexts } from '../../src/domain/access/saml-texts'
import {
  assertionXml,
  encode,
  idpMetadata,
  keyDescriptor,
  makeIdp,
  responseXml,
  rightParts,
  signXml,
  type Overrides,
  type Parts,
  type Signing,
  type TestIdp,
} from '../kit/saml-idp'
import { pemOf } from '../kit/saml-encryption'
import { tempFolder } from '../kit/temp-store'
import { startTestServer, type TestServer } from '../kit/server'
import { watchStalls } from '../kit/stalls'

/** Who could be who in an attack: an identity provider with several keys, and somebody who has a key of his own. */
export type Idps = {
  readonly idp: TestIdp
  readonly ec: TestIdp
  readonly dsa: TestIdp
  /** RSA with the exponent 3. */
  readonly lowExponent: TestIdp
  /** In the metadata for encryption only. */
  readonly encryption: TestIdp
  /** The attacker's own. */
  readonly foreign: TestIdp
  /** Ours, which assertions are encrypted for. */
  readonly sp: TestIdp
}

/** A web server that nobody may ask. */
export type Outside = { readonly url: string; asked(): number; stop(): Promise<void> }

export type Lab = Idps & { readonly server: TestServer; readonly outside: Outside; stop(): Promise<void> }

export const secretKey = '5e'.repeat(32)
/** Everybody may sign in as `taro`; nobody as `victim`. */
export const people = ['taro', 'victim']

/** The whole product, with an identity provider whose keys are known. */
export async function startLab(): Promise<Lab> {
  const kinds = ['rsa', 'ec', 'dsa', 'lowExponentRsa', 'rsa', 'rsa', 'rsa'] as const
  const made = await Promise.all(kinds.map((kind) => makeIdp(kind)))
  type Made = [TestIdp, TestIdp, TestIdp, TestIdp, TestIdp, TestIdp, TestIdp]
  const [idp, ec, dsa, lowExponent, encryption, foreign, sp] = made as Made
  const metadata = idpMetadata([idp, ec, dsa, lowExponent].map(({ certificate }) => certificate)).replace(
    '<SingleLogoutService',
    `${keyDescriptor(encryption.certificate, ' use="encryption"')}<SingleLogoutService`,
  )
  const certs = tempFolder()
  writeFileSync(path.join(certs.path, 'sp.key'), pemOf(sp))
  writeFileSync(path.join(certs.path, 'sp.crt'), sp.certificate)
  const server = await startTestServer({
    KAGAMI_CERTS_DIR: certs.path,
    KAGAMI_BASE_URL: rightParts.entityId,
    KAGAMI_SECRET_KEY: secretKey,
    KAGAMI_SAML_IDP_METADATA: metadata,
  })
  for (const userName of people) await server.scim('post', '/Users').send({ userName })
  await server.scim('post', '/Users').send({ userName: 'asleep', active: false })
  const gone = await server.scim('post', '/Users').send({ userName: 'gone' })
  await server.scim('delete', `/Users/${gone.body.id}`)
  const outside = await listenOutside()
  const stop = async () => {
    await Promise.all([server.stop(), outside.stop()])
    certs.remove()
  }
  return { idp, ec, dsa, lowExponent, encryption, foreign, sp, server, outside, stop }
}

async function listenOutside(): Promise<Outside> {
  let asked = 0
  const outside = createServer((_req, res) => {
    asked++
    res.end()
  })
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve))
  const { port } = outside.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked: () => asked,
    stop: () => new Promise((resolve) => outside.close(() => resolve())),
  }
}

/** A sign-in that is under way in a browser, and all that the identity provider would say in it. */
export type Trial = Idps & {
  readonly outside: Pick<Outside, 'url'>
  /** The cookie of the AuthnRequest. */
  readonly cookie: string
  readonly right: Parts
  assertion(overrides?: Overrides): string
  response(assertion: string, overrides?: Overrides): string
  /** The Assertion signed. */
  signed(overrides?: Overrides, signing?: Signing): string
  /** The Response signed. */
  whole(overrides?: Overrides, signing?: Signing): string
  /** Both of them. */
  both(overrides?: Overrides): string
}

/** Leaves for the identity provider. */
export async function leave(server: TestServer, query = ''): Promise<{ readonly cookie: string; readonly requestId: string }> {
  const answer = await request(server.url).get(`/saml/login${query}`)
  const sent = new URL(answer.headers['location']!).searchParams.get('SAMLRequest')!
  const requestId = /ID="([^"]+)"/.exec(inflateRawSync(Buffer.from(sent, 'base64')).toString())![1]!
  return { cookie: cookiesOf(answer)[0]!.split(';')[0]!, requestId }
}

let trials = 0

export async function beginTrial(lab: Lab, query = ''): Promise<Trial> {
  return trialOf(lab, await leave(lab.server, query))
}

/** @param at when it is issued */
export function trialOf(
  idps: Idps & Pick<Trial, 'outside'>,
  begun: { readonly cookie: string; readonly requestId: string },
  at = Date.now(),
): Trial {
  const right = { ...partsAt(at), requestId: begun.requestId, assertionId: `_assertion${++trials}` }
  const { idp } = idps
  const assertion = (overrides: Overrides = {}) => assertionXml({ ...right, ...overrides })
  const response = (xml: string, overrides: Overrides = {}) => responseXml(xml, { ...right, ...overrides })
  const plain = (overrides: Overrides = {}) => response(assertion(overrides), overrides)
  const idOf = (overrides: Overrides = {}) => overrides.assertionId ?? right.assertionId
  const signed = (overrides?: Overrides, signing?: Signing) => signXml(idp, plain(overrides), idOf(overrides), signing)
  return {
    ...idps,
    cookie: begun.cookie,
    right,
    assertion,
    response,
    signed,
    whole: (overrides, signing) => signXml(idp, plain(overrides), '_response', signing),
    both: (overrides) => signXml(idp, signed(overrides), '_response'),
  }
}

const second = 1_000
export const instant = (at: number) => new Date(at).toISOString()

function partsAt(at: number): Parts {
  return {
    ...rightParts,
    issueInstant: instant(at),
    notBefore: instant(at - 60 * second),
    notOnOrAfter: instant(at + 300 * second),
    authnStatement: `<saml:AuthnStatement AuthnInstant="${instant(at)}"/>`,
  }
}

/** What is posted: a document, or a form that is as odd as it likes. */
export type Post = string | { readonly body: string | Buffer; readonly type?: string; readonly headers?: Record<string, string> }

/** What became of it. */
export type Outcome = {
  readonly status: number
  /** The SLASH code, then the checks that failed; `signed in` for who was let in. */
  readonly said: string
  readonly failed: readonly string[]
  readonly location: string | undefined
  readonly sessionCookie: string | undefined
  readonly sessions: number
  readonly stalledMs: number
  readonly page: string
}

/** @param counts whether sessions and stalls are counted, which needs the server for itself */
export async function post(server: TestServer, cookie: string, what: Post, { counts = true } = {}): Promise<Outcome> {
  const { body, type = 'application/x-www-form-urlencoded', headers = {} } = typeof what === 'string' ? formOf(what) : what
  const count = () => (counts ? sessionsAt(server) : 0)
  const before = count()
  const stalls = watchStalls()
  const answer = await request(server.url)
    .post('/saml/acs')
    .set({ Cookie: cookie, 'Accept-Language': 'en', 'Content-Type': type, ...headers })
    .serialize((sent) => sent as unknown as string) // a form is sent as it is, whatever it is
    .send(body)
  const { longestMs: stalledMs } = stalls.stop()
  return { ...outcomeOf(answer), sessions: count() - before, stalledMs }
}

const formOf = (xml: string): Exclude<Post, string> => ({ body: new URLSearchParams({ SAMLResponse: encode(xml) }).toString() })

export function outcomeOf(answer: request.Response): Omit<Outcome, 'sessions' | 'stalledMs'> {
  const code = /SLASH_\w+/.exec(answer.text)?.[0] as SlashCode | undefined
  const failed = failedChecks(answer.text)
  const sessionCookie = cookiesOf(answer)
    .find((cookie) => /^(__Host-)?kagami=[^;]/.test(cookie))
    ?.split(';')[0]
  const said = code === undefined && answer.status === 303 ? 'signed in' : [code, ...failed].join(' ')
  return { status: answer.status, said, failed, location: answer.headers['location'], sessionCookie, page: answer.text }
}

export const cookiesOf = (answer: request.Response) => (answer.headers['set-cookie'] ?? []) as unknown as readonly string[]

export const sessionsAt = (server: TestServer) => server.rows('kagami', 'access_session').length

const checks: ReadonlyMap<string, SamlVerdictName> = new Map(
  samlVerdictNames.map((name) => [samlVerdictTexts[name].check.en, name]),
)

/** By the words on the page, which an administrator reads. */
function failedChecks(page: string): readonly string[] {
  const rows = [...page.matchAll(/<td>\s*([^<]*?)\s*(?:<br \/>[^]*?)?<\/td>\s*<td class="(\w+)">/g)]
  return rows.flatMap(([, text, result]) => (result === 'failed' ? (checks.get(text!) ?? text!) : []))
}
