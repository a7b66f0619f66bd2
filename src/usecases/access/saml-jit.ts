import type { Actor } from '../../domain/access/actor'
import type { SamlJit } from '../../domain/access/saml-settings'
import { checkKeyLength } from '../../domain/directory/check-user'
import { parseLoginName } from '../../domain/directory/login-name'
import type { UserAttributes } from '../../domain/directory/user'
import { DomainError } from '../../domain/errors'
import type { Clock } from '../../ports/clock'
import type { Passwords } from '../../ports/passwords'
import type { Store } from '../../ports/store'
import { createUser } from '../directory/create-user'
import type { From, NewSession } from './begin-session'
import { signInWithSaml } from './saml-sign-in'

/** Who signs in, as the identity provider says: name of an attribute → its values. */
export type NamedUser = { readonly nameId: string; readonly attributes: ReadonlyMap<string, readonly string[]> }

type Deps = { readonly store: Store; readonly clock: Clock; readonly passwords: Passwords }

/**
 * Signs in whom the identity provider named; who is not in the directory is made first, where the settings say so. Who was made once is
 * never changed again from here: that is SCIM's.
 *
 * @returns undefined when nobody in use has that login name, and nobody could be made
 */
export async function signInOrCreate(deps: Deps, from: From, user: NamedUser, jit: SamlJit): Promise<NewSession | undefined> {
  if (jit.enabled && (await wouldBeCreated(deps, user, jit))) await create(deps, from, user, jit)
  return signInWithSaml(deps, from, user.nameId)
}

/** Nobody has this login name, in any spelling, and it is one that a user may have. */
export async function wouldBeCreated(deps: { readonly store: Store }, { nameId }: NamedUser, jit: SamlJit): Promise<boolean> {
  return jit.enabled && isLoginName(nameId) && (await deps.store.read.users.findByLoginName(nameId)) === undefined
}

async function create(deps: Deps, { address, requestId }: From, user: NamedUser, jit: SamlJit): Promise<void> {
  const actor: Actor = {
    kind: 'system',
    name: 'SAML just-in-time',
    ...(address === undefined ? {} : { address }),
    ...(requestId === undefined ? {} : { requestId }),
  }
  try {
    await createUser(deps, actor, { attributes: attributesOf(user, jit) })
  } catch (error) {
    // somebody signed in twice at once
    if (!(error instanceof DomainError && error.code === 'loginNameTaken')) throw error
  }
}

/** What does not fit is left out: nobody is kept out because of his title. */
function attributesOf({ nameId, attributes }: NamedUser, jit: SamlJit): UserAttributes {
  const first = (name: string | undefined) => {
    const value =
      name === undefined
        ? undefined
        : attributes
            .get(name)
            ?.find((one) => one.trim() !== '')
            ?.trim()
    return value !== undefined && fits(value) ? value : undefined
  }
  const [displayName, familyName, givenName] = [first(jit.displayName), first(jit.familyName), first(jit.givenName)]
  const email = first(jit.email)
  const isAddress = email !== undefined && /^[^\s@]+@[^\s@]+$/.test(email)
  return {
    loginName: parseLoginName(nameId),
    status: 'inUse',
    ...(displayName === undefined ? {} : { displayName }),
    ...(familyName === undefined ? {} : { familyName }),
    ...(givenName === undefined ? {} : { givenName }),
    profile: isAddress ? { emails: [{ value: email, type: 'work', primary: true }] } : {},
  }
}

const isLoginName = (text: string) => passes(() => checkKeyLength('userName', parseLoginName(text), 191))
const fits = (value: string) => !/\p{Cc}/u.test(value) && passes(() => checkKeyLength('', value))

function passes(check: () => void): boolean {
  try {
    check()
    return true
  } catch (error) {
    if (error instanceof DomainError) return false
    throw error
  }
}
