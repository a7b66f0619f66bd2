import path from 'node:path'
import { mariadbDatabases, type Databases } from '../../../contracts/store/databases'
import { startTestServer, type TestServer } from '../../../kit/server'
import { describeWith } from '../../../services/describe-with'
import type { MysqlConfig } from '../../../services/mariadb'
import { hookTimeoutMs } from '../../../services/service'
import { playSequence, sequences } from './sequence'

function playedOn(start: () => Promise<TestServer>): void {
  let server: TestServer
  let token: string
  beforeAll(async () => {
    server = await start()
    token = await server.token(['users:read', 'users:write', 'groups:read', 'groups:write'])
  }, hookTimeoutMs)
  afterAll(() => server.stop(), hookTimeoutMs)

  it.each(sequences)('%s goes through, step by step', async (_file, sequence) => {
    await playSequence(server, token, sequence)
  })
}

describe('what identity providers send', () => {
  playedOn(() => startTestServer())

  it('is there of every identity provider that the documents name', () => {
    const idps = ['entra', 'okta', 'onelogin', 'google', 'ping', 'jumpcloud', 'keycloak', 'authentik', 'wso2', 'salesforce']
    expect(new Set(sequences.map(([file]) => path.dirname(file)))).toEqual(new Set(idps))
  })
})

describeWith(['mariadb'], 'what identity providers send, on MariaDB', () => {
  let databases: Databases
  playedOn(async () => {
    databases = await mariadbDatabases()
    const { user, password, host, port, database } = (await databases.empty()) as MysqlConfig
    return startTestServer({
      KAGAMI_DATABASE_URL: `mysql://${user}:${password}@${host}:${port}/${database}`,
      KAGAMI_SECRET_KEY: '5e'.repeat(32),
    })
  })
  afterAll(() => databases.close(), hookTimeoutMs)
})
