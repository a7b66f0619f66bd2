import type { SpKeyDeps } from '../usecases/access/saml-keys'
import { readSpKeys } from '../usecases/access/saml-keys'
import { findSamlIdp } from '../usecases/access/saml-settings'
import { warnOfIdp, warnOfSpKeys } from '../wire/saml/warn-certificates'
import type { Log } from '../ports/log'

/** Days before the end at which the log says so; once it is over, every day. */
const toldAt: ReadonlySet<number> = new Set([30, 7, 1, 0])

/**
 * Tells the log of certificates that end soon or have ended.
 *
 * @param always also between the days at which it is told: at a start
 */
export async function watchSamlCertificates(deps: SpKeyDeps & { readonly log: Log }, always: boolean): Promise<void> {
  const idp = await findSamlIdp(deps)
  if (!idp) return
  const now = deps.clock.now()
  for (const { code, detail, daysLeft } of [...warnOfIdp(idp, now), ...warnOfSpKeys(await readSpKeys(deps), now)])
    if (always || daysLeft < 0 || toldAt.has(daysLeft)) deps.log.warn({ code, daysLeft }, detail)
}
