import { DataSource } from 'typeorm'
import { readConfig } from './src/config'
import { dataSourceOptions } from './src/data-source-options'

/** For TypeORM's own command line: `npx typeorm migration:show -d dist/ormconfig.js`. */
export default new DataSource(dataSourceOptions(readConfig(process.env).database).writer)
