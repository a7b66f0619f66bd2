/** Structured lines; secrets are cut out before they are written (`src/log.ts` makes the real one). */
export interface Log {
  debug(fields: object, text: string): void
  info(fields: object, text: string): void
  warn(fields: object, text: string): void
  error(fields: object, text: string): void
  child(fields: object): Log
  /** So that what nobody reads is not put together. */
  isLevelEnabled(level: 'debug' | 'info'): boolean
}
