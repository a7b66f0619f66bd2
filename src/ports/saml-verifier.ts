import type { SamlExpectations, SamlJudgement } from '../domain/access/saml-judgement'

/** Judges Responses without holding up anything else. */
export interface SamlVerifier {
  /**
   * @param parameter SAMLResponse, as it was posted
   * @throws SamlVerifierBusy
   */
  verify(parameter: string, expected: SamlExpectations): Promise<SamlJudgement>
  /** Who still waits is refused. */
  close(): Promise<void>
}

/** Too many Responses wait, or what verified this one has ended: the Response was not judged, and another attempt may succeed. */
export class SamlVerifierBusy extends Error {
  override readonly name = 'SamlVerifierBusy'
}
