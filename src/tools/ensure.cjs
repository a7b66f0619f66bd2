// Before every npm script that runs built code: installs what is missing, builds what is older than its sources. Does nothing, in
// a few milliseconds, when both are there.
const { spawnSync } = require('node:child_process')
const { existsSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } = require('node:fs')
const path = require('node:path')

const root = path.join(__dirname, '../..')
const at = (...parts) => path.join(root, ...parts)
const quiet = process.argv.includes('--quiet')
const say = (text) => quiet || console.error(`kagami: ${text}`)

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`kagami: Node ${process.versions.node} is too old. Install Node 20.19 or newer.`)
  process.exit(1)
}

const timeOf = (file) => (existsSync(file) ? statSync(file).mtimeMs : 0)

function run(command, args, why, mend) {
  say(why)
  // what npm tells its scripts must not reach a second npm; the log of the install goes to stderr, stdout belongs to the program
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(lifecycle|package|command)/.test(name)))
  // SQLite is compiled against the headers that came with this Node, where they did; else npm downloads them
  const prefix = path.join(path.dirname(process.execPath), '..')
  if (existsSync(path.join(prefix, 'include/node/node.h'))) env.npm_config_nodedir ??= prefix
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], env })
  if (status === 0) return
  console.error(`kagami: ${mend}`)
  process.exit(1)
}

/** The newest change below a folder; tests and tools' own output do not count. */
function newest(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((latest, entry) => {
    const file = path.join(folder, entry.name)
    return Math.max(latest, entry.isDirectory() ? newest(file) : timeOf(file))
  }, timeOf(folder))
}

if (timeOf(at('node_modules/.package-lock.json')) < timeOf(at('package-lock.json'))) {
  run(
    'npm',
    ['ci', '--no-audit', '--no-fund', '--include=dev'],
    'installing packages (once; about a minute)',
    'npm ci failed. Look above. SQLite is compiled where no prebuilt one can be downloaded: that needs g++, make and python3.',
  )
}

const stamp = at('dist/.built')
const sources = Math.max(
  newest(at('src')),
  ...['ormconfig.ts', 'tsconfig.json', 'package-lock.json'].map((file) => timeOf(at(file))),
)
if (timeOf(stamp) < sources) {
  const started = new Date()
  const fresh = at('.cache/dist')
  // beside the old one until it is whole; then in its place, so that nothing is found that has no source any more
  rmSync(fresh, { recursive: true, force: true })
  run('node', ['node_modules/typescript7/bin/tsc', '-p', '.', '--outDir', fresh], 'building', 'The build failed. Look above.')
  writeFileSync(path.join(fresh, '.built'), '')
  utimesSync(path.join(fresh, '.built'), started, started)
  rmSync(at('dist'), { recursive: true, force: true })
  renameSync(fresh, at('dist'))
}
