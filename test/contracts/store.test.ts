import { describeWith } from '../services/describe-with'
import { storeContract } from './store.contract'
import { mariadbDatabases, sqliteDatabases } from './store/databases'

describe('the store on SQLite', () => storeContract(sqliteDatabases))
describeWith(['mariadb'], 'the store on MariaDB', () => storeContract(mariadbDatabases))
