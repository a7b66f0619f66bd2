import { parentPort } from 'node:worker_threads'
import { VerificationKeys } from '../../wire/saml/verification-keys'
import { verifyResponse } from '../../wire/saml/verify-response'
import type { ThreadAnswer, ThreadCall } from './verifier-threads'

// The other side of verifier-threads.ts: one Response at a time; keys stay parsed.
const keys = new VerificationKeys()

parentPort!.on('message', ({ parameter, expected }: ThreadCall) => parentPort!.postMessage(answerTo(parameter, expected)))

function answerTo(parameter: string, expected: ThreadCall['expected']): ThreadAnswer {
  try {
    return { judgement: verifyResponse(parameter, expected, keys) }
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
