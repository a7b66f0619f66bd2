// `npm test [-- jest options]`: all tests; at the end it names what could not run on this machine and counts it.
const { spawnSync } = require('node:child_process')
const { existsSync, mkdtempSync, readFileSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const path = require('node:path')

const root = path.join(__dirname, '../..')
const folder = mkdtempSync(path.join(tmpdir(), 'kagami-run-'))
const skipped = path.join(folder, 'skipped')
const result = path.join(folder, 'result.json')
const { status } = spawnSync(
  process.execPath,
  [path.join(root, 'node_modules/jest/bin/jest.js'), '--json', `--outputFile=${result}`, ...process.argv.slice(2)],
  { cwd: root, stdio: ['inherit', 2, 'inherit'], env: { ...process.env, TEST_SKIPPED_FILE: skipped } },
)
const notRun = existsSync(skipped) ? readFileSync(skipped, 'utf8').trim().split('\n').filter(Boolean) : []
for (const line of notRun) console.log(`not run: ${line}`)
if (notRun.length > 0) {
  console.log(`${notRun.length} suites could not run here. As root on Debian, test/services/install.sh installs what they need.`)
}
if (existsSync(result)) {
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(result, 'utf8'))
  console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`)
}
rmSync(folder, { recursive: true, force: true })
process.exitCode = status ?? 1
