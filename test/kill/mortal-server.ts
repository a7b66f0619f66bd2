import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Death } from './deaths'

/** A server that dies again and again, and is started again each time, as a service manager does. */
export type MortalServer = {
  /** Where it answers in this life, or in the next one. Rejects when it ended in any other way than by a kill. */
  url(): Promise<string>
  /** A client has an answer: this may be the moment to die. */
  answered(): void
  deathsLeft(): number
  /** In good order, and for good: nothing of it is left, however the run went. */
  stop(): Promise<void>
}

/** How long one may take to stop in good order, and to start before that. */
const stopLimitMs = 30_000

/** @param betweenLives runs after the n-th death (from 1), before the next start */
export function startMortalServer(
  settings: Readonly<Record<string, string>>,
  deaths: readonly Death[],
  betweenLives: (n: number) => Promise<void>,
): MortalServer {
  let [died, answers, stopping] = [0, 0, false]
  let child: ChildProcess
  const live = () =>
    new Promise<string>((resolve, reject) => {
      if (stopping) return reject(new Error('The server was stopped.'))
      const death = deaths[died]
      answers = 0
      child = fork(path.join(__dirname, 'server.cjs'), {
        env: { PATH: process.env['PATH'], ...settings, ...(death && { TEST_KILL_AT: `${death.at}:${death.k}` }) },
      })
      child.once('message', (message) => resolve(message as string))
      child.once('exit', (code, signal) => {
        const killed = signal === 'SIGKILL'
        url = killed ? betweenLives(++died).then(live) : Promise.reject(new Error(`The server ended: ${signal ?? code}.`))
        url.catch(() => undefined) // whoever asks for it is told
        resolve(url) // it may have died before it listened
      })
    })
  let url = live()
  return {
    url: () => url,
    answered: () => {
      const death = deaths[died]
      if (death?.at === 'answer' && ++answers === death.k) child.kill('SIGKILL')
    },
    deathsLeft: () => deaths.length - died,
    stop: async () => {
      stopping = true
      const tooLong = setTimeout(() => child.kill('SIGKILL'), stopLimitMs)
      await url.catch(() => undefined) // one that is just starting would not hear us
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit')
        if (child.connected) child.disconnect()
        await ended
      }
      clearTimeout(tooLong)
    },
  }
}
