import type { Actor } from '../../domain/access/actor'
import type { SamlIdp } from '../../domain/access/saml'
import { tokenHash } from '../../domain/access/token'
import { administratorsId } from '../../domain/directory/group'
import type { TokenId } from '../../domain/ids'
import type { MailServerDraft } from '../../domain/system/mail'
import type { Clock } from '../../ports/clock'
import type { Passwords } from '../../ports/passwords'
import type { Secrets } from '../../ports/secrets'
import type { Store } from '../../ports/store'
import { createAdministrator } from '../access/create-administrator'
import { createToken } from '../access/create-token'
import { bootstrapSamlIdp } from '../access/saml-settings'
import { bootstrapMailServer } from './mail-settings'

export type Bootstrap = {
  readonly scimToken?: string
  readonly adminLogin?: string
  readonly adminPassword?: string
  readonly samlIdp?: SamlIdp
  readonly mailServer?: MailServerDraft
}

type Deps = { readonly store: Store; readonly clock: Clock; readonly passwords: Passwords; readonly secrets: Secrets }

const actor: Actor = { kind: 'system', name: 'bootstrap' }

/**
 * What the environment sets up, at each start: never overwrites what an administrator changed.
 *
 * @returns the first administrator's one-time password, when one was made just now
 */
export async function bootstrap(
  deps: Deps,
  wanted: Bootstrap,
  node: string,
): Promise<{ readonly loginName: string; readonly password: string } | undefined> {
  // nodes that start together set up one after the other; one that died while it did holds them up until its lease ends
  while (!(await deps.store.transact((tx) => tx.leases.take('bootstrap', node, leaseMs)))) {
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  try {
    return await setUp(deps, wanted)
  } finally {
    await deps.store.transact((tx) => tx.leases.release('bootstrap', node))
  }
}

const leaseMs = 5_000

async function setUp(
  deps: Deps,
  wanted: Bootstrap,
): Promise<{ readonly loginName: string; readonly password: string } | undefined> {
  if (wanted.scimToken !== undefined) await bootstrapToken(deps, wanted.scimToken)
  if (wanted.samlIdp) await bootstrapSamlIdp(deps, wanted.samlIdp)
  if (wanted.mailServer) await bootstrapMailServer(deps, actor, wanted.mailServer)
  if ((await deps.store.read.groups.countMembers(administratorsId)) > 0) return undefined
  const made = await createAdministrator(deps, actor, wanted.adminLogin ?? 'Administrator', wanted.adminPassword)
  return wanted.adminPassword === undefined ? made : undefined
}

const tokenSetting = 'bootstrap.scimToken'

/**
 * The token of the environment lives under the client `bootstrap`; one that it replaces is revoked. One that was revoked stays so, also
 * when nothing is left of it.
 */
async function bootstrapToken(deps: { readonly store: Store; readonly clock: Clock }, token: string): Promise<void> {
  const hash = tokenHash(token)
  const setting = await deps.store.read.settings.find(tokenSetting)
  // before 0.2.0 the setting was the id alone
  const earlier = (typeof setting === 'string' ? { id: setting } : setting) as SetToken | undefined
  if (earlier?.hash === hash) return
  const known = await deps.store.read.clients.findToken({ hash })
  if (known) {
    const { id } = known.token
    if (earlier?.id === id) await deps.store.transact((tx) => tx.settings.set(tokenSetting, { id, hash } satisfies SetToken))
    return
  }
  const { row } = await createToken(
    deps,
    actor,
    { client: 'bootstrap', scopes: ['users:read', 'users:write', 'groups:read', 'groups:write'] },
    token,
  )
  await deps.store.transact(async (tx) => {
    if (earlier) await tx.clients.revokeToken(earlier.id, deps.clock.now())
    await tx.settings.set(tokenSetting, { id: row.id, hash } satisfies SetToken)
  })
}

type SetToken = { readonly id: TokenId; readonly hash?: string }
