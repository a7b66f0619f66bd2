import { isUtf8 } from 'node:buffer'
import type { SamlVerdict } from '../../domain/access/saml'
import type { SamlExpectations } from '../../domain/access/saml-judgement'
import { maxResponseCharacters } from './decode-response'
import { decrypt } from './decrypt'
import { encryptionShape } from './encryption-shape'
import { responseShape, type ResponseParts } from './response-shape'
import { scopeOfNothing } from './start-tag'
import type { VerificationKeys } from './verification-keys'
import { verifySignature, type TrustedKeys } from './verify-signature'
import { UnreadableXml, parseXml, type XmlElement } from './xml'

/** A Response taken apart: what its verdicts are about. */
export type OpenedResponse = {
  readonly response: XmlElement
  readonly isResponseSigned: boolean
  /** As it can be shown; whether it is signed or not. */
  readonly assertion?: XmlElement
  /** The same, out of the bytes that were signed, with every signature valid; only then anything may be believed. */
  readonly verified?: XmlElement
  /** On signatures and encryption. */
  readonly verdicts: readonly SamlVerdict[]
}

const limits = { maxCharacters: maxResponseCharacters, comments: 'refused' } as const

/**
 * The Response of a document with its assertion, decrypted where it is encrypted, and whether they are signed: at least one signature,
 * and every one valid (S36).
 *
 * @throws UnreadableXml when it is no Response
 */
export function openResponse(text: string, expected: SamlExpectations, keys: VerificationKeys): OpenedResponse {
  const ids = new Set<string>()
  const sent = responseShape(parseXml(text, limits, { scope: scopeOfNothing, ids }))
  const trusted = { certificates: expected.idp.certificates, allowSha1: expected.allowSha1, keys }
  const { encryptedAssertion } = sent
  const opened = encryptedAssertion
    ? openEncrypted({ ...sent, encryptedAssertion }, ids, expected.decryptionKeys, trusted)
    : openPlain(sent, trusted)
  return { ...opened, isResponseSigned: sent.responseSignature !== undefined }
}

type Opened = Omit<OpenedResponse, 'isResponseSigned'>

function openPlain({ response, responseSignature, assertion, assertionSignature }: ResponseParts, trusted: TrustedKeys): Opened {
  const encryption: SamlVerdict = { name: 'encryption', passed: true }
  const opened = attempt(() => {
    const signedResponse = responseSignature && verifySignature(response, responseSignature, trusted)
    const signedAssertion = assertion && assertionSignature && verifySignature(assertion, assertionSignature, trusted)
    const verified = signedAssertion ?? (signedResponse && responseShape(signedResponse).assertion)
    if (!verified) throw new UnreadableXml('no signature on an Assertion, or on a Response with one')
    return { response: signedResponse ?? response, verified }
  })
  if (typeof opened === 'string') {
    return { response, ...(assertion && { assertion }), verdicts: [failedSignature(opened), encryption] }
  }
  return { ...opened, assertion: opened.verified, verdicts: [{ name: 'signature', passed: true }, encryption] }
}

/** One and the same, whatever it was: who sends altered ciphertexts must not learn what became of them (XML Encryption 1.1 §6.3). */
const concealed = 'an Assertion that none of our keys decrypts, or that none of the certificates signed'

/**
 * The signature of the Response is judged on what was received; then the assertion is decrypted, takes its place, and everything is
 * judged once more. Nothing of what was decrypted is shown unless it is signed.
 */
function openEncrypted(
  sent: ResponseParts & { readonly encryptedAssertion: XmlElement },
  ids: Set<string>,
  decryptionKeys: readonly string[],
  trusted: TrustedKeys,
): Opened {
  const { responseSignature } = sent
  const refused = (signature: SamlVerdict, why: string): Opened => ({
    ...{ response: sent.response, verdicts: [signature, { name: 'encryption', passed: false, actual: why }] },
  })
  const signed = attempt(() => responseSignature && verifySignature(sent.response, responseSignature, trusted))
  if (typeof signed === 'string') return refused(failedSignature(signed), 'not decrypted, for the Response was altered')
  const response = signed ?? sent.response
  const encrypted = signed ? responseShape(signed).encryptedAssertion! : sent.encryptedAssertion
  const signature: SamlVerdict = signed ? { name: 'signature', passed: true } : failedSignature('not judged')
  if (decryptionKeys.length === 0) return refused(signature, 'encrypted, and we have no key')
  const parts = attempt(() => encryptionShape(encrypted))
  if (typeof parts === 'string') return refused(signature, parts)
  const bytes = decrypt(
    parts,
    decryptionKeys.map((pem) => trusted.keys.ofPrivateKey(pem)),
  )
  const verified = attempt(() => {
    if (!bytes || !isUtf8(bytes)) throw new UnreadableXml('not decrypted')
    const plain = parseXml(bytes.toString('utf8'), limits, { scope: encrypted.scope, ids })
    const children = response.children.map((child) => (child === encrypted ? plain : child))
    const { assertion, assertionSignature } = responseShape({ ...response, children })
    if (assertion && assertionSignature) return verifySignature(assertion, assertionSignature, trusted)
    if (!assertion || !signed) throw new UnreadableXml('no signature')
    return assertion
  })
  if (typeof verified === 'string') return refused(failedSignature(concealed), concealed)
  const verdicts = (['signature', 'encryption'] as const).map((name) => ({ name, passed: true }))
  return { response, assertion: verified, verified, verdicts }
}

const failedSignature = (why: string): SamlVerdict => ({ name: 'signature', passed: false, actual: why })

/** What it gives, or why it is not to be had. */
function attempt<Found>(open: () => Found): Found | string {
  try {
    return open()
  } catch (error) {
    if (error instanceof UnreadableXml) return error.message
    throw error
  }
}
