import type { Parts } from '../assemble'
import { requireTwoStep, resetTwoStep, showTwoStep } from '../usecases/access/two-step-admin'
import { day, operator, print, Usage } from './terminal'

export const twoStepHelp = `  kagami two-step show NAME_OR_ID         the second step of somebody's sign-in
  kagami two-step reset NAME_OR_ID        take it away from who has lost phone or address; he sets it up anew
  kagami two-step require on|off          must common administrators use two steps (off by default)
`

export const twoStepArguments: Readonly<Record<string, string>> = {
  'two-step show': 'the login name or the id of a user',
  'two-step reset': 'the login name or the id of a user',
  'two-step require': 'on or off',
}

export const twoStepCommands: Readonly<Record<string, (parts: Parts, values: object, argument: string) => Promise<void>>> = {
  'two-step show': async (parts, _values, nameOrId) => {
    const { loginName, method, since, recoveryCodes } = await showTwoStep(parts, operator, nameOrId)
    if (method === undefined) return print(`${loginName} signs in with the password alone.`)
    const left = method === 'totp' ? `  ${recoveryCodes} recovery codes left` : ''
    print(`${loginName}  ${method === 'totp' ? 'authenticator app' : 'codes by mail'}  since ${day(since)} UTC${left}`)
  },
  'two-step reset': async (parts, _values, nameOrId) => {
    const removed = await resetTwoStep(parts, operator, nameOrId)
    print(removed ? `${nameOrId} signs in with the password alone.` : `${nameOrId} had no second step.`)
  },
  'two-step require': async (parts, _values, wanted) => {
    if (wanted !== 'on' && wanted !== 'off') throw new Usage('two-step require needs on or off')
    await requireTwoStep(parts, operator, wanted === 'on')
    print(wanted === 'on' ? 'Common administrators must use two steps.' : 'Two steps are up to each administrator.')
  },
}
