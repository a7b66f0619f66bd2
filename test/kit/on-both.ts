import { mariadbDatabases, sqliteDatabases, type Databases } from '../contracts/store/databases'
import { describeWith } from '../services/describe-with'
import { hookTimeoutMs } from '../services/service'
import { openUseCaseDeps, type UseCaseDeps } from './use-case-deps'

/** The suite on SQLite and on MariaDB; each test that opens gets an empty database of its own. */
export function onBoth(name: string, suite: (open: () => Promise<UseCaseDeps>, databases: () => Databases) => void): void {
  const on = (start: () => Promise<Databases>) => () => {
    let databases: Databases
    beforeAll(async () => void (databases = await start()), hookTimeoutMs)
    afterAll(() => databases.close(), hookTimeoutMs)
    suite(
      async () => openUseCaseDeps(await databases.empty()),
      () => databases,
    )
  }
  describe(`${name} on SQLite`, on(sqliteDatabases))
  describeWith(['mariadb'], `${name} on MariaDB`, on(mariadbDatabases))
}
