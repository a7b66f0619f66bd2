import type { Actor } from '../../domain/access/actor'
import {
  checkSettings,
  completeSettings,
  firstSignInSettings,
  type KeptSignInSettings,
  type Profile,
  type SignInSettings,
  type WantedSettings,
} from '../../domain/access/sign-in-settings'
import type { Instant, Version } from '../../domain/brand'
import { checkVersion } from '../../domain/directory/check-version'
import type { Clock } from '../../ports/clock'
import type { Reader, Store, Tx } from '../../ports/store'
import { requireScope } from '../directory/authority'

const key = 'signIn'

/** The settings of the sign-in by password (S10–S14), those that hold on every node. */
export async function findSignInSettings(read: Pick<Reader, 'settings'>): Promise<KeptSignInSettings> {
  return parseKept(await read.settings.find(key))
}

/** @throws DomainError notAllowed */
export async function showSignInSettings(deps: { readonly store: Store }, actor: Actor): Promise<KeptSignInSettings> {
  requireScope(actor, 'admin')
  return findSignInSettings(deps.store.read)
}

/**
 * Sets all of them: what is not named is as the profile says. They hold for the next request on every node, also for sessions that
 * began before.
 *
 * @param want what is wanted, from what is there now
 * @param ifVersions refuses the change unless the settings are at one of them (If-Match)
 * @returns the settings as they are now; the version is raised only when something really changed
 * @throws DomainError notAllowed, versionMismatch, invalidAttribute
 */
export async function changeSignInSettings(
  deps: { readonly store: Store; readonly clock: Clock },
  actor: Actor,
  want: (kept: KeptSignInSettings) => WantedSettings,
  ifVersions?: readonly Version[],
): Promise<KeptSignInSettings> {
  requireScope(actor, 'admin')
  return deps.store.transact(async (tx) => {
    const kept = parseKept(await tx.settings.findForUpdate(key))
    checkVersion('setting', kept.version, ifVersions)
    const { profile, settings: named } = want(kept)
    const settings = completeSettings(profile, named)
    checkSettings(settings)
    const changes = changesOf(kept, profile, settings)
    if (Object.keys(changes).length === 0) return kept
    const changed: KeptSignInSettings = {
      version: (kept.version + 1) as Version,
      profile,
      settings,
      changeTemporarySince: changeTemporarySince(kept, settings, deps.clock.now()),
    }
    await tx.settings.set(key, changed)
    await recordChange(tx, actor, changes)
    return changed
  })
}

/** Settings that a later version knows have the profile's values until somebody sets them. */
function parseKept(value: unknown): KeptSignInSettings {
  const kept = value as KeptSignInSettings | undefined
  return kept ? { ...kept, settings: completeSettings(kept.profile, kept.settings) } : firstSignInSettings
}

function changeTemporarySince(kept: KeptSignInSettings, settings: SignInSettings, now: Instant): Instant {
  const isSwitchedOn = settings.password.changeTemporary && !kept.settings.password.changeTemporary
  return isSwitchedOn ? now : kept.changeTemporarySince
}

type Changes = Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>>

/** For the audit log: which settings differ, from and to. */
function changesOf(kept: KeptSignInSettings, profile: Profile, settings: SignInSettings): Changes {
  const [from, to] = [
    { profile: kept.profile, ...flat(kept.settings) },
    { profile, ...flat(settings) },
  ] as readonly Readonly<Record<string, unknown>>[]
  return Object.fromEntries(
    Object.keys(to!)
      .filter((name) => JSON.stringify(from![name]) !== JSON.stringify(to![name]))
      .map((name) => [name, { from: from![name], to: to![name] }]),
  )
}

const flat = (settings: SignInSettings): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(settings).flatMap(([part, values]) =>
      Object.entries(values).map(([name, value]) => [`${part}.${name}`, value]),
    ),
  )

const recordChange = (tx: Tx, actor: Actor, changes: Changes): Promise<void> =>
  tx.record({
    actor,
    action: 'configure security settings',
    object: { kind: 'setting', id: key, label: 'Sign-in' },
    detail: { changes },
  })
