import { isDeepStrictEqual } from 'node:util'
import type { Actor } from '../../domain/access/actor'
import type { Version } from '../../domain/brand'
import { checkVersion } from '../../domain/directory/check-version'
import { DomainError } from '../../domain/errors'
import {
  checkCaCertificate,
  checkMailAccount,
  checkMailPort,
  describeServer,
  parseMailHost,
  usualPorts,
  type MailServer,
  type MailServerDraft,
  type MailSettings,
} from '../../domain/system/mail'
import { parseMailAddress } from '../../domain/system/mail-address'
import type { Clock } from '../../ports/clock'
import type { Secrets } from '../../ports/secrets'
import type { Store, Tx } from '../../ports/store'
import { requireScope } from '../directory/authority'

const key = 'mail.server'
const purpose = 'SMTP password'

type Deps = { readonly store: Store; readonly clock: Clock; readonly secrets: Secrets }
type Stored = Omit<MailSettings, 'server'> & {
  readonly server?: NonNullable<MailSettings['server']> & { readonly sealedPassword?: string }
}

/** The server that system mail goes out by, with its password; undefined while none is set. */
export async function findMailServer(deps: Pick<Deps, 'store' | 'secrets'>): Promise<MailServer | undefined> {
  const { server } = stored(await deps.store.read.settings.find(key))
  if (!server) return undefined
  const { account: name, sealedPassword, ...rest } = server
  const password = sealedPassword === undefined ? undefined : deps.secrets.open(purpose, sealedPassword)
  return { ...rest, ...(name === undefined ? {} : { account: { name, password: password ?? '' } }) }
}

/** Can mail be sent at all? What needs it is offered only then. */
export async function hasMailServer(deps: Pick<Deps, 'store'>): Promise<boolean> {
  return stored(await deps.store.read.settings.find(key)).server !== undefined
}

/** @throws DomainError notAllowed */
export async function getMailSettings(deps: Pick<Deps, 'store'>, actor: Actor): Promise<MailSettings> {
  requireScope(actor, 'admin')
  return shown(stored(await deps.store.read.settings.find(key)))
}

/**
 * Sets the server and the sender (S50), or nobody's: then no system mail is sent. What waits is tried at once by the new ones.
 *
 * @throws DomainError notAllowed, invalidAttribute, versionMismatch
 */
export async function changeMailSettings(
  deps: Deps,
  actor: Actor,
  draft: MailServerDraft | undefined,
  ifVersions?: readonly Version[],
): Promise<MailSettings> {
  requireScope(actor, 'admin')
  const wanted = draft && parseDraft(draft)
  return deps.store.transact(async (tx) => {
    const before = stored(await tx.settings.findForUpdate(key))
    checkVersion('setting', before.version, ifVersions)
    return shown(await write(deps, tx, actor, before, wanted && sealPassword(deps.secrets, wanted, before), 'administrator'))
  })
}

/** Takes the environment's server over, unless an administrator chose one. @throws DomainError invalidAttribute */
export async function bootstrapMailServer(deps: Deps, actor: Actor, draft: MailServerDraft): Promise<void> {
  const wanted = parseDraft(draft)
  await deps.store.transact(async (tx) => {
    const before = stored(await tx.settings.findForUpdate(key))
    if (before.source === 'administrator' || isSame(deps.secrets, wanted, before)) return
    await write(deps, tx, actor, before, sealPassword(deps.secrets, wanted, before), 'environment')
  })
}

const stored = (value: unknown): Stored => (value as Stored | undefined) ?? { version: 0 as Version }

function shown({ server, ...rest }: Stored): MailSettings {
  if (!server) return rest
  const { sealedPassword: _, ...visible } = server
  return { ...rest, server: visible }
}

async function write(
  deps: Deps,
  tx: Tx,
  actor: Actor,
  before: Stored,
  server: Stored['server'],
  source: 'environment' | 'administrator',
): Promise<Stored> {
  const after: Stored = {
    ...(server ? { server } : {}),
    version: (before.version + 1) as Version,
    source,
    changedAt: deps.clock.now(),
  }
  await tx.settings.set(key, after)
  await tx.mails.retryAll()
  await tx.record({
    actor,
    action: 'configure system mail account',
    object: { kind: 'setting', id: key, label: server?.sender ?? 'off' },
    ...(server ? { detail: { sender: server.sender, server: nameOf(server) } } : {}),
  })
  return after
}

const nameOf = ({ account, ...server }: NonNullable<Stored['server']>) =>
  describeServer({ ...server, ...(account === undefined ? {} : { account: { name: account, password: '' } }) })

type Parsed = Omit<MailServerDraft, 'sender'> & Pick<MailServer, 'port' | 'security' | 'sender'>

/** @throws DomainError invalidAttribute */
function parseDraft({ host, port, security = 'starttls', account, sender, caCertificate }: MailServerDraft): Parsed {
  if (account) checkMailAccount({ password: 'known', ...account })
  return {
    host: parseMailHost(host),
    port: checkMailPort(port ?? usualPorts[security]),
    security,
    sender: parseMailAddress(sender),
    ...(account === undefined ? {} : { account }),
    ...(caCertificate === undefined ? {} : { caCertificate: checkCaCertificate(caCertificate) }),
  }
}

/** A known password is kept for the same account of the same server alone, so that it is never sent to another one. */
function sealPassword(
  secrets: Secrets,
  { account, ...server }: Parsed,
  { server: known }: Stored,
): NonNullable<Stored['server']> {
  if (!account) return server
  const { name, password } = account
  if (password !== undefined) return { ...server, account: name, sealedPassword: secrets.seal(purpose, password) }
  const isKnown = known?.account === name && known.host === server.host && known.port === server.port
  if (isKnown && known.sealedPassword !== undefined && known.security === server.security) {
    return { ...server, account: name, sealedPassword: known.sealedPassword }
  }
  const mend = 'The password of the account is not known for this server, port and encryption. Give it as well.'
  throw new DomainError('invalidAttribute', mend)
}

function isSame(secrets: Secrets, { account, ...wanted }: Parsed, { server: known }: Stored): boolean {
  if (!known) return false
  const { account: name, sealedPassword, ...rest } = known
  const password = sealedPassword === undefined ? undefined : secrets.open(purpose, sealedPassword)
  return isDeepStrictEqual({ ...wanted, name: account?.name, password: account?.password }, { ...rest, name, password })
}
