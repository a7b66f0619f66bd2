import { randomBytes } from 'node:crypto'
import type { Actor } from '../../domain/access/actor'
import type { SamlSettings } from '../../domain/access/saml-settings'
import type { Instant } from '../../domain/brand'
import { DomainError } from '../../domain/errors'
import type { Clock } from '../../ports/clock'
import type { Secrets } from '../../ports/secrets'
import type { Store } from '../../ports/store'
import { requireScope } from '../directory/authority'
import { lockSamlState, readSamlState, samlFingerprint, writeSamlTested } from './saml-settings'

type Deps = { readonly store: Store; readonly clock: Clock; readonly secrets: Secrets }

/** How long the URL of a test works. */
export const samlTestMs = 10 * 60_000

const purpose = 'SAML test sign-in'

type Ticket = { readonly id: string; readonly fingerprint: string; readonly expiresAt: Instant }

/**
 * Leave to try the draft as it is now, once, within ten minutes: the token of `/saml/login?test=TOKEN`, to be opened in any browser.
 * Nothing is written.
 *
 * @throws DomainError notAllowed, samlNotConfigured
 */
export async function startSamlTest(deps: Deps, actor: Actor): Promise<{ readonly token: string; readonly expiresAt: Instant }> {
  requireScope(actor, 'admin')
  const { draft } = await readSamlState(deps.store.read.settings)
  if (!draft.idp) {
    throw new DomainError(
      'samlNotConfigured',
      'There is no identity provider to try. Set one first: kagami saml set --metadata FILE, or PUT /api/v1/saml.',
    )
  }
  const expiresAt = deps.clock.now() + samlTestMs
  const ticket: Ticket = { id: randomBytes(16).toString('base64url'), fingerprint: samlFingerprint(draft), expiresAt }
  return { token: deps.secrets.seal(purpose, JSON.stringify(ticket)), expiresAt }
}

/** What is tried by this token, the first time it comes; undefined afterwards, too late, or when the draft was changed meanwhile. */
export async function takeSamlTest(
  deps: Deps,
  token: string,
): Promise<{ readonly settings: SamlSettings; readonly fingerprint: string } | undefined> {
  const opened = deps.secrets.open(purpose, token)
  if (opened === undefined) return undefined
  const { id, fingerprint, expiresAt } = JSON.parse(opened) as Ticket
  const settings = await findTestedDraft(deps, fingerprint)
  if (!settings || expiresAt <= deps.clock.now()) return undefined
  const isFirst = await deps.store.transact((tx) => tx.consumed.take('samlTest', id, expiresAt))
  return isFirst ? { settings, fingerprint } : undefined
}

/** The draft, while it still is the one that was meant. */
export async function findTestedDraft(deps: { readonly store: Store }, fingerprint: string): Promise<SamlSettings | undefined> {
  const { idp, options } = (await readSamlState(deps.store.read.settings)).draft
  return idp && samlFingerprint({ idp, options }) === fingerprint ? { idp, options } : undefined
}

/** The draft of this fingerprint works: it may be enabled. @returns false when it was changed meanwhile */
export async function passSamlTest(
  deps: { readonly store: Store; readonly clock: Clock },
  fingerprint: string,
  nameId: string,
): Promise<boolean> {
  return deps.store.transact(async (tx) => {
    const state = await lockSamlState(tx)
    if (samlFingerprint(state.draft) !== fingerprint) return false
    await writeSamlTested(tx, { ...state, tested: { fingerprint, at: deps.clock.now(), nameId } })
    return true
  })
}
