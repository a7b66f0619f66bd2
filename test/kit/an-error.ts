/** For `toThrow`: any error that has these fields. */
export const anError = (fields: object): Error => expect.objectContaining(fields) as Error
