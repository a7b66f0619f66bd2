import { DomainError } from '../../domain/errors'

/** The name or externalId of one person is in use: of several in one transaction, the others are not at fault. */
export const isTaken = (error: unknown): boolean =>
  error instanceof DomainError && (error.code === 'loginNameTaken' || error.code === 'externalIdTaken')
