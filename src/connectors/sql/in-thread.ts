import { Worker } from 'node:worker_threads'
import { builtScript } from '../../built-script'
import { TargetDown } from '../../ports/targets'

type Answer = { readonly id: number; readonly value?: unknown; readonly error?: string; readonly down?: boolean }

/**
 * Runs an embedded target in a thread of its own: SQLite calls are synchronous and wait for the disk, the event loop must not.
 * Every method of `names` is forwarded; values cross by structured clone.
 */
export function inThread<Target extends object>(
  kind: 'chat' | 'mail',
  config: object,
  fixed: Pick<Target, Extract<keyof Target, 'target' | 'product'>>,
  names: readonly (keyof Target & string)[],
): Target {
  const worker = new Worker(builtScript(__dirname, 'target-thread'), {
    workerData: { kind, config },
    resourceLimits: { maxYoungGenerationSizeMb: 12 },
  })
  worker.unref()
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let [last, dead] = [0, undefined as Error | undefined]
  worker.on('message', (answer: Answer) => {
    const call = waiting.get(answer.id)
    waiting.delete(answer.id)
    if (answer.error === undefined) call?.resolve(answer.value)
    else call?.reject(answer.down ? new TargetDown(answer.error) : new Error(answer.error))
    if (waiting.size === 0) worker.unref()
  })
  worker.on('error', (error) => {
    dead = error
    for (const call of waiting.values()) call.reject(error)
  })
  const call = (method: string, args: readonly unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      if (dead) return reject(dead)
      const id = ++last
      waiting.set(id, { resolve, reject })
      worker.ref()
      worker.postMessage({ id, method, args })
    })
  const methods = Object.fromEntries(names.map((name) => [name, (...args: unknown[]) => call(name, args)]))
  const close = async () => {
    await call('close', [])
    await worker.terminate()
  }
  return { ...fixed, ...methods, close } as unknown as Target
}
