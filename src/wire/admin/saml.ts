import { z } from 'zod'
import type { SamlIdp } from '../../domain/access/saml'
import {
  defaultSamlOptions,
  maxClockSkewSeconds,
  maxIdpCertificates,
  type SamlDraft,
  type SamlJit,
  type SamlOptions,
  type SamlState,
} from '../../domain/access/saml-settings'
import type { SamlSignIn } from '../../domain/access/saml-trace'
import type { SpKey } from '../../domain/access/sp-key'
import type { Instant } from '../../domain/brand'
import { certificateFacts, parseCertificates } from '../saml/certificates'
import { InvalidSamlIdp } from '../saml/invalid-saml-idp'
import { parseSamlIdp } from '../saml/parse-saml-idp'
import type { SamlSp } from '../saml/service-provider'
import { warnOfIdp } from '../saml/warn-certificates'
import { webUrl } from '../saml/web-url'
import { InvalidInput } from './parse-input'

const yesNo = z.boolean('Send true or false.')
const text = (most: number) => z.string('Send a text.').min(1, 'Send a text.').max(most, `Send at most ${most} characters.`)
const skew = `Send a whole number of seconds from 0 to ${maxClockSkewSeconds}.`
const certificates = `Send a list of 1 to ${maxIdpCertificates} certificates.`
const attribute = (what: string) =>
  text(255).nullable().describe(`Name of the attribute that gives the ${what}; null: none`).exactOptional()

const idp = z
  .strictObject(
    {
      metadata: text(1024 * 1024)
        .describe('The metadata XML of the identity provider, instead of the values below but logoutUrl')
        .exactOptional(),
      ssoUrl: text(2000).describe('Where AuthnRequests go by HTTP-Redirect').exactOptional(),
      certificates: z
        .array(text(20_000), certificates)
        .min(1, certificates)
        .max(maxIdpCertificates, certificates)
        .describe('X.509 (RSA of 2048 bits or more, DSA, EC), PEM or base64; two while they are rolled over')
        .exactOptional(),
      entityId: text(1024).nullable().describe('Checked only when it is set').exactOptional(),
      logoutUrl: text(2000).nullable().describe('Where a browser goes after signing out').exactOptional(),
    },
    'Send a JSON object with metadata, or with ssoUrl and certificates.',
  )
  .exactOptional()

const jit = z
  .strictObject(
    {
      enabled: yesNo.describe('Who signs in and is not in the directory is made').exactOptional(),
      displayName: attribute('display name'),
      email: attribute('mail address'),
      familyName: attribute('family name'),
      givenName: attribute('given name'),
    },
    'Send a JSON object with enabled and names of attributes.',
  )
  .exactOptional()

/** What `PUT` and `PATCH /saml` take: PUT begins with nothing and the defaults, PATCH with the draft as it is. */
export const samlChange = z.strictObject({
  idp,
  clockSkewSeconds: z
    .int(skew)
    .min(0, skew)
    .max(maxClockSkewSeconds, skew)
    .describe("How far the identity provider's clock may be from ours; 60 at first")
    .exactOptional(),
  allowSha1: yesNo.describe('Take signatures and digests by SHA-1; false at first').exactOptional(),
  signAuthnRequests: yesNo.describe('Sign AuthnRequests with the current SP key; false at first').exactOptional(),
  forceAuthn: yesNo.describe('Ask the identity provider to authenticate anew; false at first').exactOptional(),
  requestedAuthnContext: z
    .array(text(255), 'Send a list of AuthnContext class URIs, [] for none.')
    .describe('AuthnContext classes of which a sign-in must have one; [] at first: any')
    .exactOptional(),
  jit,
  passwordSignIn: z
    .enum(['administrators', 'everyone'], 'Send administrators or everyone.')
    .describe('Who may sign in with the local password at /login?saml=off while SAML is on; administrators at first')
    .exactOptional(),
})
export type SamlChange = z.output<typeof samlChange>

export const samlEnabling = z.strictObject({
  force: yesNo.describe('Enable settings that no test sign-in has tried; needs a reason').exactOptional(),
  reason: text(500).describe('Why; it stands in the audit log').exactOptional(),
})

export const emptySamlDraft: SamlDraft = { options: defaultSamlOptions }

/**
 * What a change makes of a draft. Certificates and metadata are read now, the draft is looked at when it is applied.
 *
 * @throws InvalidInput, InvalidSamlIdp, both now and when it is applied
 */
export function samlChangeFrom({ idp, jit, ...options }: SamlChange, now: Instant): (draft: SamlDraft) => SamlDraft {
  const idpFrom = idp && idpChangeFrom(idp, now)
  return (draft) => {
    const changed = idpFrom ? idpFrom(draft.idp) : draft.idp
    return {
      ...(changed && { idp: changed }),
      options: { ...draft.options, ...options, jit: changeJit(draft.options.jit, jit) } satisfies SamlOptions,
    }
  }
}

type IdpChange = NonNullable<SamlChange['idp']>

