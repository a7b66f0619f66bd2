import type { PendingSaml, SamlVerdicts, SlashCode } from '../../domain/access/saml'
import type { VerifiedAssertion } from '../../domain/access/saml-judgement'
import type { Clock } from '../../ports/clock'
import type { SamlVerifier } from '../../ports/saml-verifier'
import type { Store } from '../../ports/store'
import type { SamlInForce } from '../../usecases/access/saml-memory'
import { takeAssertion } from '../../usecases/access/take-assertion'
import type { SamlSp } from '../../wire/saml/service-provider'

export type Judges = {
  readonly store: Store
  readonly clock: Clock
  readonly samlVerifier: SamlVerifier
}

export type Judged =
  | { readonly kind: 'verified'; readonly said: VerifiedAssertion; readonly verdicts: SamlVerdicts }
  | { readonly kind: 'refused'; readonly code: SlashCode; readonly verdicts: SamlVerdicts }

/** A Response against the AuthnRequest of this browser and the settings; each assertion once (S34, S36). */
export async function judge(
  judges: Judges,
  { entityId, acsUrl }: SamlSp,
  { settings: { idp, options }, keys }: SamlInForce,
  pending: PendingSaml,
  parameter: string,
): Promise<Judged> {
  const { clockSkewSeconds, allowSha1, requestedAuthnContext } = options
  const judgement = await judges.samlVerifier.verify(parameter, {
    idp: { certificates: idp.certificates, ...(idp.entityId === undefined ? {} : { entityId: idp.entityId }) },
    entityId,
    acsUrl,
    requestId: pending.id,
    now: judges.clock.now(),
    clockSkewSeconds,
    allowSha1,
    decryptionKeys: keys.map(({ privateKey }) => privateKey),
    ...(requestedAuthnContext.length === 0 ? {} : { requestedAuthnContext }),
  })
  if (judgement.kind === 'refused') return judgement
  const { assertionId, usableUntil } = judgement.assertion
  const isFirst = await takeAssertion(judges, assertionId, usableUntil)
  const verdicts: SamlVerdicts = [...judgement.verdicts, { name: 'firstUse', passed: isFirst }]
  if (!isFirst) return { kind: 'refused', code: 'SLASH_SA04', verdicts }
  return { kind: 'verified', said: judgement.assertion, verdicts }
}
