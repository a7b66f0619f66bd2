import { argon2Passwords } from '../../src/connectors/passwords'
import type { DatabaseConfig } from '../../src/config'
import type { MirrorSettings } from '../../src/domain/mirror/plan-account'
import type { Passwords } from '../../src/ports/passwords'
import type { Secrets } from '../../src/ports/secrets'
import type { Store } from '../../src/ports/store'
import { openTempStore, settableClock, testSecrets, type SettableClock } from './temp-store'

/** What use cases need: a store on a file, real hashes, and a clock that a test moves. */
export type UseCaseDeps = {
  readonly store: Store
  readonly clock: SettableClock
  readonly passwords: Passwords
  readonly leaverDays: number
  readonly secrets: Secrets
  readonly settings: MirrorSettings
  readonly provisioning: { readonly days: number; readonly rows: number }
  close(): Promise<void>
}

export async function openUseCaseDeps(database?: DatabaseConfig): Promise<UseCaseDeps> {
  const clock = settableClock()
  return {
    ...(await openTempStore(database, clock)),
    clock,
    passwords: argon2Passwords(),
    leaverDays: 0,
    secrets: testSecrets,
    settings: { organizationDomain: 'example.co.jp', mailDomain: 'mail.example.co.jp' },
    provisioning: { days: 90, rows: 1_000_000 },
  }
}
