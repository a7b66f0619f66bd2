import express from 'express'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import request from 'supertest'
import { sendPieces } from '../../../src/doors/scim/answer'

describe('an answer in pieces', () => {
  const appOf = (pieces: () => AsyncIterable<string>) => {
    const app = express()
    app.use((_req, res, next) => {
      res.locals['context'] = { id: 'a-request' }
      next()
    })
    app.get('/', (req, res) => sendPieces(req, res, 200, pieces()))
    app.use(((_error, _req, res, _next) => {
      if (res.headersSent) res.destroy()
      else res.status(500).end()
    }) as express.ErrorRequestHandler)
    return app
  }
  const big = 'x'.repeat(50_000)

  it('has its length when it is small, and comes in slices when it is not', async () => {
    const small = await request(
      appOf(async function* () {
        yield '"a'
        yield 'ä"'
      }),
    ).get('/')
    expect([small.headers['content-length'], small.body]).toEqual(['5', 'aä'])
    const large = await request(
      appOf(async function* () {
        yield '"'
        for (let i = 0; i < 5; i++) yield big
        yield '"'
      }),
    ).get('/')
    expect([large.headers['transfer-encoding'], (large.body as string).length]).toEqual(['chunked', 250_000])
  })

  it('is an error when it fails before anything was sent, and is cut off after', async () => {
    const failing = (after: number) =>
      appOf(async function* () {
        for (let i = 0; i < after; i++) yield big
        throw new Error('the database has gone')
      })
    expect((await request(failing(0)).get('/')).status).toBe(500)
    expect((await request(failing(1)).get('/')).status).toBe(500)
    await expect(request(failing(4)).get('/')).rejects.toThrow()
  })

  it('waits for a slow reader, and ends when he goes away', async () => {
    let made = 0
    let ended = false
    const server = http.createServer(
      appOf(async function* () {
        try {
          for (; made < 2_000; made++) yield big
        } finally {
          ended = true
        }
      }),
    )
    await new Promise<void>((resolve) => server.listen(0, resolve))
    const asked = http.get({ port: (server.address() as AddressInfo).port }, (answer) => answer.pause())
    asked.on('error', () => undefined)
    await new Promise((resolve) => setTimeout(resolve, 500))
    const madeForNobody = made
    asked.destroy()
    for (let i = 0; i < 100 && !ended; i++) await new Promise((resolve) => setTimeout(resolve, 50))
    await new Promise((resolve) => server.close(resolve))
    expect([ended, madeForNobody < 1_000, made < 1_900]).toEqual([true, true, true])
  })
})
