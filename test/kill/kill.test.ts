import { closeTargets, openParts, openTargets } from '../../src/assemble'
import { readConfig, type Config, type DatabaseConfig } from '../../src/config'
import { targetNames } from '../../src/domain/mirror/account'
import { reconcile } from '../../src/usecases/mirror/reconcile'
import { mariadbDatabases, sqliteDatabases, type Databases } from '../contracts/store/databases'
import { eventually } from '../kit/server'
import { tempFolder } from '../kit/temp-store'
import { describeWith } from '../services/describe-with'
import { hookTimeoutMs } from '../services/service'
import { deathAtEachCheckpoint, randomDeaths, type Death } from './deaths'
import { startMortalServer } from './mortal-server'
import { pushPeople } from './people'
import { readWholeState, stateOf } from './whole-state'

const atLeast = 500
const token = 'a-scim-token-of-the-test-environment'
const timeoutMs = 300_000

/** Every number of answers, claims and steps comes from it; the same seed gives the same deaths. */
const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000)

describe(`kill -9 while ${atLeast} people are pushed and mirrored`, () => {
  beforeAll(() => void process.stderr.write(`kill tests: TEST_SEED=${seed}\n`))

  describe('SQLite', () => {
    const survives = surviving(sqliteDatabases)
    it('at each checkpoint', () => survives(deathAtEachCheckpoint), timeoutMs)
    it('50 times at random', () => survives(randomDeaths(50, seed)), timeoutMs)
  })
  describeWith(['mariadb'], 'MariaDB', () => {
    const survives = surviving(mariadbDatabases)
    it('10 times at random', () => survives(randomDeaths(10, seed)), timeoutMs)
  })
})

/** Pushes people while the server dies these deaths; in the end everything is there, once, and nothing else. */
function surviving(open: () => Promise<Databases>): (deaths: readonly Death[]) => Promise<void> {
  const folder = tempFolder()
  let databases: Databases
  beforeAll(async () => void (databases = await open()), hookTimeoutMs)
  afterEach(() => folder.remove())
  afterAll(() => databases.close())

  return async (deaths) => {
    const database = await databases.empty()
    const settings = {
      KAGAMI_PORT: '0',
      KAGAMI_DATA_DIR: folder.path,
      KAGAMI_DATABASE_URL: urlOf(database),
      KAGAMI_SECRET_KEY: '07'.repeat(32),
      KAGAMI_ORGANIZATION_DOMAIN: 'example.jp',
      KAGAMI_SCIM_TOKEN: token,
      KAGAMI_ADMIN_PASSWORD: 'correct horse battery',
      KAGAMI_RATE_LIMITS: 'off',
    }
    // what a dead worker had claimed is left to it for a minute; every second start comes when that is over
    const endLeases = () => databases.query(database, 'UPDATE mirror_work SET lease_until = 0')
    const server = startMortalServer(settings, deaths, async (n) => void (n % 2 === 0 && (await endLeases())))
    try {
      const people = await pushPeople(server, token, atLeast)
      await endLeases()
      await besideServer(readConfig(settings), async ({ waiting, reconcileAll }) => {
        await eventually(async () => (await waiting()) === 0, 60_000)
        const state = await readWholeState(await server.url(), token, folder.path)
        expect(state).toEqual(stateOf(people, state))
        const nothing = { checked: people.length, healed: 0, removed: 0, foreign: 0 }
        expect(await reconcileAll()).toEqual([nothing, nothing])
        expect(await reconcileAll()).toEqual([nothing, nothing])
        expect(await readWholeState(await server.url(), token, folder.path)).toEqual(state)
      })
    } finally {
      await server.stop()
    }
  }
}

function urlOf(database: DatabaseConfig): string {
  if (database.kind === 'sqlite') return `sqlite:${database.file}`
  const { user, password, host, port, database: name } = database
  return `mysql://${user}:${password}@${host}:${port}/${name}`
}

/** On the same database and targets, as the command line is. */
async function besideServer(
  config: Config,
  work: (beside: { waiting(): Promise<number>; reconcileAll(): Promise<readonly object[]> }) => Promise<void>,
): Promise<void> {
  const parts = await openParts(config)
  const targets = openTargets(config)
  try {
    await work({
      waiting: async () => {
        const statuses = await Promise.all(targetNames.map((target) => parts.store.read.mirror.status(target)))
        return statuses.reduce((sum, { waiting }) => sum + waiting, 0)
      },
      reconcileAll: async () => [await reconcile(parts, targets.chat), await reconcile(parts, targets.mail)],
    })
  } finally {
    await closeTargets(targets)
    await parts.store.close()
  }
}
