import { verify } from '@node-rs/argon2'
import express from 'express'

// A bare Express server that verifies the password of a form against one hash, two at a time as Kagami does, and nothing else: no
// person, no session, no audit, no log.

const [port, phc] = process.argv.slice(2)
const atOnce = 2
let running = 0
const waiting: (() => void)[] = []

async function fits(password: string): Promise<boolean> {
  while (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
  running++
  try {
    return await verify(phc!, password)
  } finally {
    running--
    waiting.shift()?.()
  }
}

const app = express()
app.disable('x-powered-by')
app.set('etag', false)
app.get('/livez', (_req, res) => void res.end())
app.post('/login', express.urlencoded({ extended: false }), async (req, res) => {
  const { password } = req.body as { readonly password: string }
  if (await fits(password)) res.redirect(303, '/')
  else res.status(401).end()
})
const server = app.listen(Number(port), '127.0.0.1')
server.keepAliveTimeout = 65_000
