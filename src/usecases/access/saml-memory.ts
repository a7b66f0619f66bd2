import type { SamlSettings } from '../../domain/access/saml-settings'
import type { SpKeys } from '../../domain/access/sp-key'
import type { Instant } from '../../domain/brand'
import { ensureSpKeys, readSpKeys, type SpKeyDeps } from './saml-keys'
import { findSaml, same } from './saml-settings'

/** What people sign in by now. */
export type SamlInForce = {
  readonly settings: SamlSettings
  /** With a current one when AuthnRequests are to be signed; none before the first was needed. */
  readonly keys: SpKeys
}

/** A change holds on every node after so long. */
const rememberedMs = 1_000

/**
 * What is in force, read at most once a second, so that sign-ins cost no look-up of settings and no opening of keys. As long as nothing
 * changes it is the same object, by which others remember what they made of it.
 */
export class SamlMemory {
  private read: { readonly at: Instant; readonly inForce: Promise<SamlInForce | undefined> } | undefined
  private making: Promise<SpKeys> | undefined

  constructor(private readonly deps: SpKeyDeps) {}

  /** undefined while SAML is off. */
  inForce(): Promise<SamlInForce | undefined> {
    const now = this.deps.clock.now()
    const { read } = this
    if (read && read.at <= now && now < read.at + rememberedMs) return read.inForce
    const reading = { at: now, inForce: this.look(read?.inForce) }
    this.read = reading
    reading.inForce.catch(() => {
      if (this.read === reading) this.read = undefined
    })
    return reading.inForce
  }

  /** Every key, and a current one among them: the first is made once, however many ask. */
  keys(): Promise<SpKeys> {
    return (this.making ??= ensureSpKeys(this.deps).finally(() => (this.making = undefined)))
  }

  private async look(before: Promise<SamlInForce | undefined> | undefined): Promise<SamlInForce | undefined> {
    const settings = await findSaml(this.deps)
    if (!settings) return undefined
    const keys = settings.options.signAuthnRequests ? await this.keys() : await readSpKeys(this.deps)
    const earlier = await before?.catch(() => undefined)
    return earlier && same(earlier, { settings, keys }) ? earlier : { settings, keys }
  }
}
