#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { closeTargets, openParts, openTargets, type Parts } from './assemble'
import { readConfig, variables } from './config'
import { scopes, type Actor, type Scope } from './domain/access/actor'
import { doctor } from './doctor'
import { main, reasonOf } from './main'
import { createAdministrator } from './usecases/access/create-administrator'
import { createToken } from './usecases/access/create-token'
import { listTokens } from './usecases/access/list-tokens'
import { revokeToken } from './usecases/access/revoke-token'
import { listLeavers } from './usecases/mirror/list-leavers'
import { removeLeaver } from './usecases/mirror/remove-leaver'
import { runGroupSync } from './usecases/mirror/run-group-sync'
import { showGroupSync } from './usecases/mirror/show-group-sync'
import { showMirror } from './usecases/mirror/show-mirror'
import { startGroupSync } from './usecases/mirror/start-group-sync'

const help = `kagami: identity sync server

  kagami serve                            start the server (as npm start does)
  kagami migrate                          bring the database to this program's schema
  kagami token create --client NAME       make a bearer token; it is shown this once
      [--scopes users:read,users:write,groups:read,groups:write] [--days N]
      scopes: ${scopes.join(', ')}
  kagami token list                       every token, without its secret
  kagami token revoke ID                  refuse a token from now on
  kagami admin create LOGIN               make a common administrator, or give one a new one-time password
      [--password-stdin]                  with the password read from standard input instead
  kagami sync run                         carry out a chat group sync and wait for its end
  kagami sync status                      the last group sync, and how far chat and mail are
  kagami leaver list                      deleted people whose accounts are kept for now (KAGAMI_LEAVER_DAYS)
  kagami leaver remove NAME_OR_ID         remove the accounts of one of them now; what they hold is gone then
  kagami doctor                           check configuration, database and targets, and say how to mend them
  kagami help settings                    every environment variable

The command line works on the database of KAGAMI_DATABASE_URL and may run beside the server.
`

/** What is wrong with a command line. */
class Usage extends Error {}

const operator: Actor = { kind: 'operator', name: process.env['USER'] ?? 'operator' }
const print = (text: string) => void process.stdout.write(`${text}\n`)

/** The commands that take one argument, and what it is. */
const argumentOf: Readonly<Record<string, string>> = {
  'token revoke': 'the id of a token',
  'admin create': 'a login name',
  'leaver remove': 'the name or the id of a deleted user: see kagami leaver list',
}

async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parse(args)
  const [command = 'help', ...rest] = positionals
  const name = [command, ...(['token', 'admin', 'sync', 'leaver'].includes(command) ? rest.splice(0, 1) : [])].join(' ')
  if (values.help || name === 'help') return print(rest[0] === 'settings' ? settings() : help)
  const [argument, ...more] = rest
  const needed = argumentOf[name]
  if (more.length > 0 || (argument !== undefined && !needed)) throw new Usage(`unexpected: ${more[0] ?? argument}`)
  if (argument === undefined && needed) throw new Usage(`${name} needs ${needed}`)
  switch (name) {
    case 'serve':
      return main()
    case 'doctor':
      return runDoctor()
    case 'migrate':
      return withParts(async () => print('The database has the schema of this program.'))
    case 'token create':
      return withParts((parts) => tokenCreate(parts, values))
    case 'token list':
      return withParts(tokenList)
    case 'token revoke':
      return withParts(async (parts) => {
        await revokeToken(parts, operator, argument!)
        print('Revoked.')
      })
    case 'admin create':
      return withParts(async (parts) => adminCreate(parts, argument!, values['password-stdin'] ? await readLine() : undefined))
    case 'sync run':
      return withParts(syncRun)
    case 'sync status':
      return withParts(syncStatus)
    case 'leaver list':
      return withParts(leaverList)
    case 'leaver remove':
      return withParts(async (parts) => {
        const { loginName, accountName } = await removeLeaver(parts, operator, argument!)
        print(`The account ${accountName} of the deleted user ${loginName} is removed by the running server within seconds.`)
      })
    default:
      throw new Usage(`there is no command ${name}`)
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        client: { type: 'string' },
        scopes: { type: 'string' },
        days: { type: 'string' },
        'password-stdin': { type: 'boolean' },
      },
    })
  } catch (error) {
    throw new Usage((error as Error).message)
  }
}

async function withParts(work: (parts: Parts) => Promise<void>): Promise<void> {
  const parts = await openParts(readConfig(process.env))
  try {
    await work(parts)
  } finally {
    await parts.store.close()
  }
}

const scimScopes: readonly Scope[] = ['users:read', 'users:write', 'groups:read', 'groups:write']

async function tokenCreate(
  parts: Parts,
  { client, scopes: wanted, days }: { readonly client?: string; readonly scopes?: string; readonly days?: string },
) {
  if (client === undefined) throw new Usage('token create needs --client NAME, the name of the identity provider or script')
  if (days !== undefined && !/^[1-9]\d{0,4}$/.test(days)) throw new Usage('--days needs a whole number of days')
  const { token, row } = await createToken(parts, operator, {
    client,
    scopes: wanted === undefined ? scimScopes : parseScopes(wanted),
    ...(days === undefined ? {} : { expiresAt: parts.clock.now() + Number(days) * 24 * 3600 * 1000 }),
  })
  print(token)
  process.stderr.write(
    `Token ${row.id} of the client ${row.clientName}; scopes ${row.scopes.join(', ')}. It is shown this once.\n`,
  )
}

