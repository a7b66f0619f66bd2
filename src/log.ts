import pino from 'pino'
import type { LogLevel } from './config'
import type { Log } from './ports/log'

/** Whatever fields of these names hold, at any depth, never reaches a log line. */
const secrets = new Set(['authorization', 'cookie', 'password', 'token', 'secret', 'SAMLResponse', 'apiKey'])

/** JSON lines on a stream; every line of a request carries its id. */
export function jsonLog(level: LogLevel, destination: NodeJS.WritableStream): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: (fields) => censored(fields) },
      serializers: { err: pino.stdSerializers.err },
    },
    destination,
  )
}

/** The same fields where none is secret: most lines are not copied. An error is shown by its serializer. */
function censored(fields: Record<string, unknown>, depth = 0): Record<string, unknown> {
  let copy: Record<string, unknown> | undefined
  for (const name in fields) {
    const value = fields[name]
    const shown = secrets.has(name) ? '[secret]' : isFields(value) ? (depth < 8 ? censored(value, depth + 1) : '[deep]') : value
    if (shown !== value) (copy ??= { ...fields })[name] = shown
  }
  return copy ?? fields
}

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !(value instanceof Error)
