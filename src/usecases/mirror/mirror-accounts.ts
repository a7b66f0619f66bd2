import { backOffMs } from '../../domain/mirror/back-off'
import type { AccountName, ChatAccount, Fence, MailAccount } from '../../domain/mirror/account'
import type { UserId } from '../../domain/ids'
import type { Link } from '../../domain/mirror/link'
import { loginNamesFor } from '../../domain/mirror/account-name'
import {
  linkAfter,
  nameHeld,
  neededName,
  planAccount,
  type AccountPlan,
  type MirrorSettings,
  type NameHolder,
  type NamePlan,
} from '../../domain/mirror/plan-account'
import type { Passing } from '../../ports/checkpoint'
import type { Store } from '../../ports/store'
import type { ClaimedWork, WorkResult } from '../../ports/store/mirror'
import { TargetDown, type AccountTarget, type Outcome } from '../../ports/targets'

export type MirrorDeps = { readonly store: Store; readonly settings: MirrorSettings; readonly passing?: Passing }

/** How many people one claim takes. */
export const batchSize = 100

/** How long a batch may need before another worker takes it over. */
const leaseMs = 60_000

/** When a new account whose name is just being freed looks again by itself; the end of the removal wakes it before. */
const nameWaitMs = 5_000

/**
 * One batch of due account work at one target: claim with intents, plan, apply, read back, link (C10).
 *
 * @returns how many people were looked at; 0 when nothing was due
 * @throws TargetDown after everything claimed was put back: nothing is lost, and nobody else's work is touched
 */
export async function mirrorAccounts<Account extends ChatAccount | MailAccount>(
  deps: MirrorDeps,
  target: AccountTarget<Account>,
): Promise<number> {
  if (!(await deps.store.read.mirror.hasDueWork(target.target))) return 0
  const { fence, steps } = await claimSteps(deps, target)
  if (steps.length === 0) return 0
  deps.passing?.('workClaimed')
  const outcomes = await applySteps(deps, target, steps, fence)
  await settleSteps(deps, target, steps, fence, outcomes)
  deps.passing?.('linkSettled')
  const down = [...outcomes.values()].find((outcome) => outcome instanceof TargetDown)
  if (down) throw down
  return steps.length
}

type Step = { readonly work: ClaimedWork; readonly plan: AccountPlan }

/** In one short transaction: the claim, who holds the names, the plans, and the intents: a crash from here on leaves a trace. */
async function claimSteps<Account extends ChatAccount | MailAccount>(
  deps: MirrorDeps,
  { target }: AccountTarget<Account>,
): Promise<{ readonly fence: Fence; readonly steps: readonly Step[] }> {
  return deps.store.transact(async (tx) => {
    const { fence, work } = await tx.mirror.claim(target, batchSize, leaseMs)
    const names = work.flatMap((one) => neededName(one, deps.settings) ?? [])
    const holders = new Map(names.length === 0 ? [] : await tx.mirror.nameHolders(target, names))
    const steps = work.map((one) => {
      const name = neededName(one, deps.settings)
      const plan = planAccount(target, one, deps.settings, name && holders.get(name))
      if (name && plan.kind === 'put') holders.set(name, { objectId: one.objectId, leaving: false })
      return { work: one, plan }
    })
    const intents = steps.flatMap(({ plan }) => (plan.kind === 'put' || plan.kind === 'delete' ? [plan.link] : []))
    if (intents.length > 0) await tx.mirror.saveIntents(target, intents)
    return { fence, steps }
  }, 'bulk')
}

/** Deletions first: their names are free then. A target that does not answer ends the batch; what was not reached is tried again. */
async function applySteps<Account extends ChatAccount | MailAccount>(
  deps: MirrorDeps,
  target: AccountTarget<Account>,
  steps: readonly Step[],
  fence: Fence,
): Promise<ReadonlyMap<UserId, Outcome | TargetDown>> {
  const outcomes = new Map<UserId, Outcome | TargetDown>()
  const deletes = steps.flatMap(({ work, plan }) =>
    plan.kind === 'delete' ? [{ objectId: work.objectId, name: plan.name }] : [],
  )
  const puts = steps.flatMap(({ plan }) => (plan.kind === 'put' ? [plan.account as Account] : []))
  try {
    if (deletes.length > 0) collect(outcomes, await target.deleteAccounts(deletes, fence))
    if (puts.length > 0) collect(outcomes, await target.putAccounts(puts, fence))
    deps.passing?.('targetApplied')
    await readBack(target, deletes, puts, outcomes)
    deps.passing?.('readBack')
  } catch (error) {
    if (!(error instanceof TargetDown)) throw error
    for (const one of [...deletes, ...puts]) outcomes.set(one.objectId, error)
  }
  return outcomes
}