function parseScopes(text: string): readonly Scope[] {
  return text.split(',').map((part) => {
    const scope = scopes.find((known) => known === part.trim())
    if (!scope) throw new Usage(`there is no scope ${part.trim()}. Scopes: ${scopes.join(', ')}`)
    return scope
  })
}

const day = (at: number | undefined) => (at === undefined ? '-' : new Date(at).toISOString().slice(0, 16).replace('T', ' '))

async function tokenList(parts: Parts): Promise<void> {
  const tokens = await listTokens(parts, operator)
  if (tokens.length === 0) return print('There are no tokens. Make one: kagami token create --client NAME')
  const now = parts.clock.now()
  for (const token of tokens) {
    const ended = token.expiresAt !== undefined && token.expiresAt <= now
    const state = token.revokedAt !== undefined ? 'revoked' : ended ? 'expired' : 'valid'
    print(
      [
        token.id,
        state.padEnd(7),
        token.clientName,
        token.hint,
        token.scopes.join(','),
        `last used ${day(token.lastUsedAt)}`,
      ].join('  '),
    )
  }
}

async function adminCreate(parts: Parts, login: string, given: string | undefined): Promise<void> {
  const { loginName, password, created } = await createAdministrator(parts, operator, login, given)
  process.stderr.write(
    created ? `${loginName} was made and is a common administrator.\n` : `${loginName} is a common administrator.\n`,
  )
  if (given === undefined) {
    process.stderr.write('One-time password, to be changed at the first sign-in at /login?saml=off:\n')
    print(password)
  }
}

async function readLine(): Promise<string> {
  let text = ''
  for await (const part of process.stdin) text += String(part)
  const password = text.replace(/\r?\n$/, '')
  if (password === '') throw new Usage('--password-stdin was given, but standard input is empty')
  return password
}

/** Takes part in the work itself, so that it also comes to its end where no server runs. */
async function syncRun(parts: Parts): Promise<void> {
  const { job } = await startGroupSync(parts, operator)
  const targets = openTargets(readConfig(process.env))
  try {
    for (;;) {
      await runGroupSync({ store: parts.store, chat: targets.chat }, parts.node)
      const now = await parts.store.read.jobs.find(job.id)
      if (now?.finishedAt !== undefined) break
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
  } finally {
    await closeTargets(targets)
  }
  const { last } = await showGroupSync(parts, operator)
  print(describeSync(last))
  if (last?.state !== 'succeeded') process.exitCode = 1
}

async function syncStatus(parts: Parts): Promise<void> {
  const { active, last } = await showGroupSync(parts, operator)
  if (active) print(`A group sync is ${active.state}: ${active.done} of ${active.total} groups done.`)
  print(describeSync(last))
  const { targets, deadLetters, leavers } = await showMirror(parts, operator)
  for (const { target, accounts, waiting, deadLetters: dead, lastError } of targets) {
    print(
      `${target}: ${accounts} accounts, ${waiting} waiting, ${dead} that cannot be mirrored${lastError ? `; last error: ${lastError}` : ''}`,
    )
  }
  for (const { target, loginName, objectId, reason } of deadLetters) print(`  ${target} · ${loginName ?? objectId}: ${reason}`)
  if (leavers > 0) print(`The accounts of ${leavers} deleted people are kept for now. See: kagami leaver list`)
}

async function leaverList(parts: Parts): Promise<void> {
  const { total, leavers } = await listLeavers(parts, operator, 1_000)
  if (total === 0) return print('No accounts of deleted people are kept.')
  for (const { objectId, loginName, accountName, deletedAt, keptUntil } of leavers) {
    print(
      [objectId, loginName, `account ${accountName}`, `deleted ${day(deletedAt)}`, `kept until ${day(keptUntil)} UTC`].join('  '),
    )
  }
  if (total > leavers.length) print(`and ${total - leavers.length} that are kept longer`)
}

function describeSync(last: Awaited<ReturnType<typeof showGroupSync>>['last']): string {
  if (!last) return 'Groups have not been synced yet. Run: kagami sync run'
  const why = last.message ? `: ${last.message}` : ''
  return `Last group sync ${day(last.finishedAt)} UTC ${last.state}, ${last.done} of ${last.total} groups${why}`
}

async function runDoctor(): Promise<void> {
  const findings = await doctor(process.env)
  for (const { ok, what, mend } of findings)
    print(`${ok ? 'ok  ' : 'FAIL'}  ${what}${mend === undefined ? '' : `\n      ${mend}`}`)
  if (findings.some(({ ok }) => !ok)) process.exitCode = 1
}

function settings(): string {
  const rows = Object.entries(variables).map(([name, meaning]) => `${name}\n    ${meaning}`)
  return `${rows.join('\n')}\n\nEach also as NAME_FILE: the file holds the content.`
}

run(process.argv.slice(2)).catch((error: unknown) => {
  if (error instanceof Usage) process.stderr.write(`kagami: ${error.message}. See: kagami help\n`)
  else process.stderr.write(`kagami: ${reasonOf(error)}\n`)
  process.exitCode = error instanceof Usage ? 2 : 1
})
