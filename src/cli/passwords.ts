import type { Parts } from '../assemble'
import { setNeverExpires, setPassword, showPassword } from '../usecases/access/password-set'
import { changeSignInSettings, showSignInSettings } from '../usecases/access/sign-in-settings'
import { InvalidInput, parseInput } from '../wire/admin/parse-input'
import { presentSignInSettings, readSignInSettings, signInSettingsDraft } from '../wire/admin/sign-in-settings'
import { day, operator, print, tell, Usage } from './terminal'

export const passwordHelp = `  kagami password-policy show             policy of passwords, lockout and sessions
  kagami password-policy set NAME=VALUE   one value, as show names it: password.minLength=14, lockout.failures=null;
                                          profile=manual or profile=recommended sets all values
  kagami password show USER               when a password (of an id or userName) was set and ends, and whether its user is locked out
  kagami password set USER                give a user a temporary password, which is shown this once; releases a lockout
      [--password-stdin]                  with the password read from standard input instead
      [--never-expires on|off]            whatever the policy says
      [--keep]                            keep the password, and say only whether it expires
`

export const passwordOptions = { 'never-expires': { type: 'string' }, keep: { type: 'boolean' } } as const

export const passwordArguments: Readonly<Record<string, string>> = {
  'password-policy set': 'NAME=VALUE',
  'password show': 'the id or userName of a person',
  'password set': 'the id or userName of a person',
}

type Values = { readonly 'never-expires'?: string | undefined; readonly keep?: boolean | undefined }

export const passwordCommands = {
  'password-policy show': async (parts: Parts) => showPolicy(parts),
  'password-policy set': async (parts: Parts, _values: Values, argument: string) => {
    await changeSignInSettings(parts, operator, (kept) => wanted(presentSignInSettings(kept), argument))
    await showPolicy(parts)
  },
  'password show': async (parts: Parts, _values: Values, who: string) => {
    const shown = await showPassword(parts, operator, who)
    if (!shown.isSet) return print(`${shown.loginName} has no password.`)
    const ends = shown.neverExpires
      ? 'never expires'
      : `expires ${shown.expiresAt === undefined ? 'never' : day(shown.expiresAt)}`
    print([shown.loginName, `set ${day(shown.changedAt)}`, ends, `${shown.failures} failures`].join('  '))
    if (shown.temporary) print('It is temporary: it must be changed at the next sign-in.')
    if (shown.locked) print(`Locked out. Release: kagami password set '${shown.loginName}'`)
  },
} as const

/** @param given from standard input; absent: one is made */
export async function passwordSet(parts: Parts, values: Values, who: string, given: string | undefined): Promise<void> {
  const { keep, 'never-expires': flag } = values
  if (flag !== undefined && flag !== 'on' && flag !== 'off') throw new Usage('--never-expires needs on or off')
  if (keep) {
    if (flag === undefined) throw new Usage('--keep needs --never-expires on or off')
    await setNeverExpires(parts, operator, who, flag === 'on')
    return tell('The password is kept.')
  }
  const { loginName, password } = await setPassword(parts, operator, who, {
    ...(given !== undefined && { password: given }),
    ...(flag !== undefined && { neverExpires: flag === 'on' }),
  })
  tell(`${loginName} has a new password. It is temporary, and his sessions have ended.`)
  if (given === undefined) print(password)
}

async function showPolicy(parts: Parts): Promise<void> {
  const { profile, warnings, ...settings } = presentSignInSettings(await showSignInSettings(parts, operator))
  print(`profile=${profile}`)
  for (const [part, values] of Object.entries(settings)) {
    for (const [name, value] of Object.entries(values)) print(`${part}.${name}=${JSON.stringify(value)}`)
  }
  for (const { detail } of warnings) tell(`Note: ${detail}`)
}

/** @throws Usage */
function wanted({ warnings: _, ...present }: ReturnType<typeof presentSignInSettings>, argument: string) {
  const [whole, path = '', text = ''] = /^([\w.]+)=(.*)$/s.exec(argument) ?? []
  if (whole === undefined) throw new Usage('password-policy set needs NAME=VALUE, such as password.minLength=14')
  const [part = '', name] = path.split('.')
  const parts: Readonly<Record<string, unknown>> = present
  const values = Object.hasOwn(parts, part) ? (Object(parts[part]) as object) : {}
  if (part !== 'profile' && (name === undefined || !Object.hasOwn(values, name)))
    throw new Usage(`there is no setting ${path}; kagami password-policy show tells which there are`)
  const change = part === 'profile' ? { profile: text } : { ...present, [part]: { ...values, [name!]: valueOf(text) } }
  try {
    return readSignInSettings(parseInput(signInSettingsDraft, change))
  } catch (error) {
    if (error instanceof InvalidInput) throw new Usage(error.message.replace(/\.$/, ''))
    throw error
  }
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
