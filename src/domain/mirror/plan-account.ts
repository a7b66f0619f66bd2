import { createHash } from 'node:crypto'
import type { Instant } from '../brand'
import type { User, UserAttributes } from '../directory/user'
import { chatDisplayName } from '../directory/user'
import type { UserId } from '../ids'
import type { AccountName, ChatAccount, MailAccount, ScramVerifier, TargetName } from './account'
import { accountNameFor } from './account-name'
import type { Link } from './link'

/**
 * May this change of a person change his accounts? Most of what an identity provider sends does not: the name is given once, at the
 * first sync (C11), and what is not mirrored yet is read when it is.
 */
export const concernsAccounts = (from: UserAttributes, to: UserAttributes): boolean =>
  from.loginName !== to.loginName || from.status !== to.status

/** Everything a plan for one person at one target depends on. */
export type AccountFacts = {
  readonly objectId: UserId
  /** Absent: deleted from the directory. */
  readonly user: User | undefined
  readonly link: Link | undefined
  readonly secret: { readonly argon2: string; readonly scram?: ScramVerifier } | undefined
  /** Of a deleted person: his accounts are kept until then, suspended. Absent, or over: they go now. */
  readonly keptUntil?: Instant
}

export type MirrorSettings = { readonly organizationDomain: string; readonly mailDomain: string }

/** What has to be done at a target; `link` is how we remember it, with the intent, before it is done; `nextAt`: then there is more to do. */
export type AccountPlan =
  | { readonly kind: 'put'; readonly link: Link; readonly account: ChatAccount | MailAccount; readonly nextAt?: Instant }
  | { readonly kind: 'delete'; readonly link: Link; readonly name: AccountName }
  | { readonly kind: 'none'; readonly link: Link; readonly why: 'inStep' | 'noAccount'; readonly nextAt?: Instant }
  | NamePlan

/** What becomes of who needs a name or address that another one holds; `until`: a deleted one keeps it so long. */
export type NamePlan =
  | { readonly kind: 'wait'; readonly reason: string; readonly until?: Instant }
  | { readonly kind: 'impossible'; readonly reason: string }

/** Who holds an account name at the target; `leaving`: he is deleted, and his account goes: soon, or at `keptUntil`. */
export type NameHolder = { readonly objectId: UserId; readonly leaving: boolean; readonly keptUntil?: Instant }

/** Which account name this person needs that he does not have yet; the caller looks who holds it. */
export function neededName(facts: AccountFacts, settings: MirrorSettings): AccountName | undefined {
  if (!facts.user || facts.user.kind === 'builtIn' || facts.link?.accountName) return undefined
  const name = accountNameFor(facts.user.loginName, settings.organizationDomain)
  return name.kind === 'name' ? name.name : undefined
}

/** From what shall be and what was last applied to one step (C10–C13). */
export function planAccount(
  target: TargetName,
  facts: AccountFacts,
  settings: MirrorSettings,
  holder: NameHolder | undefined,
): AccountPlan {
  const { user, objectId } = facts
  const before = linkBefore(facts)
  if (!user || user.kind === 'builtIn') return planLeaver(target, facts, before, settings)
  const named = before.accountName === undefined ? accountNameFor(user.loginName, settings.organizationDomain) : undefined
  if (named?.kind === 'impossible') return named
  const name = before.accountName ?? named!.name
  if (holder && holder.objectId !== objectId) return nameHeld(name, holder)
  const account = target === 'chat' ? chatAccount(facts, user, name, before) : mailAccount(facts, user, name, before, settings)
  return planPut(before, account)
}

