/** Structured lines; secrets are cut out before they are written (`doors/health` makes the real one on pino). */
export interface Log {
  debug(fields: object, text: string): void
  info(fields: object, text: string): void
  warn(fields: object, text: string): void
  error(fields: object, text: string): void
  child(fields: object): Log
}
