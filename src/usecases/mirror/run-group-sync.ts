import type { GroupId } from '../../domain/ids'
import type { ChatGroup, Fence, ObservedGroup } from '../../domain/mirror/account'
import { planGroup } from '../../domain/mirror/plan-group'
import type { Store } from '../../ports/store'
import type { Job } from '../../ports/store/system'
import { TargetDown, type ChatTarget, type Outcome } from '../../ports/targets'
import { inStep, walk } from './walk'

const leaseMs = 60_000
const pageSize = 200

/**
 * Carries out a group sync that was started, if there is one: walks the directory's groups and chat's side by side and makes chat's
 * the same (C21). Survives a restart: whoever takes over begins anew, and finds done what was done.
 *
 * @param node this program's name among several
 * @returns false when there was nothing to do
 */
export async function runGroupSync(deps: { readonly store: Store; readonly chat: ChatTarget }, node: string): Promise<boolean> {
  const { store } = deps
  const claimed = await store.transact(async (tx) => {
    const job = await tx.jobs.claim('groupSync', node, leaseMs)
    return job && { job, fence: await tx.mirror.nextFence('chat') }
  }, 'bulk')
  if (!claimed) return false
  const counts = { total: 0, done: 0, failed: 0 }
  const finish = (state: Job['state'], message?: string) =>
    store.transact(
      (tx) => tx.jobs.finish(claimed.job.id, node, { state, ...counts, ...(message === undefined ? {} : { message }) }),
      'bulk',
    )
  try {
    const reasons = await syncGroups(deps, claimed.fence, counts, async () => {
      const ours = await store.transact((tx) => tx.jobs.progress(claimed.job.id, node, leaseMs, counts), 'bulk')
      if (!ours) throw new TakenOver()
    })
    if (reasons.length === 0) await finish('succeeded')
    else await finish('failed', `${counts.failed} of ${counts.total} groups failed: ${reasons.slice(0, 3).join('; ')}`)
  } catch (error) {
    if (error instanceof TakenOver) return true
    if (!(error instanceof TargetDown)) throw error
    await finish('failed', `Chat does not answer: ${error.message} Press Sync again when it does.`)
  }
  return true
}

/** Another node has the run: its lease had ended here. */
class TakenOver extends Error {}

async function syncGroups(
  { store, chat }: { readonly store: Store; readonly chat: ChatTarget },
  fence: Fence,
  counts: { total: number; done: number; failed: number },
  progress: () => Promise<void>,
): Promise<readonly string[]> {
  const reasons: string[] = []
  const wanted = walk(
    (after: GroupId | undefined) => store.read.mirror.listGroups(after, pageSize),
    (group) => group.id,
  )
  const observed = walk(
    (after: GroupId | undefined) => chat.listGroups(after, pageSize),
    (group: ObservedGroup) => group.objectId,
  )
  for await (const [group, seen] of inStep(
    wanted,
    (one) => one.id,
    observed,
    (one) => one.objectId,
  )) {
    counts.total++
    const shall: ChatGroup | undefined = group && {
      objectId: group.id,
      label: group.name,
      members: await store.read.mirror.groupAccounts('chat', group.id),
    }
    const outcome = await carryOut(chat, fence, shall, seen)
    if ('reason' in outcome) {
      counts.failed++
      reasons.push(`${shall?.label ?? seen?.label ?? ''}: ${outcome.reason}`)
    } else counts.done++
    await progress()
  }
  return reasons
}

async function carryOut(
  chat: ChatTarget,
  fence: Fence,
  shall: ChatGroup | undefined,
  seen: ObservedGroup | undefined,
): Promise<Outcome> {
  const step = planGroup(shall, seen)
  switch (step.kind) {
    case 'put':
      return chat.putGroup(step.group, fence)
    case 'delete':
      return chat.deleteGroup(step.group.objectId, fence)
    case 'none':
      return { kind: 'unchanged' }
  }
}
