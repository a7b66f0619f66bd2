import { hookTimeoutMs } from '../services/service'
import type { Databases } from './store/databases'
import { accessContract } from './store/access.contract'
import { clientsContract } from './store/clients.contract'
import { directoryContract } from './store/directory.contract'
import { explainContract } from './store/explain.contract'
import { filtersContract, pagesContract } from './store/filters.contract'
import { generatedFiltersContract } from './store/generated-filters.contract'
import { logsContract } from './store/logs.contract'
import { migrationsContract } from './store/migrations.contract'
import { mirrorContract } from './store/mirror.contract'
import { samlContract } from './store/saml.contract'
import { systemContract } from './store/system.contract'
import { transactionsContract } from './store/transactions.contract'
import { walksContract } from './store/walks.contract'
import { openStoreOn } from './store/under-test'

/** What every database under the store must do alike. */
export function storeContract(start: () => Promise<Databases>): void {
  let databases: Databases
  beforeAll(async () => void (databases = await start()), hookTimeoutMs)
  afterAll(() => databases.close(), hookTimeoutMs)
  const open = openStoreOn(() => databases)

  describe('directory', () => directoryContract(open))
  describe('clients', () => clientsContract(open))
  describe('access', () => accessContract(open))
  describe('filters and orders', () => filtersContract(open))
  describe('generated filters', () => generatedFiltersContract(open))
  describe('pages', () => pagesContract(open))
  describe('walks', () => walksContract(open))
  describe('transactions', () => transactionsContract(open))
  describe('mirror', () => mirrorContract(open))
  describe('explain', () => explainContract(open))
  describe('provisioning log', () => logsContract(open))
  describe('system', () => systemContract(open))
  describe('saml', () => samlContract(open))
  describe('migrations', () => migrationsContract(() => databases))
}
