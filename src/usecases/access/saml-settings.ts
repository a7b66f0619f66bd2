import { createHash } from 'node:crypto'
import type { Actor } from '../../domain/access/actor'
import type { SamlIdp } from '../../domain/access/saml'
import { noSamlState, type SamlDraft, type SamlSettings, type SamlState } from '../../domain/access/saml-settings'
import type { Version } from '../../domain/brand'
import type { Store, Tx } from '../../ports/store'
import type { SystemReads } from '../../ports/store/system'

const key = 'saml'

/** What is in force; undefined while SAML is off. */
export async function findSaml(deps: { readonly store: Store }): Promise<SamlSettings | undefined> {
  const { enabled, active } = await readSamlState(deps.store.read.settings)
  return enabled ? active : undefined
}

/** The identity provider that people sign in by; undefined while SAML is off. */
export async function findSamlIdp(deps: { readonly store: Store }): Promise<SamlIdp | undefined> {
  return (await findSaml(deps))?.idp
}

export async function readSamlState(settings: SystemReads['settings']): Promise<SamlState> {
  return ((await settings.find(key)) as SamlState | undefined) ?? noSamlState
}

/** For a change: nobody else changes it meanwhile. */
export const lockSamlState = async (tx: Tx): Promise<SamlState> =>
  ((await tx.settings.findForUpdate(key)) as SamlState | undefined) ?? noSamlState

/** Writes what has changed, with its line in the audit log. @returns it, at its new version */
export async function writeSamlState(tx: Tx, actor: Actor, state: SamlState, detail: Readonly<Record<string, unknown>>) {
  const changed: SamlState = { ...state, version: (state.version + 1) as Version }
  await tx.settings.set(key, changed)
  await tx.record({
    actor,
    action: 'configure security settings',
    object: { kind: 'setting', id: key, label: 'SAML' },
    detail,
  })
  return changed
}

/** Notes a test sign-in. It changes no setting, so there is neither a new version nor a line. */
export const writeSamlTested = (tx: Tx, state: SamlState) => tx.settings.set(key, state)

/** Settings that are the same have the same. */
export const samlFingerprint = (settings: SamlDraft): string =>
  createHash('sha256')
    .update(JSON.stringify(ordered(settings)))
    .digest('base64url')

/** MySQL gives the members of a JSON column back in an order of its own. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, ordered(member)]),
  )
}

/** Takes the environment's identity provider over and puts it in force, unless an administrator chose one. */
export async function bootstrapSamlIdp(deps: { readonly store: Store }, idp: SamlIdp): Promise<void> {
  await deps.store.transact(async (tx) => {
    const state = await lockSamlState(tx)
    const { source, active, draft } = state
    const isSame = (known: SamlIdp | undefined) => known !== undefined && same(known, idp)
    if (draft.idp && (source === 'administrator' || (isSame(draft.idp) && isSame(active?.idp)))) return
    const { tested: _tested, ...kept } = state
    await writeSamlState(
      tx,
      { kind: 'system', name: 'bootstrap' },
      {
        ...kept,
        source: 'environment',
        enabled: true,
        active: { idp, options: active?.options ?? draft.options },
        draft: { idp, options: draft.options },
      },
      { ssoUrl: idp.ssoUrl, certificates: idp.certificates.length },
    )
  })
}

export const same = (a: object, b: object) => JSON.stringify(ordered(a)) === JSON.stringify(ordered(b))
