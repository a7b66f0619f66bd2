import { changeSamlDraft, enableSaml } from '../../../src/usecases/access/saml-change'
import { findSamlIdp } from '../../../src/usecases/access/saml-settings'
import { TokenMemory } from '../../../src/usecases/access/authenticate-token'
import { createAdministrator } from '../../../src/usecases/access/create-administrator'
import { deleteClient } from '../../../src/usecases/access/delete-client'
import { listTokens } from '../../../src/usecases/access/list-tokens'
import { revokeToken } from '../../../src/usecases/access/revoke-token'
import { bootstrap, type Bootstrap } from '../../../src/usecases/system/bootstrap'
import { signInWithPassword } from '../../kit/sign-in'
import { openUseCaseDeps, type UseCaseDeps } from '../../kit/use-case-deps'

const operator = { kind: 'operator', name: 'root' } as const
const [first, second] = ['1'.repeat(32), '2'.repeat(32)] as const
const idp = { ssoUrl: 'https://idp/sso', certificates: ['PEM'] }

describe('bootstrap', () => {
  let deps: UseCaseDeps
  beforeEach(async () => void (deps = await openUseCaseDeps()))
  afterEach(() => deps.close())
  const setUp = (wanted: Bootstrap = {}, node = 'node') => bootstrap(deps, wanted, node)
  const isTaken = async (token: string) => (await new TokenMemory(deps).find(token)) !== undefined
  const signIn = (name: string, password: string) => signInWithPassword(deps, {}, name, password)

  it('makes the first administrator and tells his password once', async () => {
    const made = await setUp()
    expect(made).toMatchObject({ loginName: 'Administrator' })
    await signIn('Administrator', made!.password)
    expect(await setUp()).toBeUndefined()
  })

  it('makes the one that the environment names, and does not repeat his password', async () => {
    expect(await setUp({ adminLogin: 'boss', adminPassword: 'chosen words' })).toBeUndefined()
    await signIn('boss', 'chosen words')
  })

  it('leaves a password alone that was changed, and adds no second administrator', async () => {
    await setUp({ adminLogin: 'boss', adminPassword: 'chosen words' })
    await createAdministrator(deps, operator, 'boss', 'changed words')
    await setUp({ adminLogin: 'boss', adminPassword: 'chosen words' })
    await setUp({ adminLogin: 'other', adminPassword: 'chosen words' })
    await signIn('boss', 'changed words')
    await expect(signIn('boss', 'chosen words')).rejects.toMatchObject({ code: 'wrongPassword' })
    await expect(signIn('other', 'chosen words')).rejects.toMatchObject({ code: 'wrongPassword' })
  })

  it('takes the token of the environment, once; another one replaces it', async () => {
    for (let i = 0; i < 2; i++) await setUp({ scimToken: first })
    expect(await listTokens(deps, operator)).toMatchObject([
      { clientName: 'bootstrap', scopes: ['users:read', 'users:write', 'groups:read', 'groups:write'] },
    ])
    await setUp({ scimToken: second })
    expect([await isTaken(first), await isTaken(second)]).toEqual([false, true])
  })

  it('does not bring a token back that was revoked', async () => {
    await setUp({ scimToken: first })
    await revokeToken(deps, operator, (await listTokens(deps, operator))[0]!.id)
    await setUp({ scimToken: first })
    expect(await isTaken(first)).toBe(false)
  })

  it('does not bring a token back either of which nothing is left: purged, or its client deleted', async () => {
    await setUp({ scimToken: first })
    const [token] = await listTokens(deps, operator)
    await deleteClient(deps, operator, token!.clientId)
    await setUp({ scimToken: first })
    expect(await listTokens(deps, operator)).toEqual([])
  })

  it('knows the token of an earlier version again, which kept its id alone', async () => {
    await setUp({ scimToken: first })
    const [token] = await listTokens(deps, operator)
    await deps.store.transact((tx) => tx.settings.set('bootstrap.scimToken', token!.id))
    await setUp({ scimToken: first })
    await deleteClient(deps, operator, token!.clientId)
    await setUp({ scimToken: first })
    expect(await listTokens(deps, operator)).toEqual([])
  })

  it('takes the identity provider of the environment, follows it, and leaves one alone that an administrator set', async () => {
    await setUp({ samlIdp: idp })
    await setUp({ samlIdp: { ...idp, ssoUrl: 'https://idp/new' } })
    expect(await findSamlIdp(deps)).toMatchObject({ ssoUrl: 'https://idp/new' })
    const mine = { ...idp, ssoUrl: 'https://mine' }
    await changeSamlDraft({ ...deps, saml: { locked: false } }, operator, (draft) => ({ ...draft, idp: mine }))
    await enableSaml(deps, operator, { force: { reason: 'no test here' } })
    await setUp({ samlIdp: idp })
    expect(await findSamlIdp(deps)).toMatchObject({ ssoUrl: 'https://mine' })
  })

  it('by nodes that start together makes one of everything', async () => {
    const made = await Promise.all(['a', 'b', 'c'].map((node) => setUp({ scimToken: first }, node)))
    expect(made.filter((one) => one !== undefined)).toHaveLength(1)
    expect(await listTokens(deps, operator)).toHaveLength(1)
  })

  it('goes on after a node that died in the middle of it', async () => {
    await deps.store.transact((tx) => tx.leases.take('bootstrap', 'dead', 300))
    expect(await setUp()).toBeDefined()
  })

  it('leaves its turn to the next even when it fails', async () => {
    await expect(setUp({ adminLogin: 'a/b' })).rejects.toMatchObject({ code: 'invalidLoginName' })
    expect(await deps.store.transact((tx) => tx.leases.take('bootstrap', 'next', 1))).toBe(true)
  })
})
