import { parentPort, workerData } from 'node:worker_threads'
import { TargetDown } from '../../ports/targets'
import { embeddedChat } from '../chat/embedded'
import { mailTables } from '../mail/tables'

// The other side of in-thread.ts: one target, calls in the order in which they come.
type Call = { readonly id: number; readonly method: string; readonly args: readonly unknown[] }

const { kind, config } = workerData as { kind: 'chat' | 'mail'; config: never }
const target: object = kind === 'chat' ? embeddedChat(config) : mailTables(config)
const methods = target as Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>

parentPort!.on('message', ({ id, method, args }: Call) => {
  void methods[method]!(...args).then(
    (value) => parentPort!.postMessage({ id, value }),
    (error: unknown) =>
      parentPort!.postMessage({
        id,
        error:
          error instanceof Error ? (error instanceof TargetDown ? error.message : (error.stack ?? error.message)) : String(error),
        down: error instanceof TargetDown,
      }),
  )
})
