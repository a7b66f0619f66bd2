import { createHash } from 'node:crypto'
import type { User } from '../directory/user'
import { chatDisplayName } from '../directory/user'
import type { UserId } from '../ids'
import type { AccountName, ChatAccount, MailAccount, ScramVerifier, TargetName } from './account'
import { accountNameFor } from './account-name'
import type { Link } from './link'

/** Everything a plan for one person at one target depends on. */
export type AccountFacts = {
  readonly objectId: UserId
  /** Absent: deleted from the directory. */
  readonly user: User | undefined
  readonly link: Link | undefined
  readonly secret: { readonly argon2: string; readonly scram?: ScramVerifier } | undefined
}

export type MirrorSettings = { readonly organizationDomain: string; readonly mailDomain: string }

/** What has to be done at a target; `link` is how we remember it, with the intent, before it is done. */
export type AccountPlan =
  | { readonly kind: 'put'; readonly link: Link; readonly account: ChatAccount | MailAccount }
  | { readonly kind: 'delete'; readonly link: Link; readonly name: AccountName }
  | { readonly kind: 'none'; readonly link: Link; readonly why: 'inStep' | 'noAccount' }
  /** Another one's account is just leaving that name. */
  | { readonly kind: 'wait'; readonly reason: string }
  | { readonly kind: 'impossible'; readonly reason: string }

/** Who holds an account name at the target; `leaving`: he is deleted and his account goes soon. */
export type NameHolder = { readonly objectId: UserId; readonly leaving: boolean }

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
  if (!user || user.kind === 'builtIn') {
    if (before.accountName === undefined) return { kind: 'none', link: before, why: 'noAccount' }
    return { kind: 'delete', link: { ...before, intent: 'delete' }, name: before.accountName }
  }
  const named = before.accountName === undefined ? accountNameFor(user.loginName, settings.organizationDomain) : undefined
  if (named?.kind === 'impossible') return named
  const name = before.accountName ?? named!.name
  if (holder && holder.objectId !== objectId) return nameHeld(name, holder)
  const account = target === 'chat' ? chatAccount(facts, user, name, before) : mailAccount(facts, user, name, before, settings)
  if (account.hash === before.appliedHash && before.intent === undefined) return { kind: 'none', link: before, why: 'inStep' }
  const remembered = 'address' in account ? { address: account.address, aliases: account.aliases } : {}
  return { kind: 'put', link: { ...before, ...remembered, accountName: name, intent: 'put' }, account }
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

function nameHeld(name: AccountName, holder: NameHolder): AccountPlan {
  return holder.leaving
    ? { kind: 'wait', reason: `The account ${name} of a deleted user is still being removed.` }
    : {
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
  return { ...account, hash: hashOf(account), ...(link.named ? {} : { displayName: chatDisplayName(user) }) }
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
  return { ...account, hash: hashOf(account) }
}

/** SHA-256 over the values in a fixed order; equal hashes, equal accounts. */
function hashOf(account: object): string {
  return createHash('sha256').update(JSON.stringify(account)).digest('hex')
}