const collect = (into: Map<UserId, Outcome | TargetDown>, from: ReadonlyMap<UserId, Outcome>) =>
  from.forEach((outcome, id) => into.set(id, outcome))

/** Nothing is linked that the target does not show. */
async function readBack<Account extends ChatAccount | MailAccount>(
  target: AccountTarget<Account>,
  deletes: readonly { readonly objectId: UserId; readonly name: AccountName }[],
  puts: readonly Account[],
  outcomes: Map<UserId, Outcome | TargetDown>,
): Promise<void> {
  const names = [...deletes, ...puts].map((one) => one.name)
  if (names.length === 0) return
  const seen = new Map((await target.findAccounts(names)).map((account) => [account.name, account]))
  const differs = { kind: 'retry', reason: 'The target did not show the change when it was read back.' } as const
  const succeeded = (id: UserId) => isDone(outcomes.get(id))
  for (const put of puts) {
    const account = seen.get(put.name)
    if (succeeded(put.objectId) && (account?.objectId !== put.objectId || account.hash !== put.hash))
      outcomes.set(put.objectId, differs)
  }
  for (const one of deletes) {
    if (succeeded(one.objectId) && seen.get(one.name)?.objectId === one.objectId) outcomes.set(one.objectId, differs)
  }
}

/** In one short transaction: what became of each, and who can have his name now because another one's account is gone. */
async function settleSteps<Account extends ChatAccount | MailAccount>(
  { store, settings }: MirrorDeps,
  { target }: AccountTarget<Account>,
  steps: readonly Step[],
  fence: Fence,
  outcomes: ReadonlyMap<UserId, Outcome | TargetDown>,
): Promise<void> {
  const held = [...outcomes.values()].flatMap((outcome) => ('heldBy' in outcome && outcome.heldBy ? [outcome.heldBy] : []))
  const freed = steps.flatMap(({ work, plan }) =>
    plan.kind === 'delete' && isDone(outcomes.get(work.objectId)) ? namesOf(plan.link, settings) : [],
  )
  await store.transact(async (tx) => {
    if (freed.length > 0) await tx.mirror.nameFreed(target, freed)
    const holders = held.length === 0 ? new Map<AccountName, NameHolder>() : await tx.mirror.nameHolders(target, held)
    const results = new Map(steps.map((step) => [step.work.objectId, resultOf(step, outcomes, holders)]))
    await tx.mirror.settle(target, fence, results)
  }, 'bulk')
}

/** Who signs in by these names has waited for this account's name, or one of its addresses. */
function namesOf({ accountName, address, aliases }: Link, { organizationDomain }: MirrorSettings): readonly string[] {
  const addresses = address === undefined ? aliases : [address, ...aliases]
  const names = new Set<string>(accountName === undefined ? [] : [accountName])
  for (const one of addresses) names.add(one.slice(0, one.lastIndexOf('@')))
  return [...names].flatMap((name) => loginNamesFor(name, organizationDomain))
}

const isDone = (outcome: Outcome | TargetDown | undefined) =>
  outcome !== undefined && 'kind' in outcome && /^(done|unchanged)$/.test(outcome.kind)

function resultOf(
  { work, plan }: Step,
  outcomes: ReadonlyMap<UserId, Outcome | TargetDown>,
  holders: ReadonlyMap<AccountName, NameHolder>,
): WorkResult {
  switch (plan.kind) {
    case 'none':
      return { kind: 'done', link: plan.link, ...nextOf(plan) }
    case 'wait':
    case 'impossible':
      return heldUp(plan)
    case 'put':
    case 'delete': {
      const outcome = outcomes.get(work.objectId)
      const later = (reason: string, afterMs?: number): WorkResult => ({
        kind: 'retry',
        reason,
        delayMs: afterMs ?? backOffMs(work.attempts, Math.random()),
      })
      if (outcome === undefined) return later('The target gave no answer for this account.')
      if (outcome instanceof TargetDown) return later(outcome.message)
      if (outcome.kind === 'rejected') {
        const holder = outcome.heldBy && holders.get(outcome.heldBy)
        if (holder?.leaving) return heldUp(nameHeld(outcome.heldBy!, holder))
        return { kind: 'deadLetter', reason: outcome.reason, ...nextOf(plan) }
      }
      if (outcome.kind === 'retry') return later(outcome.reason, outcome.afterMs)
      return { kind: 'done', link: linkAfter(plan), ...nextOf(plan) }
    }
  }
}

function heldUp(plan: NamePlan): WorkResult {
  if (plan.kind === 'impossible') return { kind: 'deadLetter', reason: plan.reason }
  const { reason, until } = plan
  return until === undefined ? { kind: 'retry', reason, delayMs: nameWaitMs } : { kind: 'wait', reason, until }
}

const nextOf = (plan: AccountPlan) => ('nextAt' in plan && plan.nextAt !== undefined ? { nextAt: plan.nextAt } : {})
