import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { dataSourceOptions } from '../../src/data-source-options'
import type { DatabaseConfig } from '../../src/config'
import type { Clock } from '../../src/ports/clock'
import type { Store } from '../../src/ports/store'
import { openStore } from '../../src/store/open-store'
import { secretsUnder } from '../../src/store/secrets'

/** A clock that stands still until a test moves it. */
export type SettableClock = Clock & { set(now: number): void; advance(ms: number): void }

export function settableClock(start = Date.UTC(2026, 3, 1, 9)): SettableClock {
  let now = start
  return { now: () => now, set: (to) => void (now = to), advance: (ms) => void (now += ms) }
}

export const testSecrets = secretsUnder(Buffer.alloc(32, 7))

/** A folder of its own, gone after `remove`. */
export function tempFolder(): { readonly path: string; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'kagami-test-'))
  return { path: folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** The real store, migrated, on a file of its own (or on the database given). */
export async function openTempStore(
  database?: DatabaseConfig,
  clock: Clock = settableClock(),
): Promise<{ store: Store; close(): Promise<void> }> {
  const folder = tempFolder()
  const store = await openStore(dataSourceOptions(database ?? { kind: 'sqlite', file: path.join(folder.path, 'kagami.db') }), {
    clock,
    secrets: testSecrets,
  })
  return {
    store,
    close: async () => {
      await store.close()
      folder.remove()
    },
  }
}
