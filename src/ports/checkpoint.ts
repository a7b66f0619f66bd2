/** Places between an answer and a link where a crash must lose nothing; tests end the process there. */
export const checkpoints = ['changeCommitted', 'workClaimed', 'targetApplied', 'readBack', 'linkSettled'] as const
export type Checkpoint = (typeof checkpoints)[number]

/** Called when the program passes a checkpoint; does nothing in production. */
export type Passing = (checkpoint: Checkpoint) => void
