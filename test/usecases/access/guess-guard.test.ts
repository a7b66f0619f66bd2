import { setTimeout as sleep } from 'node:timers/promises'
import { DomainError, TooManyGuesses } from '../../../src/domain/errors'
import { turns } from '../../../src/doors/scim/turns'
import { guardGuess, type GuessDeps, type Guesser } from '../../../src/usecases/access/guess-guard'
import { mariadbDatabases, sqliteDatabases, type Databases } from '../../contracts/store/databases'
import { openUseCaseDeps, type UseCaseDeps } from '../../kit/use-case-deps'
import { describeWith } from '../../services/describe-with'
import { hookTimeoutMs } from '../../services/service'

describe('guardGuess on SQLite', () => suite(sqliteDatabases))
describeWith(['mariadb'], 'guardGuess on MariaDB', () => suite(mariadbDatabases))

function suite(start: () => Promise<Databases>): void {
  let databases: Databases
  let deps: UseCaseDeps & GuessDeps
  beforeAll(async () => {
    databases = await start()
    deps = { ...(await openUseCaseDeps(await databases.empty())), rateLimits: true, guessTurns: turns(8) }
  }, hookTimeoutMs)
  afterAll(async () => {
    await deps.close()
    await databases.close()
  }, hookTimeoutMs)

  let accounts = 0
  const anAccount = () => `account-${++accounts}`
  const from = (account: string, more: Partial<Guesser> = {}): Guesser => ({
    account,
    address: `192.0.2.${accounts % 250}`,
    ...more,
  })
  const wrong = () => Promise.reject(new DomainError('wrongPassword', 'wrong'))
  /** `wrong`, `right`, or how many seconds to wait. */
  const guess = async (who: Guesser, isRight = false): Promise<string | number> => {
    try {
      return await guardGuess(deps, who, () => (isRight ? Promise.resolve('right') : wrong()))
    } catch (error) {
      return error instanceof TooManyGuesses ? error.retryAfterSeconds : 'wrong'
    }
  }
  const guesses = async (count: number, who: Guesser) => {
    for (let i = 0; i < count; i++) expect(await guess(who)).toBe('wrong')
  }

  it('hears four wrong ones for nothing; then each waits longer, and what comes meanwhile is not tried', async () => {
    const who = from(anAccount())
    await guesses(5, who)
    expect(await guess(who, true)).toBe(1)
    deps.clock.advance(1_000)
    await guesses(1, who)
    expect(await guess(who, true)).toBe(2)
    deps.clock.advance(2_000)
    expect(await guess(who, true)).toBe('right')
  })

  it('forgets wrong ones when the right one comes, in any spelling of the name', async () => {
    const account = anAccount()
    await guesses(4, from(account))
    expect(await guess(from(account.toUpperCase()), true)).toBe('right')
    await guesses(5, from(account))
    expect(await guess(from(account))).toBe(1)
  })

  it('tries at most five of a hundred that come at once, wherever they come from', async () => {
    const account = anAccount()
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => guess(from(account, { address: `198.51.100.${i}` }))))
    expect(answers.filter((answer) => answer === 'wrong')).toHaveLength(5)
  })

  it('a right one costs nothing, however many come at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 80 }, () => guess(from(anAccount(), { address: '203.0.113.1' }), true)),
    )
    expect(new Set(answers)).toEqual(new Set(['right']))
    expect(await guess(from(anAccount(), { address: '203.0.113.1' }), true)).toBe('right')
  })

  it('hears no more of one network for coming all at once', async () => {
    const slowlyWrong = async () => {
      await sleep(20)
      return wrong()
    }
    const spray = () => guardGuess(deps, from(anAccount(), { address: '203.0.113.7' }), slowlyWrong)
    const answers = await Promise.allSettled(Array.from({ length: 200 }, spray))
    const tried = answers.filter(
      (answer) => answer.status === 'rejected' && answer.reason instanceof DomainError && answer.reason.code === 'wrongPassword',
    )
    expect(tried.length).toBeLessThan(60)
  })

  it('does not make who is known by his browser, or sits at this machine, wait for strangers', async () => {
    const account = anAccount()
    for (let i = 0; i < 12; i++) {
      await guess(from(account))
      deps.clock.advance(512_000)
    }
    await guess(from(account))
    expect(await guess(from(account))).toBeGreaterThan(100)
    expect(await guess(from(account, { device: 'his own' }), true)).toBe('right')
    expect(await guess(from(account, { isHere: true }), true)).toBe('right')
    await guesses(5, from(account, { device: 'stolen' }))
    expect(await guess(from(account, { device: 'stolen' }))).toBe(1)
    expect(await guess(from(account, { device: 'his own' }), true)).toBe('right')
  })

  it('counts all names of one network together: an IPv4 address, 64 bits of IPv6', async () => {
    const [here, beside, elsewhere] = ['2001:db8:1:2::1', '2001:db8:1:2:ffff::2', '2001:db8:1:3::1']
    for (let i = 0; i < 51; i++) await guesses(1, from(anAccount(), { address: i % 2 === 0 ? here : beside }))
    expect(await guess(from(anAccount(), { address: beside }), true)).toBe(1)
    expect(await guess(from(anAccount(), { address: elsewhere }), true)).toBe('right')
    expect(await guess(from(anAccount(), { address: here, device: 'known' }), true)).toBe('right')
    deps.clock.advance(15_000)
    expect(await guess(from(anAccount(), { address: here }), true)).toBe('right')
  })

  it('under guesses at made-up names from everywhere unknown browsers wait for seconds, known ones never', async () => {
    deps.clock.advance(3_600_000)
    const flood = (i: number) => guess(from(`made up ${i}`, { address: `2001:db8:${(i % 60_000).toString(16)}::1` }))
    const answers: (string | number)[] = []
    for (let i = 0; i < 330; i++) answers.push(await flood(i))
    expect(answers.filter((answer) => answer === 'wrong')).toHaveLength(301)
    expect(await guess(from(anAccount()), true)).toBe(1)
    expect(await guess(from(anAccount(), { device: 'known' }), true)).toBe('right')
    expect(await guess(from(anAccount(), { isHere: true }), true)).toBe('right')
    deps.clock.advance(30_000)
    expect(await guess(from(anAccount()), true)).toBe('right')
  })

  it('takes what ended otherwise for no guess', async () => {
    const who = from(anAccount())
    await guesses(4, who)
    for (let i = 0; i < 3; i++) {
      await expect(guardGuess(deps, who, () => Promise.reject(new Error('the database is away')))).rejects.toThrow('away')
    }
    await guesses(1, who)
  })

  it('counts codes by themselves: a right password does not give new tries at the code', async () => {
    const who = from(anAccount())
    await guesses(5, { ...who, what: 'code' })
    expect(await guess(who, true)).toBe('right')
    expect(await guess({ ...who, what: 'code' })).toBe(1)
  })

  it('keeps nothing of what was entered, and nothing for ever', async () => {
    await guess(from('my password in the wrong field'))
    deps.clock.advance(24 * 3_600_000)
    let purged = 0
    for (let some = -1; some !== 0; purged += some)
      some = await deps.store.transact((tx) => tx.guesses.purge(deps.clock.now(), 100))
    expect(purged).toBeGreaterThan(300)
  })

  it('limits nobody where the installation says so', async () => {
    const who = from(anAccount())
    const unlimited = { ...deps, rateLimits: false }
    for (let i = 0; i < 10; i++) await expect(guardGuess(unlimited, who, wrong)).rejects.toThrow('wrong')
    expect(await guess(who, true)).toBe('right')
  })
}
