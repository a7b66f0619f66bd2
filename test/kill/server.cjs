// The built product as the child of a kill test: it says where it listens, and ends itself at the k-th passing of the checkpoint that
// TEST_KILL_AT names (`targetApplied:3`). When its parent lets go of it, or is gone, it stops in good order.
const { readConfig } = require('../../dist/src/config.js')
const { jsonLog } = require('../../dist/src/log.js')
const { startServer } = require('../../dist/src/server.js')

const [place, count] = (process.env.TEST_KILL_AT ?? '').split(':')
let left = Number(count)

function passing(checkpoint) {
  if (checkpoint === place && --left === 0) process.kill(process.pid, 'SIGKILL')
}

async function main() {
  const { url, stop } = await startServer(readConfig(process.env), jsonLog('error', process.stderr), passing)
  process.once('disconnect', stop)
  if (!process.connected) return stop()
  process.send(url)
}

void main()
