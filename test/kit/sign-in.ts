import type { From } from '../../src/usecases/access/begin-session'
import { signInInSteps, type SignIn } from '../../src/usecases/access/second-step-sign-in'
import type { UseCaseDeps } from './use-case-deps'

/** Signs in as the door does, who has no second step. */
export async function signInWithPassword(
  deps: Pick<UseCaseDeps, 'store' | 'clock' | 'secrets' | 'passwords'>,
  from: From,
  loginName: string,
  password: string,
): Promise<SignIn> {
  const form = { loginName, password, returnTo: '/', language: 'en' } as const
  const outcome = await signInInSteps({ ...deps, baseUrl: 'https://id.example.jp' }, from, form)
  if (outcome.kind === 'secondStep') throw new Error(`${loginName} has a second step`)
  return outcome
}
