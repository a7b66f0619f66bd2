import { availableParallelism } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { SamlExpectations, SamlJudgement } from '../../domain/access/saml-judgement'
import { SamlVerifierBusy, type SamlVerifier } from '../../ports/saml-verifier'
import { unreadable } from '../../wire/saml/verify-response'

export type ThreadCall = { readonly parameter: string; readonly expected: SamlExpectations }
/** `error`: what only a fault of ours can be. */
export type ThreadAnswer = { readonly judgement: SamlJudgement } | { readonly error: string }

type Job = ThreadCall & { resolve(judgement: SamlJudgement): void; reject(error: Error): void }
type Thread = { readonly worker: Worker; job?: Job; timer?: NodeJS.Timeout }

export type ThreadSettings = {
  /** Threads at most; each holds about 20 MB. */
  readonly threads: number
  /** Responses that wait, beside those under way; more are refused. */
  readonly waiting: number
  /** The largest Response takes 100 ms; what takes longer than this is refused. */
  readonly timeoutMs: number
  /** What could not be decrypted is answered after so long, whatever it was, so that the time tells nothing either. */
  readonly concealedMs: number
  readonly script: string
}

const defaults: ThreadSettings = {
  threads: Math.max(1, Math.min(2, availableParallelism() - 1)),
  waiting: 64,
  timeoutMs: 5_000,
  concealedMs: 100,
  script: path.join(__dirname, `verifier-thread${path.extname(__filename)}`),
}

/**
 * Verifies Responses in threads of their own, each one at a time: nothing that is sent holds up the event loop. A thread is started when
 * it is first needed, and one that has died is replaced; only the Response in it is lost.
 */
export function verifierThreads(changed: Partial<ThreadSettings> = {}): SamlVerifier {
  const settings = { ...defaults, ...changed }
  const threads = new Set<Thread>()
  const waiting: Job[] = []
  let closed = false

  const next = () => {
    const thread = [...threads].find(({ job }) => !job) ?? (threads.size < settings.threads ? start() : undefined)
    const job = thread && waiting.shift()
    if (job) begin(thread, job)
  }
  const start = (): Thread => {
    const thread: Thread = { worker: new Worker(settings.script, workerOptions(settings.script)) }
    thread.worker.unref()
    thread.worker.on('message', (answer: ThreadAnswer) => {
      const job = end(thread)
      if ('judgement' in answer) job?.resolve(answer.judgement)
      else job?.reject(new Error(answer.error))
      next()
    })
    // after an error there is an exit too
    const died = (error?: Error) => {
      threads.delete(thread)
      end(thread)?.reject(new SamlVerifierBusy('the thread that verified it has died', { cause: error }))
      if (waiting.length > 0) next()
    }
    thread.worker.on('error', died).on('exit', () => died())
    threads.add(thread)
    return thread
  }
  const begin = (thread: Thread, job: Job) => {
    thread.job = job
    thread.timer = setTimeout(() => {
      end(thread)?.resolve(unreadable(`verification took longer than ${settings.timeoutMs} ms`))
      threads.delete(thread)
      void thread.worker.terminate()
    }, settings.timeoutMs)
    thread.worker.ref()
    const { parameter, expected } = job
    thread.worker.postMessage({ parameter, expected } satisfies ThreadCall)
  }
  /** The thread has nothing to do any more. @returns what it did */
  const end = (thread: Thread): Job | undefined => {
    const { job } = thread
    clearTimeout(thread.timer)
    delete thread.job
    thread.worker.unref()
    return job
  }
  const judged = (parameter: string, expected: SamlExpectations) =>
    new Promise<SamlJudgement>((resolve, reject) => {
      if (closed || waiting.length >= settings.waiting) throw new SamlVerifierBusy('too many Responses wait')
      waiting.push({ parameter, expected, resolve, reject })
      next()
    })
  return {
    verify: async (parameter, expected) => {
      const asked = performance.now()
      const judgement = await judged(parameter, expected)
      if (isConcealed(judgement)) await sleep(Math.max(0, asked + settings.concealedMs - performance.now()))
      return judgement
    },
    close: async () => {
      closed = true
      for (const job of waiting.splice(0)) job.reject(new SamlVerifierBusy('the server stops'))
      await Promise.all([...threads].map(({ worker }) => worker.terminate()))
    },
  }
}

const isConcealed = ({ verdicts }: SamlJudgement) => verdicts.some(({ name, passed }) => name === 'encryption' && !passed)

/** A thread that grows beyond all measure ends by itself. The sources, which tests and tools run, are translated on the way. */
const workerOptions = (script: string) => ({
  resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8 },
  ...(script.endsWith('.ts') && { execArgv: ['--require', 'tsx/cjs'] }),
})
