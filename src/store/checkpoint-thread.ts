import { parentPort, workerData } from 'node:worker_threads'
import BetterSqlite3 from 'better-sqlite3'

// The other side of checkpoints.ts.
const database = new BetterSqlite3(workerData as string)
database.pragma('busy_timeout = 0')

parentPort!.on('message', () => {
  database.pragma('wal_checkpoint(PASSIVE)') // waits for nobody, and nobody for it
  parentPort!.postMessage('done')
})
