import { PassThrough } from 'node:stream'
import { jsonLog } from '../src/log'

function logged(write: (log: ReturnType<typeof jsonLog>) => void, level: 'info' | 'debug' = 'info'): Record<string, unknown> {
  const stream = new PassThrough()
  write(jsonLog(level, stream))
  const text = (stream.read() as Buffer | null)?.toString() ?? '{}'
  return JSON.parse(text) as Record<string, unknown>
}

describe('jsonLog', () => {
  it('writes a line with time, level and text; a request keeps its id', () => {
    expect(logged((log) => log.child({ requestId: 'r-1' }).warn({ status: 503 }, 'busy'))).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      requestId: 'r-1',
      status: 503,
      msg: 'busy',
    })
  })

  it.each(['authorization', 'cookie', 'password', 'token', 'secret', 'SAMLResponse', 'apiKey'])(
    'never writes what %s holds',
    (name) => {
      const fields = { [name]: 'hush', request: { [name]: 'hush', headers: { [name]: 'hush' } } }
      const line = JSON.stringify(logged((log) => log.info(fields, 'x')))
      expect(line).not.toContain('hush')
      expect(line).toContain('[secret]')
    },
  )

  it('shows an error with its cause', () => {
    const error = new Error('outer', { cause: new Error('inner') })
    expect(logged((log) => log.error({ err: error }, 'x'))['err']).toMatchObject({
      message: expect.stringContaining('inner') as string,
    })
  })

  it('leaves out what is below its level', () => {
    expect(logged((log) => log.debug({}, 'x'))).toEqual({})
    expect(logged((log) => log.debug({}, 'x'), 'debug')).toMatchObject({ msg: 'x' })
  })
})
