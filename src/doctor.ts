import { closeTargets, openParts, openTargets } from './assemble'
import { readConfig, type Config } from './config'
import { reasonOf } from './main'
import type { Actor } from './domain/access/actor'
import { findSamlIdp } from './usecases/access/saml-settings'
import { readSpKeys } from './usecases/access/saml-keys'
import { showMirror } from './usecases/mirror/show-mirror'
import { parseSamlIdp } from './wire/saml/parse-saml-idp'
import { warnOfIdp, warnOfSpKeys } from './wire/saml/warn-certificates'

/** One thing that was looked at; `mend` says what to do, or what is odd. */
export type Finding = { readonly ok: boolean; readonly what: string; readonly mend?: string }

const actor: Actor = { kind: 'system', name: 'doctor' }

/** Looks at configuration, database and targets, in this order; what depends on something broken is not looked at. */
export async function doctor(env: Readonly<Record<string, string | undefined>>): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  const look = async <T>(what: string, work: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      const found = await work()
      findings.push({ ok: true, what })
      return found
    } catch (error) {
      findings.push({ ok: false, what, mend: reasonOf(error) })
      return undefined
    }
  }
  const config = await look('configuration', () => readConfig(env))
  if (!config) return findings
  for (const warning of config.warnings) findings.push({ ok: true, what: 'configuration: a hint', mend: warning })
  const { samlIdp } = config.bootstrap
  if (samlIdp) await look('SAML settings of the environment', () => parseSamlIdp(samlIdp))
  await lookAtDatabase(config, findings, look)
  await lookAtTargets(config, findings)
  return findings
}

async function lookAtDatabase(
  config: Config,
  findings: Finding[],
  look: <T>(what: string, work: () => T | Promise<T>) => Promise<T | undefined>,
): Promise<void> {
  const parts = await look(`database (${config.database.kind})`, () => openParts(config))
  if (!parts) return
  try {
    const health = await parts.store.health()
    if (!health.ready) findings.push({ ok: false, what: 'database is ready', mend: health.detail })
    const idp = await findSamlIdp(parts)
    const now = parts.clock.now()
    const warnings = idp ? [...warnOfIdp(idp, now), ...warnOfSpKeys(await readSpKeys(parts), now)] : []
    for (const { code, detail } of warnings)
      findings.push({ ok: code === 'certificateExpires', what: 'SAML certificates', mend: detail })
    findings.push({ ok: true, what: idp ? `SAML sign-in by ${idp.entityId ?? idp.ssoUrl}` : 'SAML sign-in is off' })
    const { deadLetters } = await showMirror(parts, actor)
    for (const { target, loginName, objectId, reason } of deadLetters) {
      findings.push({ ok: false, what: `${loginName ?? objectId} in ${target}`, mend: reason })
    }
  } finally {
    await parts.store.close()
  }
}

async function lookAtTargets(config: Config, findings: Finding[]): Promise<void> {
  const targets = openTargets(config)
  try {
    for (const target of [targets.chat, targets.mail]) {
      const health = await target.health()
      const what = `${target.target} (${target.product})`
      findings.push(health.ready ? { ok: true, what } : { ok: false, what, mend: health.detail })
    }
  } finally {
    await closeTargets(targets)
  }
}