function idpChangeFrom(change: IdpChange, now: Instant): (before: SamlIdp | undefined) => SamlIdp {
  const { metadata, ssoUrl, certificates, entityId } = change
  const logoutUrl = change.logoutUrl === null ? null : change.logoutUrl && webUrl(change.logoutUrl, 'sign-out URL')
  const withLogoutUrl = (idp: SamlIdp, before: SamlIdp | undefined): SamlIdp => {
    const kept = logoutUrl === undefined ? before?.logoutUrl : (logoutUrl ?? undefined)
    return { ...idp, ...(kept === undefined ? {} : { logoutUrl: kept }) }
  }
  if (metadata !== undefined) {
    if (ssoUrl !== undefined || certificates !== undefined || entityId !== undefined) {
      const detail = 'The metadata says ssoUrl, certificates and entityId as well. Send one form.'
      throw new InvalidInput([{ field: 'idp.metadata', detail }])
    }
    const idp = parseSamlIdp({ kind: 'metadata', xml: metadata }, now)
    return (before) => withLogoutUrl(idp, before)
  }
  const url = ssoUrl === undefined ? undefined : webUrl(ssoUrl, 'sign-on URL')
  const pems = certificates && distinct(certificates)
  return (before) => {
    const [nextUrl, nextPems] = [url ?? before?.ssoUrl, pems ?? before?.certificates]
    if (nextUrl === undefined || nextPems === undefined)
      throw new InvalidInput([{ field: 'idp', detail: 'Send metadata, or both ssoUrl and certificates.' }])
    const kept = entityId === undefined ? before?.entityId : (entityId ?? undefined)
    const idp = { ...(kept === undefined ? {} : { entityId: kept }), ssoUrl: nextUrl, certificates: nextPems }
    return withLogoutUrl(idp, before)
  }
}

/** A text may hold several, one after the other. */
function distinct(texts: readonly string[]): readonly string[] {
  const pems = [...new Set(texts.flatMap((text) => parseCertificates(text)))]
  if (pems.length <= maxIdpCertificates) return pems
  throw new InvalidSamlIdp(
    `There are ${pems.length} certificates. Give at most ${maxIdpCertificates}: the present one, and the next while they are rolled over`,
  )
}

function changeJit(before: SamlJit, change: SamlChange['jit']): SamlJit {
  if (!change) return before
  const name = (key: 'displayName' | 'email' | 'familyName' | 'givenName') => {
    const value = change[key] === undefined ? before[key] : (change[key] ?? undefined)
    return value === undefined ? {} : { [key]: value }
  }
  return {
    enabled: change.enabled ?? before.enabled,
    ...name('displayName'),
    ...name('email'),
    ...name('familyName'),
    ...name('givenName'),
  }
}

const time = (at: Instant) => new Date(at).toISOString()

/** What is known beside the settings themselves. */
export type SamlFacts = {
  readonly sp: SamlSp
  readonly locked: boolean
  readonly mayEnable: boolean
  /** The test sign-in that the draft has passed. */
  readonly tested: boolean
  readonly now: Instant
}

export function presentSaml({ enabled, source, active, draft, tested }: SamlState, facts: SamlFacts) {
  const { sp, locked, mayEnable, now } = facts
  const warned = [draft.idp, enabled ? active?.idp : undefined].flatMap((one) => (one ? warnOfIdp(one, now) : []))
  return {
    enabled,
    source,
    locked: locked ? ['idp'] : [],
    sp,
    active: active ? presentDraft(active, now) : null,
    draft: presentDraft(draft, now),
    test: facts.tested && tested ? { at: time(tested.at), nameId: tested.nameId } : null,
    mayEnable,
    warnings: [...new Map(warned.map(({ code, detail }) => [detail, { code, detail }])).values()],
  }
}

function presentDraft({ idp, options }: SamlDraft, now: Instant) {
  const { jit } = options
  return {
    idp: idp
      ? {
          entityId: idp.entityId ?? null,
          ssoUrl: idp.ssoUrl,
          logoutUrl: idp.logoutUrl ?? null,
          certificates: idp.certificates.map((pem) => presentCertificate(pem, now)),
          ...(idp.metadataValidUntil === undefined ? {} : { metadataValidUntil: time(idp.metadataValidUntil) }),
        }
      : null,
    ...options,
    jit: {
      enabled: jit.enabled,
      displayName: jit.displayName ?? null,
      email: jit.email ?? null,
      familyName: jit.familyName ?? null,
      givenName: jit.givenName ?? null,
    },
  }
}

export function presentCertificate(pem: string, now: Instant) {
  const { notBefore, notAfter, ...facts } = certificateFacts(pem)
  const state = notAfter <= now ? 'expired' : notBefore > now ? 'notYetValid' : 'valid'
  return { ...facts, notBefore: time(notBefore), notAfter: time(notAfter), state, pem }
}

/** Never with the private key. */
export const presentSpKey = ({ id, use, from, certificate, createdAt }: SpKey, now: Instant) => ({
  id,
  use,
  from,
  ...(createdAt === undefined ? {} : { createdAt: time(createdAt) }),
  certificate: presentCertificate(certificate, now),
})

export const presentSignIn = ({ id, at, requestId, address, code, test, nameId, verdicts, missed }: SamlSignIn) => ({
  id,
  at: time(at),
  requestId,
  address,
  nameId,
  result: code === undefined ? 'ok' : 'refused',
  code,
  test,
  failed: verdicts.flatMap(({ name, passed }) => (passed ? [] : name)),
  missed,
})

export const presentWholeSignIn = (signIn: SamlSignIn) => ({
  ...presentSignIn(signIn),
  verdicts: signIn.verdicts,
  xml: signIn.xml,
})
