import { createHash } from 'node:crypto'
import type { Actor } from '../../domain/access/actor'
import { checkSamlOptions, type SamlDraft, type SamlState } from '../../domain/access/saml-settings'
import type { SamlIdp } from '../../domain/access/saml'
import type { Version } from '../../domain/brand'
import { checkVersion } from '../../domain/directory/check-version'
import { DomainError } from '../../domain/errors'
import type { Store } from '../../ports/store'
import { requireScope } from '../directory/authority'
import { lockSamlState, readSamlState, same, samlFingerprint, writeSamlState } from './saml-settings'

/** `locked`: the environment names an identity provider, which therefore cannot be changed here. */
export type SamlSettingsDeps = { readonly store: Store; readonly saml: { readonly locked: boolean } }

/** Everything about the settings. @throws DomainError notAllowed */
export async function showSaml(deps: { readonly store: Store }, actor: Actor): Promise<SamlState> {
  requireScope(actor, 'admin')
  return readSamlState(deps.store.read.settings)
}

/**
 * Changes the draft; what is in force stays until the draft was tried and is enabled.
 *
 * @param change a pure function of the draft as it is
 * @param ifVersions refuses the change unless the settings are at one of them (If-Match)
 * @returns the settings as they are now; the version is raised only when something really changed
 * @throws DomainError notAllowed, versionMismatch, invalidAttribute, samlLocked
 */
export async function changeSamlDraft(
  deps: SamlSettingsDeps,
  actor: Actor,
  change: (draft: SamlDraft) => SamlDraft,
  ifVersions?: readonly Version[],
): Promise<SamlState> {
  requireScope(actor, 'admin')
  return deps.store.transact(async (tx) => {
    const state = await lockSamlState(tx)
    checkVersion('setting', state.version, ifVersions)
    const draft = change(state.draft)
    checkSamlOptions(draft.options)
    if (same(draft, state.draft)) return state
    const { source } = state
    const idpChanged = !same(draft.idp ?? {}, state.draft.idp ?? {})
    if (idpChanged && isLocked(deps, state)) {
      throw new DomainError(
        'samlLocked',
        'The identity provider is set by KAGAMI_SAML_… in the environment. Change it there and start again, or take the variables away.',
      )
    }
    return writeSamlState(
      tx,
      actor,
      { ...state, draft, source: idpChanged ? 'administrator' : source },
      { draft: draftChanges(state.draft, draft) },
    )
  })
}

/** What the environment sets cannot be set here. */
export const isLocked = (deps: SamlSettingsDeps, { source }: SamlState) => deps.saml.locked && source === 'environment'

/**
 * Puts the draft in force. It must have been tried: a test sign-in with exactly these settings, or it is what was in force before.
 *
 * @param force enables what was not tried, for a reason that stands in the audit log
 * @throws DomainError notAllowed, versionMismatch, samlNotConfigured, samlNotTested, invalidAttribute
 */
export async function enableSaml(
  deps: { readonly store: Store },
  actor: Actor,
  { force, ifVersions }: { readonly force?: { readonly reason: string }; readonly ifVersions?: readonly Version[] } = {},
): Promise<SamlState> {
  requireScope(actor, 'admin')
  const reason = force?.reason.trim()
  if (reason !== undefined && (reason === '' || reason.length > 500))
    throw new DomainError('invalidAttribute', 'Say in 1 to 500 characters why the settings are enabled without a test.')
  return deps.store.transact(async (tx) => {
    const state = await lockSamlState(tx)
    checkVersion('setting', state.version, ifVersions)
    const { draft, active, enabled } = state
    const { idp, options } = draft
    if (!idp) {
      throw new DomainError(
        'samlNotConfigured',
        'There is no identity provider yet. Set one first: kagami saml set --metadata FILE, or PUT /api/v1/saml.',
      )
    }
    if (enabled && active && same(active, draft)) return state
    if (reason === undefined && !mayEnable(state)) {
      throw new DomainError(
        'samlNotTested',
        'These settings were not tried yet, or were changed after the test. Sign in once with them: kagami saml test, or POST /api/v1/saml/test. If that is not possible, enable them with force and a reason.',
      )
    }
    const detail = { enabled: true, ...summary(idp), ...(reason !== undefined && { untested: reason }) }
    return writeSamlState(tx, actor, { ...state, enabled: true, active: { idp, options } }, detail)
  })
}

/** A test sign-in with the draft as it is has succeeded. */
export const isTested = ({ draft, tested }: SamlState) => tested?.fingerprint === samlFingerprint(draft)

/** The draft was tried, or is what is or was in force. */
export const mayEnable = (state: SamlState): boolean =>
  state.draft.idp !== undefined && (isTested(state) || (state.active !== undefined && same(state.active, state.draft)))

/** From now on people sign in with the local password alone; the settings are kept. @throws DomainError notAllowed, versionMismatch */
export async function disableSaml(
  deps: { readonly store: Store },
  actor: Actor,
  ifVersions?: readonly Version[],
): Promise<SamlState> {
  requireScope(actor, 'admin')
  return deps.store.transact(async (tx) => {
    const state = await lockSamlState(tx)
    checkVersion('setting', state.version, ifVersions)
    return state.enabled ? writeSamlState(tx, actor, { ...state, enabled: false }, { enabled: false }) : state
  })
}

const summary = ({ ssoUrl, entityId, certificates }: SamlIdp) => ({
  ssoUrl,
  ...(entityId !== undefined && { entityId }),
  certificates: certificates.length,
})

/** For the audit log: which settings differ, from and to; certificates are counted. */
function draftChanges(before: SamlDraft, after: SamlDraft): Readonly<Record<string, unknown>> {
  const [from, to] = [flat(before), flat(after)]
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])]
  const changed = names.filter((name) => JSON.stringify(from[name]) !== JSON.stringify(to[name]))
  return Object.fromEntries(changed.map((name) => [name, { from: from[name] ?? null, to: to[name] ?? null }]))
}

function flat({ idp, options }: SamlDraft): Readonly<Record<string, unknown>> {
  const { certificates = [], ...rest }: Partial<SamlIdp> = idp ?? {}
  return { ...rest, ...options, certificates: certificates.map(sha256Of) }
}

/** As tools show the fingerprint of a certificate. */
const sha256Of = (pem: string) =>
  createHash('sha256')
    .update(Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64'))
    .digest('hex')
