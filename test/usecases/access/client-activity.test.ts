import { hourMs } from '../../../src/domain/access/client'
import type { KnownToken } from '../../../src/usecases/access/authenticate-token'
import { TokenMemory } from '../../../src/usecases/access/authenticate-token'
import { ClientActivity } from '../../../src/usecases/access/client-activity'
import { createToken } from '../../../src/usecases/access/create-token'
import { listTokens } from '../../../src/usecases/access/list-tokens'
import { openUseCaseDeps, type UseCaseDeps } from '../../kit/use-case-deps'

const operator = { kind: 'operator', name: 'root' } as const

describe('ClientActivity', () => {
  let deps: UseCaseDeps
  let token: KnownToken
  let activity: ClientActivity
  beforeEach(async () => {
    deps = await openUseCaseDeps()
    const made = await createToken(deps, operator, { client: 'Entra', scopes: ['users:read'] })
    token = (await new TokenMemory(deps).find(made.token))!
    activity = new ClientActivity()
  })
  afterEach(() => deps.close())
  const count = (operation: string, at = deps.clock.now()) => activity.count(token, operation, 'ok', at, '192.0.2.1')
  const uses = () => deps.store.read.clients.uses(token.clientId, 0, Number.MAX_SAFE_INTEGER)

  it('writes once what was counted, by the hour in which it was, with the last use of the token', async () => {
    const at = deps.clock.now()
    for (let i = 0; i < 3; i++) count('GET User')
    count('GET User', at + hourMs)
    await activity.write(deps.store)
    await activity.write(deps.store)
    expect((await uses()).map(({ hour, requests }) => [hour, requests])).toEqual([
      [at - (at % hourMs), 3],
      [at - (at % hourMs) + hourMs, 1],
    ])
    expect(await listTokens(deps, operator)).toMatchObject([{ lastUsedAt: at + hourMs, lastUsedAddress: '192.0.2.1' }])
    expect(await deps.store.read.clients.find(token.clientId)).toMatchObject({ lastRequestAt: at + hourMs })
  })

  it('keeps what could not be written for the next time, with what came meanwhile', async () => {
    const at = deps.clock.now()
    count('GET User')
    const broken = { ...deps.store, transact: () => Promise.reject(new Error('no database')) }
    const failing = activity.write(broken)
    count('GET User', at + 1)
    await expect(failing).rejects.toThrow('no database')
    await activity.write(deps.store)
    expect(await uses()).toMatchObject([{ operation: 'GET User', requests: 2 }])
    expect(await deps.store.read.clients.find(token.clientId)).toMatchObject({ lastRequestAt: at + 1 })
  })

  it('writes nothing where nothing was asked', async () => {
    const silent = { ...deps.store, transact: () => Promise.reject(new Error('asked')) }
    await activity.write(silent)
  })
})
