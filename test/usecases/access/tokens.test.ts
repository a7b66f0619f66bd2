import { tokenHash } from '../../../src/domain/access/token'
import { authenticateToken, type LastUsed } from '../../../src/usecases/access/authenticate-token'
import { createToken } from '../../../src/usecases/access/create-token'
import { listTokens } from '../../../src/usecases/access/list-tokens'
import { revokeToken } from '../../../src/usecases/access/revoke-token'
import { openUseCaseDeps, type UseCaseDeps } from '../../kit/use-case-deps'

const operator = { kind: 'operator', name: 'root' } as const

describe('tokens', () => {
  let deps: UseCaseDeps
  const lastUsed: LastUsed = new Map()
  beforeEach(async () => void (deps = await openUseCaseDeps()))
  afterEach(() => deps.close())
  const create = (expiresAt?: number) =>
    createToken(deps, operator, { client: 'Entra', scopes: ['users:read'], ...(expiresAt === undefined ? {} : { expiresAt }) })
  const authenticate = (token: string) => authenticateToken({ ...deps, lastUsed }, token, { address: '192.0.2.1' })

  it('are 256 random bits behind a prefix, shown once, kept as their hash', async () => {
    const { token, row } = await create()
    expect(token).toMatch(/^kgm_[\w-]{43}$/)
    const kept = await listTokens(deps, operator)
    expect(kept).toEqual([row])
    expect(JSON.stringify(kept)).not.toContain(token)
    expect(row).toMatchObject({ hash: tokenHash(token), hint: `${token.slice(0, 8)}…`, clientName: 'Entra' })
  })

  it('name their client and its scopes, and when they were last used', async () => {
    const { token, row } = await create()
    deps.clock.advance(5)
    expect(await authenticate(token)).toEqual({
      kind: 'client',
      clientId: row.clientId,
      name: 'Entra',
      scopes: new Set(['users:read']),
      address: '192.0.2.1',
    })
    expect(lastUsed.get(row.id)).toBe(deps.clock.now())
  })

  it('belong to one client of a name, several at once, so that one can replace another', async () => {
    const [one, other] = [await create(), await createToken(deps, operator, { client: 'ENTRA ', scopes: ['groups:read'] })]
    expect(other.row.clientId).toBe(one.row.clientId)
    for (const { token } of [one, other]) expect(await authenticate(token)).toBeDefined()
  })

  it('are refused when unknown, at their expiry, and once revoked', async () => {
    const [lasting, expiring] = [await create(), await create(deps.clock.now() + 1_000)]
    for (const text of ['', 'kgm_', lasting.row.hash, `${lasting.token} `]) expect(await authenticate(text)).toBeUndefined()
    deps.clock.advance(999)
    expect(await authenticate(expiring.token)).toBeDefined()
    deps.clock.advance(1)
    expect(await authenticate(expiring.token)).toBeUndefined()
    await revokeToken(deps, operator, lasting.row.id.toUpperCase())
    expect(await authenticate(lasting.token)).toBeUndefined()
  })

  it('are revoked once; what is not there is named, with the mend', async () => {
    const { row } = await create()
    await revokeToken(deps, operator, row.id)
    for (const id of [row.id, 'nobody']) {
      await expect(revokeToken(deps, operator, id)).rejects.toMatchObject({
        code: 'tokenNotFound',
        detail: expect.stringContaining('kagami token list') as string,
      })
    }
  })

  it.each([
    ['no client', { client: ' ', scopes: ['users:read'] }],
    ['a client with too long a name', { client: 'a'.repeat(129), scopes: ['users:read'] }],
    ['no scope', { client: 'a', scopes: [] }],
  ] as const)('are not made for %s', async (_what, draft) => {
    await expect(createToken(deps, operator, draft)).rejects.toMatchObject({ code: 'invalidAttribute' })
  })
})
