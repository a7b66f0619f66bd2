#!/usr/bin/env node
// `npx kagami …`: the command line, installed and built first when needed.
const { spawnSync } = require('node:child_process')
const path = require('node:path')

const here = (...parts) => path.join(__dirname, ...parts)
const run = (...args) => spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1
process.exitCode =
  run(here('ensure.cjs'), '--quiet') ||
  run('--max-semi-space-size=8', '--enable-source-maps', here('../../dist/src/cli.js'), ...process.argv.slice(2))
