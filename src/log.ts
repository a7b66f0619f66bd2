import pino from 'pino'
import type { LogLevel } from './config'
import type { Log } from './ports/log'

/** Whatever these paths hold never reaches a log line. */
const secrets = ['authorization', 'cookie', 'password', 'token', 'secret', 'SAMLResponse', 'apiKey']

/** JSON lines on a stream; every line of a request carries its id. */
export function jsonLog(level: LogLevel, destination: NodeJS.WritableStream): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: pino.stdSerializers.err },
      redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[secret]' },
    },
    destination,
  )
}
