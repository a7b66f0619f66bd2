import type { Actor } from '../../domain/access/actor'
import { currentSpKey, type SpKey, type SpKeys, type SpKeyUse } from '../../domain/access/sp-key'
import type { Instant } from '../../domain/brand'
import { DomainError } from '../../domain/errors'
import { newUuid, type Clock } from '../../ports/clock'
import type { Secrets } from '../../ports/secrets'
import type { SpKeyMaker } from '../../ports/sp-key-maker'
import type { Store, Tx } from '../../ports/store'
import { requireScope } from '../directory/authority'

export type SpKeyDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly secrets: Secrets
  readonly spKeyMaker: SpKeyMaker
  readonly saml: {
    /** The base URL of the installation. */
    readonly entityId: string
    /** Brought as files; while there are any, those that we made only open what was encrypted for them. */
    readonly broughtKeys: SpKeys
  }
}

const setting = 'saml.spKeys'
const purpose = 'SAML SP key'

/** A key as it is kept: the private one sealed. */
type KeptKey = {
  readonly id: string
  readonly use: SpKeyUse
  readonly certificate: string
  readonly sealed: string
  readonly createdAt: Instant
}

/** Every key pair that there is; none before the first was needed. One that the secret key no longer opens is as if it were not. */
export async function readSpKeys(deps: Pick<SpKeyDeps, 'store' | 'secrets' | 'saml'>): Promise<SpKeys> {
  const { broughtKeys } = deps.saml
  const made = opened(deps.secrets, (await deps.store.read.settings.find(setting)) as readonly KeptKey[] | undefined)
  return broughtKeys.length === 0 ? made : [...broughtKeys, ...made.map((key) => ({ ...key, use: 'previous' as const }))]
}

/** The same, and there is a current one: it is made when there is none. */
export async function ensureSpKeys(deps: SpKeyDeps): Promise<SpKeys> {
  const keys = await readSpKeys(deps)
  if (currentSpKey(keys)) return keys
  const fresh = await makeKey(deps, 'current')
  await deps.store.transact(async (tx) => {
    const kept = await lockKeys(tx)
    if (currentSpKey(opened(deps.secrets, kept))) return // another was faster
    await writeKeys(tx, { kind: 'system', name: 'SAML' }, [fresh, ...kept.filter(({ use }) => use !== 'current')], {
      spKey: 'made',
      id: fresh.id,
    })
  })
  return readSpKeys(deps)
}

/** @throws DomainError notAllowed */
export async function showSpKeys(deps: SpKeyDeps, actor: Actor): Promise<SpKeys> {
  requireScope(actor, 'admin')
  return ensureSpKeys(deps)
}

/** Publishes a next key beside the current one. It signs nothing yet. @throws DomainError notAllowed, spKeyState */
export async function addNextSpKey(deps: SpKeyDeps, actor: Actor): Promise<SpKeys> {
  requireScope(actor, 'admin')
  refuseFiles(deps)
  await ensureSpKeys(deps)
  const next = await makeKey(deps, 'next')
  return change(deps, actor, { spKey: 'next', id: next.id }, (keys) => {
    if (keys.some(({ use }) => use === 'next'))
      refuse('There is a next key already. Promote it first: kagami saml key promote, or POST /api/v1/saml/keys/promote.')
    return [...keys, next]
  })
}

/**
 * The next key signs from now on and is the current one; the one before still opens what was encrypted for it until it is retired.
 *
 * @throws DomainError notAllowed, spKeyState
 */
export async function promoteSpKey(deps: SpKeyDeps, actor: Actor): Promise<SpKeys> {
  requireScope(actor, 'admin')
  refuseFiles(deps)
  return change(deps, actor, { spKey: 'promoted' }, (keys) => {
    if (!keys.some(({ use }) => use === 'next'))
      refuse('There is no next key. Publish one first: kagami saml key next, or POST /api/v1/saml/keys/next.')
    const uses: Readonly<Record<SpKeyUse, SpKeyUse>> = { current: 'previous', next: 'current', previous: 'previous' }
    return keys.map((key) => ({ ...key, use: uses[key.use] }))
  })
}

/** Forgets previous keys: what was encrypted for them cannot be opened any more. @throws DomainError notAllowed, spKeyState */
export async function retireSpKeys(deps: SpKeyDeps, actor: Actor): Promise<SpKeys> {
  requireScope(actor, 'admin')
  const brought = deps.saml.broughtKeys.length > 0
  return change(deps, actor, { spKey: 'retired' }, (keys) => {
    const kept = brought ? [] : keys.filter(({ use }) => use !== 'previous')
    if (kept.length === keys.length)
      refuse('There is no previous key of ours to retire. Promote the next one first; files are retired by taking them away.')
    return kept
  })
}

async function change(
  deps: SpKeyDeps,
  actor: Actor,
  detail: Readonly<Record<string, unknown>>,
  plan: (keys: readonly KeptKey[]) => readonly KeptKey[],
): Promise<SpKeys> {
  await deps.store.transact(async (tx) => writeKeys(tx, actor, plan(await lockKeys(tx)), detail))
  return readSpKeys(deps)
}

const lockKeys = async (tx: Tx) => ((await tx.settings.findForUpdate(setting)) as readonly KeptKey[] | undefined) ?? []

async function writeKeys(
  tx: Tx,
  actor: Actor,
  keys: readonly KeptKey[],
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  await tx.settings.set(setting, keys)
  await tx.record({
    actor,
    action: 'configure security settings',
    object: { kind: 'setting', id: setting, label: 'SAML' },
    detail,
  })
}

async function makeKey(deps: SpKeyDeps, use: SpKeyUse): Promise<KeptKey> {
  const now = deps.clock.now()
  const { certificate, privateKey } = await deps.spKeyMaker.make(deps.saml.entityId, now)
  return { id: newUuid(now), use, certificate, sealed: deps.secrets.seal(purpose, privateKey), createdAt: now }
}

function opened(secrets: Secrets, kept: readonly KeptKey[] | undefined): readonly SpKey[] {
  return (kept ?? []).flatMap(({ sealed, ...key }) => {
    const privateKey = secrets.open(purpose, sealed)
    return privateKey === undefined ? [] : { ...key, privateKey, from: 'database' as const }
  })
}

function refuseFiles({ saml }: SpKeyDeps): void {
  if (saml.broughtKeys.length > 0)
    refuse(
      'The key comes from sp.key in KAGAMI_CERTS_DIR. Roll it over there: bring sp-next.key and sp-next.crt; later rename sp.* to sp-previous.* and sp-next.* to sp.*, and start again each time.',
    )
}

function refuse(detail: string): never {
  throw new DomainError('spKeyState', detail)
}
