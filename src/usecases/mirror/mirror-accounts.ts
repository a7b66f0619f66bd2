import type { AccountName, ChatAccount, Fence, MailAccount } from '../../domain/mirror/account'
import type { UserId } from '../../domain/ids'
import { neededName, planAccount, type MirrorSettings } from '../../domain/mirror/plan-account'
import type { Passing } from '../../ports/checkpoint'
import type { Store } from '../../ports/store'
import { TargetDown, type AccountTarget, type Outcome } from '../../ports/targets'
import { isDone, settleSteps, type Step } from './settle-steps'

export type MirrorDeps = { readonly store: Store; readonly settings: MirrorSettings; readonly passing?: Passing }

/** How many people one claim takes. */
export const batchSize = 100

/** How long a batch may need before another worker takes it over. */
const leaseMs = 60_000

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
  await settleSteps(deps, target.target, steps, fence, outcomes)
  deps.passing?.('linkSettled')
  const down = [...outcomes.values()].find((outcome) => outcome instanceof TargetDown)
  if (down) throw down
  return steps.length
}

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