/** A deleted person's account goes; one that is kept for a while is suspended, has no password any more, and goes then. */
function planLeaver(target: TargetName, facts: AccountFacts, link: Link, settings: MirrorSettings): AccountPlan {
  const { objectId, keptUntil } = facts
  const { accountName: name } = link
  if (name === undefined) return { kind: 'none', link, why: 'noAccount' }
  // what was never made, or is half gone, is not worth keeping
  if (keptUntil === undefined || !link.named || link.intent === 'delete') {
    return { kind: 'delete', link: { ...link, intent: 'delete' }, name }
  }
  const shut = { objectId, name, active: false }
  const { address = `${name}@${settings.mailDomain}`, aliases } = link
  return { ...planPut(link, hashed(target === 'chat' ? shut : { ...shut, address, aliases })), nextAt: keptUntil }
}

function planPut(before: Link, account: ChatAccount | MailAccount) {
  if (account.hash === before.appliedHash && before.intent === undefined) {
    return { kind: 'none', link: before, why: 'inStep' } as const
  }
  const remembered = 'address' in account ? { address: account.address, aliases: account.aliases } : {}
  return { kind: 'put', link: { ...before, ...remembered, accountName: account.name, intent: 'put' }, account } as const
}

/** How the link reads when the step was done and read back. */
export function linkAfter(plan: Extract<AccountPlan, { readonly kind: 'put' | 'delete' }>): Link {
  const { intent: _done, ...link } = plan.link
  if (plan.kind === 'put') return { ...link, appliedHash: plan.account.hash, named: true }
  return { objectId: link.objectId, named: false, aliases: [] }
}

/** Who comes back while his account is being removed begins anew: it may be gone, and what it held was to go. Only the name is his. */
function linkBefore({ objectId, user, link }: AccountFacts): Link {
  const fresh: Link = { objectId, named: false, aliases: [] }
  if (!link) return fresh
  return user && link.intent === 'delete' ? { ...fresh, intent: 'delete', accountName: link.accountName! } : link
}

/** For who needs an account name, or an address of that account. */
export function nameHeld(name: AccountName, { objectId, leaving, keptUntil }: NameHolder): NamePlan {
  if (keptUntil !== undefined) {
    const until = `${new Date(keptUntil).toISOString().slice(0, 16).replace('T', ' ')} UTC`
    return {
      kind: 'wait',
      until: keptUntil,
      reason: `The account ${name} of a deleted user is kept until ${until}. To remove it now: kagami leaver remove ${objectId}`,
    }
  }
  if (leaving) return { kind: 'wait', reason: `The account ${name} of a deleted user is still being removed.` }
  return {
    kind: 'impossible',
    reason: `The account name ${name} belongs to another user and stays his, even after he was renamed. Change one of the login names.`,
  }
}

function chatAccount(facts: AccountFacts, user: User, name: AccountName, link: Link): ChatAccount {
  const account = {
    objectId: facts.objectId,
    name,
    active: user.status === 'inUse',
    ...(facts.secret?.scram ? { verifier: facts.secret.scram } : {}),
  }
  return { ...hashed(account), ...(link.named ? {} : { displayName: chatDisplayName(user) }) }
}

/** The address follows the login name; the ones before it stay his (aliases), the account never changes. */
function mailAccount(facts: AccountFacts, user: User, name: AccountName, link: Link, settings: MirrorSettings): MailAccount {
  const current = accountNameFor(user.loginName, settings.organizationDomain)
  const address = `${current.kind === 'name' ? current.name : name}@${settings.mailDomain}`
  const before = link.address === undefined ? link.aliases : [...link.aliases, link.address]
  const account = {
    objectId: facts.objectId,
    name,
    active: user.status === 'inUse',
    address,
    aliases: [...new Set(before)].filter((alias) => alias !== address).sort(),
    ...(facts.secret ? { passwordHash: facts.secret.argon2 } : {}),
  }
  return hashed(account)
}

/** SHA-256 over the values in a fixed order; equal hashes, equal accounts. */
function hashed<Account extends object>(account: Account): Account & { readonly hash: string } {
  return { ...account, hash: createHash('sha256').update(JSON.stringify(account)).digest('hex') }
}
