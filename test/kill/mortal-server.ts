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
  /** In good order. */
  stop(): Promise<void>
}

/** @param betweenLives runs after the n-th death (from 1), before the next start */
export function startMortalServer(
  settings: Readonly<Record<string, string>>,
  deaths: readonly Death[],
  betweenLives: (n: number) => Promise<void>,
): MortalServer {
  let [died, answers] = [0, 0]
  let child: ChildProcess
  const live = () =>
    new Promise<string>((resolve) => {
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
      await url
      child.send('stop')
      await once(child, 'exit')
    },
  }
}
