import { randomFrom } from '../kit/random'
import { checkpoints, type Checkpoint } from '../../src/ports/checkpoint'

/** The server is killed when this happens for the k-th time in its life. An answer counts when the client has it. */
export type Death = { readonly at: Checkpoint | 'answer'; readonly k: number }

/** Each checkpoint once, when enough is under way that much is lost. */
export const deathAtEachCheckpoint: readonly Death[] = checkpoints.map((at) => ({
  at,
  k: at === 'changeCommitted' ? 50 : 3,
}))

/** After an answer, a claim or a step at a target; a life is short or long. The same seed gives the same deaths. */
export function randomDeaths(count: number, seed: number): readonly Death[] {
  const random = randomFrom(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  const kinds = ['answer', 'workClaimed', 'targetApplied', 'linkSettled'] as const
  return Array.from({ length: count }, () => {
    const at = kinds[below(kinds.length)]!
    return { at, k: 1 + below(at === 'answer' ? 60 : 6) }
  })
}
