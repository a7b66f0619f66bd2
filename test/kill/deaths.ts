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

/** Numbers from 0 to 1 that look random (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
