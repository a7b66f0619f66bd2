import type { Instant } from '../brand'
import type { User } from '../directory/user'
import type { AccountName, TargetName } from '../mirror/account'
import { changeText } from './change'
import type { DoneLine, RefusedLine } from './provisioning-line'

/** `waiting`: it goes on by itself; `failed`: somebody has to do something; `none`: there is nothing here. */
export type HopState = 'ok' | 'waiting' | 'failed' | 'none'

/** One station on the way of a person: from SCIM to the directory, by the mirror's work to his account at a target. */
export type Hop = {
  readonly hop: 'scim' | 'directory' | 'work' | 'account' | 'target'
  readonly target?: TargetName
  readonly state: HopState
  readonly since?: Instant
  /** What is, and how to mend it. */
  readonly text: string
}

export type Explanation = {
  /** What hinders, the first failing hop first, then what waits; one sentence when nothing does. */
  readonly summary: readonly string[]
  /** In the order of the way. */
  readonly hops: readonly Hop[]
}

/** His work and account at one target. */
export type AccountFacts = {
  readonly target: TargetName
  /** Absent: nothing was ever asked for. */
  readonly work?: {
    readonly isDone: boolean
    /** When it is tried; absent: it waits for nothing. */
    readonly dueAt?: Instant
    readonly attempts: number
    /** A worker is at it. */
    readonly isClaimed: boolean
    readonly reason?: string
    readonly deadSince?: Instant
    readonly doneAt?: Instant
  }
  readonly accountName?: AccountName
  readonly intent?: 'put' | 'delete'
  /** The target was seen to hold what was asked for. */
  readonly isApplied: boolean
  /** Of a deleted person: they are kept until then. */
  readonly keptUntil?: Instant
  /** The target does not answer. */
  readonly outage?: { readonly since: Instant; readonly reason: string }
}

export type PersonFacts = {
  /** As he was asked for. */
  readonly name: string
  readonly user?: User
  readonly deleted?: { readonly loginName: string; readonly deletedAt: Instant; readonly expiresAt: Instant }
  readonly nearNames: readonly string[]
  /** His id, userName and externalIds. */
  readonly names: ReadonlySet<string>
  readonly lastDone?: DoneLine
  /** Refusals that name him, the last one first. */
  readonly refused: readonly RefusedLine[]
  readonly accounts: readonly AccountFacts[]
}

/** Where a person is on his way, and what hinders him. */
export function explain(facts: PersonFacts): Explanation {
  const accounts = facts.user?.kind === 'builtIn' ? [] : facts.accounts
  const hops = [
    scimHop(facts),
    directoryHop(facts),
    ...accounts.map(workHop),
    ...accounts.map((account) => accountHop(account, facts.user)),
    ...accounts.map(targetHop),
  ]
  const of = (state: HopState) => hops.filter((hop) => hop.state === state).map((hop) => `${hopName(hop)}: ${hop.text}`)
  const hindering = [...of('failed'), ...of('waiting')]
  return { summary: hindering.length > 0 ? hindering : [atRest(facts)], hops }
}

export const hopName = ({ hop, target }: Pick<Hop, 'hop' | 'target'>) =>
  hop === 'scim' ? 'SCIM' : hop === 'target' ? target! : target === undefined ? hop : `${target} ${hop}`

function atRest({ user, deleted, name }: PersonFacts): string {
  if (user)
    return user.kind === 'builtIn' ? 'A built-in user: he has no chat and no mail.' : 'Nothing hinders: everything is in step.'
  if (deleted) return 'He was deleted, and nothing waits.'
  return `Nobody here is or was called ${name}.`
}

function scimHop({ lastDone, refused: refusals, names }: PersonFacts): Hop {
  // to delete who is gone already is refused, and yet as it was wanted
  const refused = refusals.find(({ operation, status }) => !(operation === 'delete' && status === 404))
  const isLater = (line: RefusedLine) => !lastDone || (names.has(line.objects[0] ?? '') ? line.lastAt : line.at) > lastDone.at
  if (refused && isLater(refused)) {
    const { clientName = `a client at ${refused.address}`, operation, status, scimType, detail, count, at, lastAt } = refused
    const when = count === 1 ? `at ${utc(at)}` : `${count} times from ${utc(at)} to ${utc(lastAt)}, him among others`
    const text = `${clientName} was refused ${when}: ${operation}, ${status}${scimType === undefined ? '' : ` ${scimType}`}: ${detail}`
    return { hop: 'scim', state: 'failed', since: at, text }
  }
  if (!lastDone) return { hop: 'scim', state: 'none', text: 'No client has changed him, as far as the provisioning log reaches.' }
  const { clientName, operation, action, at, changes } = lastDone
  const what = changes.length === 0 ? '' : `: ${changes.map(changeText).join('; ')}`
  return { hop: 'scim', state: 'ok', since: at, text: `${clientName}, ${operation ?? action} at ${utc(at)}${what}` }
}

