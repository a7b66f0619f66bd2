import { hourMs, type ClientUse } from '../../../src/domain/access/client'
import type { Version } from '../../../src/domain/brand'
import type { ClientId, TokenId } from '../../../src/domain/ids'
import { newUuid } from '../../../src/ports/clock'
import { aClientRow, aGroup, aToken, aUser, start } from '../../kit/builders'
import { addGroup, addUser, deleteUser, type OpenStore, type StoreUnderTest } from './under-test'

/** Clients, their tokens and secrets, and what they did. */
export function clientsContract(open: OpenStore): void {
  let at: StoreUnderTest
  beforeAll(async () => void (at = await open()))
  afterAll(() => at.close())
  const add = async (client = aClientRow()) => {
    await at.store.transact((tx) => tx.clients.insert(client))
    return client
  }

  it('keep what an administrator sets, and count its changes', async () => {
    const client = await add(
      aClientRow({
        allowedAddresses: ['192.0.2.0/24', '2001:db8::/32'],
        requestsPerSecond: 50,
        ignoreUnknownMembers: true,
        disabledAt: start,
      }),
    )
    expect(await at.store.read.clients.find(client.id)).toEqual(client)
    const plain = aClientRow({ id: client.id, name: 'entra', createdAt: client.createdAt })
    expect(await at.store.transact((tx) => tx.clients.update(plain))).toBe(2)
    expect(await at.store.read.clients.find(client.id)).toEqual({ ...plain, version: 2 })
    expect(await at.store.read.clients.findByName('ＥＮＴＲＡ')).toMatchObject({ id: client.id })
  })

  it('have one name each, whatever its case, also when two are made at once', async () => {
    const two = await Promise.allSettled([add(aClientRow({ name: 'Okta' })), add(aClientRow({ name: 'ＯＫＴＡ' }))])
    expect(two.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const other = await add(aClientRow({ name: 'Other' }))
    const renamed = at.store.transact((tx) => tx.clients.update({ ...other, name: 'okta' }))
    await expect(renamed).rejects.toMatchObject({ code: 'clientNameTaken' })
  })

  it('are held at their version until the commit', async () => {
    const { id } = await add(aClientRow({ name: 'versioned' }))
    const get = (version: number) => at.store.transact((tx) => tx.clients.getForUpdate(id, [version as Version]))
    expect(await get(1)).toMatchObject({ id })
    await expect(get(2)).rejects.toMatchObject({ code: 'versionMismatch' })
    const nobody = at.store.transact((tx) => tx.clients.getForUpdate(newUuid(start) as ClientId))
    await expect(nobody).rejects.toMatchObject({ code: 'clientNotFound' })
  })

  it('have tokens and secrets by their hash, with scopes, expiry and last use; each is revoked once', async () => {
    const client = await add(aClientRow({ name: 'tokens' }))
    const token = aToken(client, { hash: 'h', kind: 'secret', expiresAt: start + 1_000 })
    await at.store.transact(async (tx) => {
      await tx.clients.insertToken(token)
      await tx.clients.stampLastUsed(new Map([[token.id, { at: start + 5, address: '192.0.2.1' }]]))
      await tx.clients.stampLastUsed(new Map([[token.id, { at: start + 4, address: '192.0.2.9' }]])) // a node that writes late
    })
    const kept = { ...token, lastUsedAt: start + 5, lastUsedAddress: '192.0.2.1' }
    expect(await at.store.read.clients.findToken({ hash: 'h' })).toEqual({ token: kept, client })
    expect(await at.store.read.clients.findToken({ id: token.id })).toEqual({ token: kept, client })
    expect(await at.store.read.clients.findToken({ hash: 'H' })).toBeUndefined()
    const revoke = () => at.store.transact((tx) => tx.clients.revokeToken(token.id, start + 2))
    expect([await revoke(), await revoke()]).toEqual([true, false])
    expect(await at.store.read.clients.listTokens(client.id)).toEqual([{ ...kept, revokedAt: start + 2 }])
  })

  it('may have a token ended earlier, never later', async () => {
    const client = await add(aClientRow({ name: 'ending' }))
    const [lasting, short] = [aToken(client), aToken(client, { expiresAt: start + 1 })]
    await at.store.transact(async (tx) => {
      for (const token of [lasting, short]) {
        await tx.clients.insertToken(token)
        await tx.clients.expireToken(token.id, start + 10)
      }
    })
    const ends = (await at.store.read.clients.listTokens(client.id)).map(({ id, expiresAt }) => [id, expiresAt])
    expect(new Map(ends as [TokenId, number][])).toEqual(new Map([[lasting.id, start + 10], [short.id, start + 1]])) // prettier-ignore
  })

  describe('did', () => {
    const use = (clientId: ClientId, rest: Partial<ClientUse> = {}): ClientUse => ({
      ...{ clientId, hour: start, operation: 'GET User', outcome: 'ok', requests: 1 },
      ...rest,
    })
    const count = (uses: readonly ClientUse[], last: number) =>
      at.store.transact((tx) => tx.clients.addUses(uses, new Map(uses.map(({ clientId }) => [clientId, last]))))

    it('what all nodes have counted together, hour by hour', async () => {
      const { id } = await add(aClientRow({ name: 'counted' }))
      const uses = [
        use(id),
        use(id, { operation: 'PATCH Group', outcome: 'refused', requests: 3 }),
        use(id, { hour: start + hourMs }),
      ]
      await Promise.all([count(uses, start + 7), count([...uses].reverse(), start + 9), count(uses, start + 8)])
      expect(await at.store.read.clients.uses(id, start, start + hourMs)).toEqual([
        use(id, { requests: 3 }),
        use(id, { operation: 'PATCH Group', outcome: 'refused', requests: 9 }),
      ])
      expect(await at.store.read.clients.uses(id, start, start + 2 * hourMs)).toHaveLength(3)
      expect(await at.store.read.clients.find(id)).toMatchObject({ lastRequestAt: start + 9 })
    })

    it('nothing any more when they are gone meanwhile', async () => {
      const gone = newUuid(start) as ClientId
      const { id } = await add(aClientRow({ name: 'stays' }))
      await count([use(gone), use(id)], start)
      expect(await at.store.read.clients.uses(gone, 0, start * 2)).toEqual([])
      expect(await at.store.read.clients.uses(id, 0, start * 2)).toHaveLength(1)
    })

    it('long ago what is purged, with the tokens that ended then', async () => {
      const other = await open()
      const client = aClientRow()
      const tokens = [{}, { revokedAt: start }, { expiresAt: start }, { revokedAt: start + 1 }, { expiresAt: start + 1 }]
      await other.store.transact(async (tx) => {
        await tx.clients.insert(client)
        for (const ended of tokens) {
          const token = aToken(client, ended)
          await tx.clients.insertToken(token)
          if (token.revokedAt !== undefined) await tx.clients.revokeToken(token.id, token.revokedAt)
        }
        const uses = [0, 1, 2].map((hours) => use(client.id, { hour: start + hours * hourMs }))
        await tx.clients.addUses(uses, new Map())
      })
      const purge = (limit: number) =>
        other.store.transact((tx) => tx.clients.purge({ uses: start + 2 * hourMs, tokens: start + 1 }, limit))
      expect([await purge(1), await purge(1), await purge(1)]).toEqual([2, 2, 0])
      expect(await other.store.read.clients.uses(client.id, 0, start * 2)).toHaveLength(1)
      expect(await other.store.read.clients.listTokens()).toHaveLength(3)
      await other.close()
    })
  })

  it('go with their tokens, counts and externalIds; people, groups and what other clients know stay', async () => {
    const [going, staying] = [await add(aClientRow({ name: 'going' })), await add(aClientRow({ name: 'staying' }))]
    const user = await addUser(at.store, aUser({ loginName: 'known', externalId: 'e1' }), going.id)
    const gone = await addUser(at.store, aUser({ loginName: 'deleted', externalId: 'e2' }), going.id)
    await deleteUser(at.store, gone.id)
    await addGroup(at.store, aGroup({ name: 'known', externalId: 'e1' }), [], going.id)
    await addUser(at.store, aUser({ loginName: 'other', externalId: 'e1' }), staying.id)
    await at.store.transact(async (tx) => {
      await tx.clients.insertToken(aToken(going))
      await tx.clients.addUses(
        [{ clientId: going.id, hour: start, operation: 'GET User', outcome: 'ok', requests: 1 }],
        new Map(),
      )
    })
    expect(await at.store.read.clients.countExternalIds(going.id)).toBe(3)
    const some = (limit: number) => at.store.transact((tx) => tx.clients.deleteExternalIds(going.id, limit))
    expect([await some(2), await some(2), await some(2)]).toEqual([2, 1, 0])
    await at.store.transact((tx) => tx.clients.delete(going.id))
    expect(await at.store.read.clients.find(going.id)).toBeUndefined()
    expect(await at.store.read.clients.listTokens(going.id)).toEqual([])
    expect(await at.store.read.clients.uses(going.id, 0, start * 2)).toEqual([])
    expect(await at.store.read.clients.countExternalIds(staying.id)).toBe(1)
    expect(await at.store.read.users.find(user.id, going.id)).toMatchObject({ loginName: 'known' })
  })

  it('tell who remembers them that they have changed, once it is committed', async () => {
    let changes = 0
    at.store.onClientsChanged(() => changes++)
    const client = await add(aClientRow({ name: 'watched' }))
    const token = aToken(client)
    await at.store.transact((tx) => tx.clients.insertToken(token))
    expect(changes).toBe(2)
    await at.store.transact(async (tx) => {
      await tx.clients.stampLastUsed(new Map([[token.id, { at: start }]]))
      await tx.clients.addUses([], new Map([[client.id, start]]))
    })
    expect(changes).toBe(2)
    const undone = at.store.transact(async (tx) => {
      await tx.clients.revokeToken(token.id, start)
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    expect(changes).toBe(2)
    await at.store.transact(async (tx) => {
      await tx.clients.expireToken(token.id, start)
      await tx.clients.update(client)
    })
    expect(changes).toBeGreaterThan(2)
  })
}
