import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { Connection } from '../../bench/client'

describe('Connection', () => {
  /** What is answered, byte by byte, to one request after the other. */
  let answers: string[]
  let server: Server
  const asked: string[] = []
  const dribble = async (socket: Socket, text: string) => {
    for (const byte of Buffer.from(text)) {
      socket.write(Buffer.of(byte))
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  beforeAll(async () => {
    server = createServer((socket) => {
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
      socket.on('data', (data) => {
        asked.push(data.toString())
        const answer = answers.shift()
        if (answer === undefined) socket.destroy()
        else void dribble(socket, answer)
      })
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
  })
  afterAll(() => new Promise((resolve) => server.close(resolve)))
  const connect = () =>
    new Connection({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/scim/v2`, token: 'secret' })

  it('reads bodies of a stated length, chunked ones and none, one after the other', async () => {
    answers = [
      'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n"あ"!',
      'HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nab\r\n\r\n2\r\ncd\r\n0\r\n\r\n',
      'HTTP/1.1 204 No Content\r\nETag: W/"2"\r\n\r\n',
    ]
    const connection = connect()
    expect(await connection.ask('GET', '/Users')).toEqual({ status: 200, text: '"あ"!' })
    expect(await connection.ask('POST', '/Users', { userName: '太郎' })).toEqual({ status: 201, text: 'ab\r\ncd' })
    expect(await connection.ask('DELETE', '/Users/1')).toEqual({ status: 204, text: '' })
    expect(asked[1]).toMatch(
      /^POST \/scim\/v2\/Users HTTP\/1\.1\r\n[^]*Authorization: Bearer secret\r\n[^]*Content-Length: 21\r\n\r\n\{"userName":"太郎"\}$/,
    )
    connection.close()
  })

  it('says that an answer was cut off, and opens anew for the next request', async () => {
    answers = []
    const connection = connect()
    await expect(connection.ask('GET', '/Users')).rejects.toThrow('closed before the answer was whole')
    answers = ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok']
    expect(await connection.ask('GET', '/Users')).toEqual({ status: 200, text: 'ok' })
    connection.close()
  })
})
