import type { UserId } from '../../domain/ids'
import type { AccountName, Fence, TargetName } from '../../domain/mirror/account'
import { loginNamesFor } from '../../domain/mirror/account-name'
import { backOffMs } from '../../domain/mirror/back-off'
import type { Link } from '../../domain/mirror/link'
import {
  linkAfter,
  nameHeld,
  type AccountPlan,
  type MirrorSettings,
  type NameHolder,
  type NamePlan,
} from '../../domain/mirror/plan-account'
import type { Store } from '../../ports/store'
import type { ClaimedWork, WorkResult } from '../../ports/store/mirror'
import { TargetDown, type Outcome } from '../../ports/targets'

/** One person of a batch, and what was planned for him. */
export type Step = { readonly work: ClaimedWork; readonly plan: AccountPlan }

/** When a new account whose name is just being freed looks again by itself; the end of the removal wakes it before. */
const nameWaitMs = 5_000

/** In one short transaction: what became of each, and who can have his name now because another one's account is gone. */
export async function settleSteps(
  { store, settings }: { readonly store: Store; readonly settings: MirrorSettings },
  target: TargetName,
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

export const isDone = (outcome: Outcome | TargetDown | undefined) =>
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
