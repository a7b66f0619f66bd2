import { hash, verify } from '@node-rs/argon2'
import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import type { ScramVerifier } from '../domain/mirror/account'
import type { Passwords } from '../ports/passwords'

/** OWASP's least for argon2id; Dovecot verifies it. Two at a time: each takes 19 MiB and a core. */
const argon2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const atOnce = 2

/** What ejabberd 23.01 bears at each sign-in. */
const scramIterations = 10_000

const pbkdf2Async = promisify(pbkdf2)

/** Hashing off the event loop, on a few threads at a time. */
export function argon2Passwords(): Passwords {
  const run = limited(atOnce)
  // verified when there is no hash, so that who is unknown takes as long as who mistyped
  const nobody = run(() => hash(randomBytes(16).toString('hex'), argon2))
  return {
    makeRecords: async (password) => {
      const [phc, scram] = await Promise.all([run(() => hash(composed(password), argon2)), scramVerifier(password)])
      return { argon2: phc, scram }
    },
    verify: async (phc, password) => {
      const fits = (text: string) => run(async () => verify(phc ?? (await nobody), text)).catch(() => false)
      const text = composed(password)
      // what was set before 0.2.0 was hashed as it came
      const right = (await fits(text)) || (text !== password && (await fits(password)))
      return right && phc !== undefined
    },
  }
}

/**
 * é is one password, whether it was typed as one character or as two (RFC 7644 §5: OpaqueString, RFC 8265 §4.2). Its blanks stay as they
 * were typed: the mail server compares the hash with what a mail program sends, unprepared.
 */
const composed = (password: string) => password.normalize('NFC')

/** RFC 5802, RFC 7677; the password normalised as ejabberd does (NFKC). */
async function scramVerifier(password: string): Promise<ScramVerifier> {
  const salt = randomBytes(16)
  const salted = await pbkdf2Async(password.normalize('NFKC'), salt, scramIterations, 32, 'sha256')
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest()
  return {
    iterations: scramIterations,
    salt: salt.toString('base64'),
    storedKey: createHash('sha256').update(hmac('Client Key')).digest('base64'),
    serverKey: hmac('Server Key').toString('base64'),
  }
}

function limited(max: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    while (running >= max) await new Promise<void>((resolve) => waiting.push(resolve))
    running++
    try {
      return await work()
    } finally {
      running--
      waiting.shift()?.()
    }
  }
}
