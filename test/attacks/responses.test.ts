import request from 'supertest'
import { beginTrial, post, startLab, type Lab } from './lab'
import type { Attack, Family } from './families/family'
import { addressees, statements, times } from './families/statements'
import { algorithms } from './families/algorithms'
import { confusion } from './families/confusion'
import { keyTrust } from './families/keys'
import { references } from './families/references'
import { encryption } from './families/encryption'
import { identity } from './families/identity'
import { differentials, encodings, entities, truncation } from './families/xml'
import { page } from './families/page'
import { size } from './families/size'
import { otherMessages, unsigned } from './families/unsigned'
import { wrapping } from './families/wrapping'

const families: readonly Family[] = [
  wrapping,
  confusion,
  references,
  keyTrust,
  algorithms,
  unsigned,
  otherMessages,
  truncation,
  entities,
  differentials,
  encodings,
  addressees,
  times,
  statements,
  identity,
  size,
  page,
  encryption,
]

/** No step between two turns of the event loop may take longer. */
const stallLimitMs = 200

describe('crafted responses at the ACS', () => {
  let lab: Lab
  beforeAll(async () => void (lab = await startLab()), 60_000)
  afterAll(() => lab.stop())

  const send = async (make: Attack['make']) => {
    const trial = await beginTrial(lab)
    return post(lab.server, trial.cookie, make(trial))
  }

  describe.each(families)('$name', ({ controls, attacks }) => {
    if (controls.length > 0)
      it.each(controls)('lets in: $name', async ({ make }) => {
        const outcome = await send(make)
        expect(outcome).toMatchObject({ status: 303, said: 'signed in', sessions: 1, sessionCookie: expect.any(String) })
        const me = await request(lab.server.url).get('/api/v1/me').set('Cookie', outcome.sessionCookie!)
        expect(me.body).toMatchObject({ loginName: 'taro' })
        expect(outcome.stalledMs).toBeLessThan(stallLimitMs)
      })

    it.each(attacks)('refuses: $name', async ({ make, expects, status }) => {
      const outcome = await send(make)
      const [code, ...checks] = expects.split(' ')
      const unreadable = checks.some((check) => check === 'document' || check === 'signature')
      expect(outcome).toMatchObject({
        status: status ?? (code === 'SLASH_SA01' ? 403 : 400),
        said: unreadable ? expect.stringMatching(code!) : expects,
        failed: unreadable ? expect.arrayContaining(checks) : checks,
        sessions: 0,
        sessionCookie: undefined,
      })
      expect(outcome.page).not.toMatch(/<script|<img|onerror=(?!alert\(1\)&gt;)/)
      expect(outcome.stalledMs).toBeLessThan(stallLimitMs)
    })
  })

  it('have nothing fetched from anywhere', () => expect(lab.outside.asked()).toBe(0))

  it('are more than 120, each with a name of its own', () => {
    const names = families.flatMap(({ name, attacks }) => attacks.map((attack) => `${name}: ${attack.name}`))
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThan(120)
  })
})
