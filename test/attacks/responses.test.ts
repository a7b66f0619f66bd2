import { beginTrial, post, startLab, type Lab } from './lab'
import type { Attack, Family } from './families/family'
import { algorithms } from './families/algorithms'
import { confusion } from './families/confusion'
import { keyTrust } from './families/keys'
import { references } from './families/references'
import { otherMessages, unsigned } from './families/unsigned'
import { wrapping } from './families/wrapping'

const families: readonly Family[] = [wrapping, confusion, references, keyTrust, algorithms, unsigned, otherMessages]

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
    it.each(controls)('lets in: $name', async ({ make }) => {
      expect(await send(make)).toMatchObject({ status: 303, said: 'signed in', sessions: 1, sessionCookie: expect.any(String) })
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
      expect(outcome.stalledMs).toBeLessThan(stallLimitMs)
    })
  })

  it('are more than 120, each with a name of its own', () => {
    const names = families.flatMap(({ name, attacks }) => attacks.map((attack) => `${name}: ${attack.name}`))
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThan(120)
  })
})
