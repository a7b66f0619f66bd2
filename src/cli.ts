#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { closeTargets, openParts, openTargets, type Parts } from './assemble'
import { clientArguments, clientCommands, clientHelp, clientOptions } from './cli/clients'
import { explainCommand } from './cli/explain'
import { guideCommand, guideHelp } from './cli/guide'
import { twoStepArguments, twoStepCommands, twoStepHelp } from './cli/two-step'
import { mailArguments, mailCommands, mailHelp, mailOptions } from './cli/mail'
import { publicationCommands, publicationHelp, publicationOptions } from './cli/publication'
import { samlArguments, samlCommands, samlHelp, samlOptions } from './cli/saml'
import { passwordArguments, passwordCommands, passwordHelp, passwordOptions, passwordSet } from './cli/passwords'
import { day, operator, print, readLine, Usage } from './cli/terminal'
import { readConfig, variables } from './config'
import { doctor } from './doctor'
import { main, reasonOf } from './main'
import { createAdministrator } from './usecases/access/create-administrator'
import { listLeavers } from './usecases/mirror/list-leavers'
import { removeLeaver } from './usecases/mirror/remove-leaver'
import { runGroupSync } from './usecases/mirror/run-group-sync'
import { showGroupSync } from './usecases/mirror/show-group-sync'
import { showMirror } from './usecases/mirror/show-mirror'
import { startGroupSync } from './usecases/mirror/start-group-sync'

const help = `kagami: identity sync server

  kagami serve                            start the server (as npm start does)
  kagami migrate                          bring the database to this program's schema
${clientHelp}  kagami admin create LOGIN               make a common administrator, or give one a new one-time password
      [--password-stdin]                  with the password read from standard input instead
      [--provisional]                     a new account for one hour, to appoint another administrator by
${passwordHelp}${mailHelp}${twoStepHelp}${publicationHelp}  kagami sync run                         carry out a chat group sync and wait for its end
  kagami sync status                      the last group sync, and how far chat and mail are
  kagami leaver list                      deleted people whose accounts are kept for now (KAGAMI_LEAVER_DAYS)
  kagami leaver remove NAME_OR_ID         remove the accounts of one of them now; what they hold is gone then
  kagami explain USER                     where a person (id or userName) is on his way from SCIM to chat and mail, and what hinders him
${guideHelp}${samlHelp}  kagami doctor                           check configuration, database and targets, and say how to mend them
  kagami help settings                    every environment variable

The command line works on the database of KAGAMI_DATABASE_URL and may run beside the server.
`

/** The commands that may do without their argument. */
const argumentIsOptional: ReadonlySet<string> = new Set(['guide', 'saml sign-ins'])

/** The commands that take one argument, and what it is. */
const argumentOf: Readonly<Record<string, string>> = {
  ...clientArguments,
  ...mailArguments,
  ...passwordArguments,
  ...twoStepArguments,
  ...samlArguments,
  'admin create': 'a login name',
  explain: 'the id or userName of a person',
  guide: 'the name of a guide',
  'leaver remove': 'the name or the id of a deleted user: see kagami leaver list',
}

type Command = (parts: Parts, values: ReturnType<typeof parse>['values'], argument: string) => Promise<void>
const commands: Readonly<Record<string, Command>> = {
  ...clientCommands,
  ...mailCommands,
  ...twoStepCommands,
  ...publicationCommands,
  ...samlCommands,
  ...passwordCommands,
}

async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parse(args)
  const [command = 'help', ...rest] = positionals
  const name = [
    command,
    ...([
      'client',
      'token',
      'admin',
      'mail',
      'two-step',
      'password',
      'password-policy',
      'publication',
      'saml',
      'sync',
      'leaver',
    ].includes(command)
      ? rest.splice(0, 1)
      : []),
  ].join(' ')
  if (values.help || name === 'help') return print(rest[0] === 'settings' ? settings() : help)
  const [argument, ...more] = rest
  const needed = argumentOf[name]
  if (more.length > 0 || (argument !== undefined && !needed)) throw new Usage(`unexpected: ${more[0] ?? argument}`)
  if (argument === undefined && needed && !argumentIsOptional.has(name)) throw new Usage(`${name} needs ${needed}`)
  switch (name) {
    case 'serve':
      return main()
    case 'doctor':
      return runDoctor()
    case 'migrate':
      return withParts(async () => print('The database has the schema of this program.'))
    case 'admin create':
      return withParts(async (parts) =>
        adminCreate(parts, argument!, values['password-stdin'] ? await readLine() : undefined, values.provisional),
      )
    case 'password set':
      return withParts(async (parts) =>
        passwordSet(parts, values, argument!, values['password-stdin'] ? await readLine() : undefined),
      )
    case 'explain':
      return withParts((parts) => explainCommand(parts, argument!))
    case 'guide':
      return guideCommand(readConfig(process.env).baseUrl, argument, values.language)
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
    default: {
      const command = Object.hasOwn(commands, name) ? commands[name] : undefined
      if (!command) throw new Usage(`there is no command ${name}`)
      return withParts((parts) => command(parts, values, argument ?? ''))
    }
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        ...clientOptions,
        ...mailOptions,
        ...publicationOptions,
        ...passwordOptions,
        ...samlOptions,
        'password-stdin': { type: 'boolean' },
        provisional: { type: 'boolean' },
        language: { type: 'string' },
      },
    })
  } catch (error) {
    throw new Usage((error as Error).message.replaceAll('\n', ' ').replace(/\.$/, ''))
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

async function adminCreate(parts: Parts, login: string, given: string | undefined, provisional = false): Promise<void> {
  const { loginName, password, created } = await createAdministrator(parts, operator, login, given, provisional)
  process.stderr.write(
    created ? `${loginName} was made and is a common administrator.\n` : `${loginName} is a common administrator.\n`,
  )
  if (given === undefined) {
    process.stderr.write(
      provisional
        ? 'Password for the next hour, at /login?saml=off:\n'
        : 'One-time password, to be changed at the first sign-in at /login?saml=off:\n',
    )
    print(password)
  }
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
  if (leavers > 0) print(`Deleted people whose accounts are kept for now: ${leavers}. See: kagami leaver list`)
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

// a reader that has enough, as head has, does not break off what is under way
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})
run(process.argv.slice(2)).catch((error: unknown) => {
  if (error instanceof Usage) process.stderr.write(`kagami: ${error.message}. See: kagami help\n`)
  else process.stderr.write(`kagami: ${reasonOf(error)}\n`)
  process.exitCode = error instanceof Usage ? 2 : 1
})
