import { openParts, type Parts } from '../../src/assemble'
import { readConfig } from '../../src/config'
import { parseLoginName } from '../../src/domain/directory/login-name'
import { showTwoStepSettings } from '../../src/usecases/access/two-step-admin'
import { cliOn, words } from '../kit/cli'
import { tempFolder } from '../kit/temp-store'

describe('kagami two-step', () => {
  const folder = tempFolder()
  const cli = cliOn(folder.path)
  const twoStep = (line: string) => cli.run(words(`two-step ${line}`))
  let parts: Parts
  beforeAll(async () => {
    parts = await openParts(readConfig(cli.env))
    await cli.run(words('admin create taro'))
  })
  afterAll(async () => {
    await parts.store.close()
    folder.remove()
  })
  const setUp = async (method: 'mail' | 'totp', recovery: readonly string[]) => {
    const { id } = (await parts.store.read.users.findByLoginName(parseLoginName('taro')))!
    const since = Date.UTC(2026, 3, 1, 9)
    const secret = 'a key that nobody is shown'
    await parts.store.transact((tx) => tx.secondSteps.put({ userId: id, method, secret, lastStep: 0, since, recovery }))
    return id
  }

  it('shows an authenticator app without its key, and takes it away from who has lost it, by name or id', async () => {
    expect((await twoStep('show taro')).out).toBe('taro signs in with the password alone.\n')
    const id = await setUp('totp', ['a', 'b', 'c'])
    expect(await twoStep('show taro')).toEqual({
      code: 0,
      out: 'taro  authenticator app  since 2026-04-01 09:00 UTC  3 recovery codes left\n',
      err: '',
    })
    expect((await twoStep(`reset ${id}`)).out).toContain('signs in with the password alone')
    expect((await twoStep('reset taro')).out).toBe('taro had no second step.\n')
    expect((await twoStep('show taro')).out).toBe('taro signs in with the password alone.\n')
  })

  it('shows codes by mail', async () => {
    await setUp('mail', [])
    expect((await twoStep('show taro')).out).toBe('taro  codes by mail  since 2026-04-01 09:00 UTC\n')
  })

  it('says whether administrators must use two steps', async () => {
    const administratorsMust = async () =>
      (await showTwoStepSettings(parts, { kind: 'operator', name: 'root' })).administratorsMust
    expect(await administratorsMust()).toBe(false)
    expect((await twoStep('require on')).out).toBe('Common administrators must use two steps.\n')
    expect(await administratorsMust()).toBe(true)
    expect((await twoStep('require off')).out).toBe('Two steps are up to each administrator.\n')
    expect(await administratorsMust()).toBe(false)
  })

  it.each([
    ['show', 2, /needs the login name or the id/],
    ['show nobody', 1, /no user nobody/],
    ['reset nobody', 1, /no user nobody/],
    ['require', 2, /needs on or off/],
    ['require maybe', 2, /needs on or off/],
  ])('%s is refused with the mend', async (line, code, message) => {
    expect(await twoStep(line)).toEqual({ code, out: '', err: expect.stringMatching(message) })
  })
})