function directoryHop({ user, deleted, nearNames, name }: PersonFacts): Hop {
  if (user) {
    const { loginName, status, version, updatedAt: since } = user
    const state = status === 'inUse' ? 'in use' : 'suspended: he cannot sign in until active is true again'
    return {
      hop: 'directory',
      state: 'ok',
      since,
      text: `${loginName} is at version ${version}, ${state}. Changed ${utc(since)}.`,
    }
  }
  if (deleted) {
    const { loginName, deletedAt: since, expiresAt } = deleted
    const back = `If he had an externalId, the client that deleted him brings him back by it until ${utc(expiresAt)}.`
    return { hop: 'directory', state: 'none', since, text: `${loginName} was deleted ${utc(since)}. ${back}` }
  }
  const near = nearNames.length === 0 ? '' : ` Near: ${nearNames.join(', ')}.`
  return { hop: 'directory', state: 'none', text: `There is no user ${name}, by id or userName.${near}` }
}

function workHop({ target, work, keptUntil }: AccountFacts): Hop {
  const hop = { hop: 'work', target } as const
  if (!work) return { ...hop, state: 'none', text: 'Nothing was asked for.' }
  const { isDone, dueAt, attempts, isClaimed, reason, deadSince, doneAt } = work
  if (deadSince !== undefined) {
    const again = 'It is tried again at his next change and at a start of Kagami.'
    return { ...hop, state: 'failed', since: deadSince, text: `${reason ?? 'It was rejected.'} ${again}` }
  }
  if (keptUntil !== undefined && isDone) {
    return { ...hop, state: 'waiting', text: `His account is kept, suspended, until ${utc(keptUntil)}; then it is removed.` }
  }
  if (isDone && (dueAt === undefined || attempts === 0)) {
    return {
      ...hop,
      state: 'ok',
      ...(doneAt === undefined ? {} : { since: doneAt }),
      text: `Done${doneAt === undefined ? '' : ` ${utc(doneAt)}`}.`,
    }
  }
  if (isClaimed) return { ...hop, state: 'waiting', text: 'A worker is at it.' }
  if (reason !== undefined) {
    const next = dueAt === undefined || dueAt === 0 ? 'due now' : `due ${utc(dueAt)}`
    return { ...hop, state: 'waiting', text: `Tried ${attempts === 1 ? 'once' : `${attempts} times`}, again ${next}: ${reason}` }
  }
  return { ...hop, state: 'waiting', text: 'It is due, and no worker has taken it yet. One must run: KAGAMI_ROLE all or worker.' }
}

function accountHop({ target, work, accountName, intent, isApplied, keptUntil }: AccountFacts, user: User | undefined): Hop {
  const hop = { hop: 'account', target } as const
  if (accountName === undefined) return { ...hop, state: 'none', text: user ? 'He has no account yet.' : 'He has no account.' }
  const since = work?.doneAt === undefined ? {} : { since: work.doneAt }
  if (!user && keptUntil !== undefined && isApplied)
    return { ...hop, state: 'waiting', ...since, text: `${accountName} is still there.` }
  if (isApplied && intent === undefined && user) {
    const seen = work?.doneAt === undefined ? '' : `, last seen as it shall be ${utc(work.doneAt)}`
    return { ...hop, state: 'ok', ...since, text: `${accountName}${seen}.` }
  }
  if (intent === 'delete' || !user) return { ...hop, state: 'waiting', ...since, text: `${accountName} is still to be removed.` }
  return {
    ...hop,
    state: 'waiting',
    ...since,
    text: `${accountName} is in doubt until the target was seen to hold what was asked for.`,
  }
}

function targetHop({ target, outage }: AccountFacts): Hop {
  const hop = { hop: 'target', target } as const
  if (!outage) return { ...hop, state: 'ok', text: 'No outage is known.' }
  const mend = 'Its work waits and goes on by itself when it answers. Look with: kagami doctor'
  return {
    ...hop,
    state: 'failed',
    since: outage.since,
    text: `It has not answered since ${utc(outage.since)}: ${outage.reason} ${mend}`,
  }
}

const utc = (at: Instant) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
