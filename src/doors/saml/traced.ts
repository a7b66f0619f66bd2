import type { Response } from 'express'
import type { SamlVerdicts, SlashCode } from '../../domain/access/saml'
import type { SeenSignIn } from '../../usecases/access/saml-trace'
import { decodeResponse } from '../../wire/saml/decode-response'
import { claimedNameId, redactResponse } from '../../wire/saml/redact-response'
import { UnreadableXml } from '../../wire/saml/xml'
import { contextOf } from '../request'

type Traced = {
  readonly verdicts: SamlVerdicts
  readonly test: boolean
  readonly code?: SlashCode
  readonly nameId?: string
  /** The SAMLResponse as it came. */
  readonly parameter?: string
}

/** A sign-in for the trace. Its document is looked at only when it is written down. */
export function traced(res: Response, { parameter, nameId: verified, ...seen }: Traced): SeenSignIn {
  const { id: requestId, address } = contextOf(res)
  return {
    ...seen,
    requestId,
    address,
    document: () => {
      const text = parameter === undefined ? undefined : readable(parameter)
      const nameId = verified ?? (text === undefined ? undefined : claimedNameId(text))
      return { ...(nameId === undefined ? {} : { nameId }), ...(text === undefined ? {} : { xml: redactResponse(text) }) }
    },
  }
}

/** undefined for what is no text at all. */
function readable(parameter: string): string | undefined {
  try {
    return decodeResponse(parameter)
  } catch (error) {
    if (error instanceof UnreadableXml) return undefined
    throw error
  }
}
