import type { Actor } from '../../../src/domain/access/actor'
import { tokenHash } from '../../../src/domain/access/token'
import type { TokenId } from '../../../src/domain/ids'
import { makeAccessToken } from '../../../src/usecases/access/access-token'
import { actorOfToken, TokenMemory } from '../../../src/usecases/access/authenticate-token'
import { changeClient } from '../../../src/usecases/access/change-client'
import { createToken, type TokenDraft } from '../../../src/usecases/access/create-token'
import { listTokens } from '../../../src/usecases/access/list-tokens'
import { revokeToken } from '../../../src/usecases/access/revoke-token'
import { rotateToken } from '../../../src/usecases/access/rotate-token'
import { aClientRow, aToken } from '../../kit/builders'
import { openUseCaseDeps, type UseCaseDeps } from '../../kit/use-case-deps'

const operator = { kind: 'operator', name: 'root' } as const
const hour = 3_600_000

let deps: UseCaseDeps
let memory: TokenMemory
beforeEach(async () => {
  deps = await openUseCaseDeps()
  memory = new TokenMemory(deps)
})
afterEach(() => deps.close())
const create = (more: Partial<TokenDraft> = {}) =>
  createToken(deps, operator, { client: 'Entra', scopes: ['users:read'], ...more })
const isTaken = async (token: string) => (await memory.find(token)) !== undefined

/** Look-ups in the database from now on. */
function countLookUps(): () => number {
  const spy = jest.spyOn(deps.store.read.clients, 'findToken')
  return () => spy.mock.calls.length
}

describe('tokens', () => {
  it('are 256 random bits behind a prefix, shown once, kept as their hash', async () => {
    const { token, row } = await create()
    expect(token).toMatch(/^kgm_[\w-]{43}$/)
    const kept = await listTokens(deps, operator)
    expect(kept).toEqual([row])
    expect(JSON.stringify(kept)).not.toContain(token)
    expect(row).toMatchObject({ hash: tokenHash(token), hint: `${token.slice(0, 8)}…`, clientName: 'Entra' })
    expect((await create({ kind: 'secret' })).token).toMatch(/^kgs_[\w-]{43}$/)
  })

  it('name their client and its scopes to who is let in', async () => {
    const { token, row } = await create()
    const actor = actorOfToken((await memory.find(token))!, { address: '192.0.2.1', requestId: 'r' })
    expect(actor).toEqual({
      ...{ kind: 'client', clientId: row.clientId, name: 'Entra', scopes: new Set(['users:read']) },
      ...{ ignoreUnknownMembers: false, address: '192.0.2.1', requestId: 'r' },
    } satisfies Actor)
  })

  it('belong to one client of a name, several at once, so that one can replace another', async () => {
    const [one, other] = [await create(), await create({ client: 'ENTRA ', scopes: ['groups:read'] })]
    expect(other.row.clientId).toBe(one.row.clientId)
    for (const { token } of [one, other]) expect(await isTaken(token)).toBe(true)
  })

  it('are refused when unknown, at their expiry, and once revoked', async () => {
    const [lasting, expiring] = [await create(), await create({ expiresAt: deps.clock.now() + 1_500 })]
    for (const text of ['', 'kgm_', 'kgo_', 'kgo_v1.a.b.c.d', lasting.row.hash, `${lasting.token} `])
      expect(await isTaken(text)).toBe(false)
    deps.clock.advance(1_499)
    expect(await isTaken(expiring.token)).toBe(true)
    deps.clock.advance(1)
    expect(await isTaken(expiring.token)).toBe(false)
    expect(await isTaken(lasting.token)).toBe(true)
    await revokeToken(deps, operator, lasting.row.id.toUpperCase())
    expect(await isTaken(lasting.token)).toBe(false)
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
    ['no client', { client: ' ' }],
    ['a client with too long a name', { client: 'a'.repeat(129) }],
    ['no scope', { scopes: [] }],
    ['a time that is over', { expiresAt: Date.UTC(2020, 0) }],
  ] as const)('are not made for %s', async (_what, draft) => {
    await expect(create(draft)).rejects.toMatchObject({ code: 'invalidAttribute' })
  })

  it.each([
    ['create', () => createToken(deps, nobody, { client: 'Entra', scopes: ['users:read'] })],
    ['rotate', async () => rotateToken(deps, nobody, (await create()).row.id)],
    ['revoke', async () => revokeToken(deps, nobody, (await create()).row.id)],
    ['list', () => listTokens(deps, nobody)],
  ])('%s: only an administrator', async (_what, work) => {
    await expect(work()).rejects.toMatchObject({ code: 'notAllowed' })
  })
  const nobody = { kind: 'user', userId: 'u', name: 'u', administrator: false } as unknown as Actor
})

