/** When a dead letter is due: the last moment that a Date knows. */
export const never = 8_640_000_000_000_000
