import { mkdirSync } from 'node:fs'
import { hostname } from 'node:os'
import { dataSourceOptions } from './data-source-options'
import type { Config } from './config'
import { openChatTarget } from './connectors/chat/chat-target'
import { openMailTarget } from './connectors/mail/mail-target'
import { argon2Passwords } from './connectors/passwords'
import { spKeyMaker } from './connectors/sp-key-maker'
import type { SpKeys } from './domain/access/sp-key'
import { smtpMailer } from './connectors/system-mail/smtp-mailer'
import type { MirrorSettings } from './domain/mirror/plan-account'
import { guideFiles } from './guide-files'
import { newUuid, systemClock, type Clock } from './ports/clock'
import type { GuideFiles } from './ports/guide-files'
import type { Mailer } from './ports/mailer'
import type { Passwords } from './ports/passwords'
import type { Secrets } from './ports/secrets'
import type { SpKeyMaker } from './ports/sp-key-maker'
import type { Store } from './ports/store'
import type { ChatTarget, MailTarget } from './ports/targets'
import { secretKey } from './secret-key'
import { readSpKeyFiles } from './sp-key-files'
import { openStore } from './store/open-store'
import { secretsUnder } from './store/secrets'
import type { ProvisioningBounds } from './usecases/audit/trim-provisioning'

/** What the server and the command line share: everything that use cases need, opened by the configuration. */
export type Parts = {
  readonly store: Store
  readonly clock: Clock
  readonly passwords: Passwords
  readonly secrets: Secrets
  readonly mailer: Mailer
  /** What mail links to. */
  readonly baseUrl: string
  readonly settings: MirrorSettings
  /** How many days the accounts of who is deleted are kept, suspended; 0: they go at once. */
  readonly leaverDays: number
  readonly provisioning: ProvisioningBounds
  readonly spKeyMaker: SpKeyMaker
  readonly saml: SamlParts
  readonly guides: GuideFiles
  /** This program's name among several on one database. */
  readonly node: string
}

/** What the configuration says of SAML. */
export type SamlParts = {
  /** The base URL. */
  readonly entityId: string
  /** The environment names an identity provider, which therefore cannot be changed by hand. */
  readonly locked: boolean
  /** SP keys that an operator brought as files. */
  readonly broughtKeys: SpKeys
}

/** Opens and migrates the database. @throws ConfigError, DomainError storeUnavailable */
export async function openParts(config: Config): Promise<Parts> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  const broughtKeys = readSpKeyFiles(config.certsDir)
  const secrets = secretsUnder(secretKey(config))
  return {
    store: await openStore(dataSourceOptions(config.database), { clock: systemClock, secrets }),
    clock: systemClock,
    passwords: argon2Passwords(),
    secrets,
    baseUrl: config.baseUrl,
    mailer: smtpMailer(new URL(config.baseUrl).hostname),
    settings: { organizationDomain: config.organizationDomain, mailDomain: config.mail.domain },
    leaverDays: config.leaverDays,
    provisioning: config.provisioning,
    spKeyMaker,
    saml: { entityId: config.baseUrl, locked: config.bootstrap.samlIdp !== undefined, broughtKeys },
    guides: guideFiles(),
    node: `${hostname()}-${process.pid}-${newUuid(Date.now()).slice(-6)}`,
  }
}

export type Targets = { readonly chat: ChatTarget; readonly mail: MailTarget }

/** Chat and mail of the configuration. They need not answer now. */
export const openTargets = (config: Config): Targets => ({ chat: openChatTarget(config.chat), mail: openMailTarget(config.mail) })

export async function closeTargets({ chat, mail }: Targets): Promise<void> {
  await Promise.all([chat.close(), mail.close()])
}