describe('TokenMemory', () => {
  it('looks a busy token up once a second, however many ask at once', async () => {
    const { token } = await create()
    const lookUps = countLookUps()
    await Promise.all(Array.from({ length: 50 }, async () => memory.find(token)))
    for (let i = 0; i < 50; i++) await memory.find(token)
    expect(lookUps()).toBe(1)
    deps.clock.advance(999)
    await memory.find(token)
    expect(lookUps()).toBe(1)
    deps.clock.advance(1)
    await memory.find(token)
    expect(lookUps()).toBe(2)
  })

  it('remembers nothing of a token that is not valid, so that one made a moment later works', async () => {
    const given = 'a token that is brought by an operator'
    expect(await isTaken(given)).toBe(false)
    await createToken(deps, operator, { client: 'Entra', scopes: ['users:read'] }, given)
    expect(await isTaken(given)).toBe(true)
  })

  it('remembers at most 10,000 tokens, and lets the oldest go', async () => {
    const client = aClientRow()
    const spy = jest
      .spyOn(deps.store.read.clients, 'findToken')
      .mockImplementation(async (by) => ({ client, token: aToken(client, 'hash' in by ? { hash: by.hash } : {}) }))
    for (let i = 0; i <= 10_000; i++) await memory.find(`token ${i}`)
    expect(spy).toHaveBeenCalledTimes(10_001)
    await memory.find('token 1')
    expect(spy).toHaveBeenCalledTimes(10_001)
    await memory.find('token 0')
    expect(spy).toHaveBeenCalledTimes(10_002)
  })

  it('has nothing longer when the clock is set back', async () => {
    const { token } = await create()
    await memory.find(token)
    const lookUps = countLookUps()
    deps.clock.advance(-hour)
    await memory.find(token)
    expect(lookUps()).toBe(1)
  })

  it('does not keep what it read before a change that was committed meanwhile', async () => {
    const { token, row } = await create()
    const { clients } = deps.store.read
    const spy = jest.spyOn(clients, 'findToken').mockImplementationOnce(async (by) => {
      const before = await clients.findToken(by)
      await revokeToken(deps, operator, row.id)
      return before
    })
    await memory.find(token)
    expect(spy).toHaveBeenCalled()
    expect(await isTaken(token)).toBe(false)
  })
})

describe('rotateToken', () => {
  it('makes a token with the same scopes; both work until the overlap is over', async () => {
    const old = await create({ scopes: ['users:read', 'groups:write'] })
    const made = await rotateToken(deps, operator, old.row.id, { overlapMs: hour })
    expect([made.row.scopes, made.oldEndsAt]).toEqual([old.row.scopes, deps.clock.now() + hour])
    expect([await isTaken(old.token), await isTaken(made.token)]).toEqual([true, true])
    deps.clock.advance(hour)
    expect([await isTaken(old.token), await isTaken(made.token)]).toEqual([false, true])
  })

  it('overlaps a day when nobody says how long, and not at all when that is asked for', async () => {
    const [one, other] = [await create(), await create()]
    expect((await rotateToken(deps, operator, one.row.id)).oldEndsAt).toBe(deps.clock.now() + 24 * hour)
    await rotateToken(deps, operator, other.row.id, { overlapMs: 0 })
    expect([await isTaken(one.token), await isTaken(other.token)]).toEqual([true, false])
  })

  it('gives the new one as long a life as the old one had, and never prolongs the old one', async () => {
    const old = await create({ expiresAt: deps.clock.now() + 10 * hour })
    deps.clock.advance(9 * hour)
    const made = await rotateToken(deps, operator, old.row.id)
    expect(made.row.expiresAt).toBe(deps.clock.now() + 10 * hour)
    expect(made.oldEndsAt).toBe(deps.clock.now() + hour)
  })

  it('refuses what has ended, what is elsewhere, and an overlap without end', async () => {
    const { row } = await create()
    for (const elsewhere of [{ kind: 'secret' }, { clientId: row.id as never }] as const)
      await expect(rotateToken(deps, operator, row.id, elsewhere)).rejects.toMatchObject({ code: 'tokenNotFound' })
    await expect(rotateToken(deps, operator, row.id, { overlapMs: 91 * 24 * hour })).rejects.toMatchObject({
      code: 'invalidAttribute',
    })
    await revokeToken(deps, operator, row.id)
    await expect(rotateToken(deps, operator, row.id)).rejects.toMatchObject({ code: 'tokenNotFound' })
    expect(await listTokens(deps, operator)).toHaveLength(1)
  })
})

describe('access tokens', () => {
  const issue = async (secret: string, scopes = ['users:read'] as const) =>
    makeAccessToken(deps, (await memory.find(secret))!, scopes)

  it('speak for the client of their secret for an hour, with the scopes asked for', async () => {
    const { token: secret, row } = await create({ kind: 'secret', scopes: ['users:read', 'users:write'] })
    const { token, expiresInSeconds } = await issue(secret)
    expect([token, expiresInSeconds]).toEqual([expect.stringMatching(/^kgo_[\w.-]+$/), 3600])
    const known = { kind: 'access', id: row.id, clientId: row.clientId, scopes: new Set(['users:read']) }
    expect(await memory.find(token)).toMatchObject(known)
    deps.clock.advance(hour - 1)
    expect(await isTaken(token)).toBe(true)
    deps.clock.advance(1)
    expect(await isTaken(token)).toBe(false)
  })

  it.each<[string, (secretId: TokenId) => Promise<unknown>]>([
    ['their secret is revoked', (id) => revokeToken(deps, operator, id)],
    ['the overlap of its rotation is over', (id) => rotateToken(deps, operator, id, { overlapMs: 0 })],
    [
      'their client is disabled',
      async () => changeClient(deps, operator, (await listTokens(deps, operator))[0]!.clientId, { disabled: true }),
    ],
  ])('end when %s', async (_what, end) => {
    const { token: secret, row } = await create({ kind: 'secret' })
    const { token } = await issue(secret)
    expect(await isTaken(token)).toBe(true)
    await end(row.id)
    expect(await isTaken(token)).toBe(false)
  })

  it('last no longer than their secret, and are told so', async () => {
    const { token: secret } = await create({ kind: 'secret', expiresAt: deps.clock.now() + 90_500 })
    expect((await issue(secret)).expiresInSeconds).toBe(90)
  })

  it('are not taken from another installation, nor of a token in the place of a secret', async () => {
    const { token: plain } = await create()
    expect(await isTaken((await issue(plain)).token)).toBe(false)
  })
})
