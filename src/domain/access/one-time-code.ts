import type { GuessLimit } from './guessing'

/** Of a code that is mailed (S15): then a new one is needed. */
export const codeLimits = { lifetimeMs: 10 * 60_000, tries: 5 } as const

/** How many codes one person gets: after a few, each has to wait longer than the one before. */
export const mailedCodes: GuessLimit = { free: 4, leakMs: 10 * 60_000, maxWaitMs: 15 * 60_000 }

/** As somebody typed it, from a mail or a phone: blanks and full-width digits are taken as they are meant. */
export const readCode = (typed: string) => typed.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase().slice(0, 32)

export const isSixDigits = (code: string) => /^\d{6}$/.test(code)

/** How many codes for a lost phone there are. */
export const recoveryCodes = 10
