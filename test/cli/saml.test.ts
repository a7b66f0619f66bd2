import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { cliOn } from '../kit/cli'
import { makeIdp, idpMetadata } from '../kit/saml-idp'
import { tempFolder } from '../kit/temp-store'

describe('kagami saml', () => {
  const folder = tempFolder()
  afterAll(() => folder.remove())
  const file = (name: string, text: string) => {
    const at = path.join(folder.path, name)
    writeFileSync(at, text)
    return at
  }
  const cli = cliOn(folder.path)
  const saml = (...args: readonly string[]) => cli.run(['saml', ...args])

  it('sets a draft, gives a URL to try it, and enables it by force only for a reason', async () => {
    const { certificate } = await makeIdp()
    expect((await saml('show')).out).toMatch(/^SAML is off\n.*id\.example\.jp\/saml\/acs/)
    expect((await saml('test')).err).toContain('kagami saml set --metadata FILE')
    const metadata = file('metadata.xml', idpMetadata([certificate]))
    const set = await saml('set', '--metadata', metadata, '--clock-skew', '30', '--jit', 'on', '--jit-email', 'mail')
    expect([set.code, set.out]).toEqual([0, expect.stringContaining('sign-on URL https://idp.test/sso?tenant=1')])
    expect(set.out).toMatch(/clockSkewSeconds 30[^]*jit true[^]*draft not tried/)
    const test = await saml('test')
    expect([test.code, test.out]).toEqual([0, expect.stringMatching(/^https:\/\/id\.example\.jp\/saml\/login\?test=v1\.\S+\n$/)])
    const untested = await saml('enable')
    expect([untested.code, untested.err]).toEqual([1, expect.stringContaining('kagami saml test')])
    expect((await saml('enable', '--force')).code).toBe(2)
    expect((await saml('enable', '--force', '--reason', 'a test')).out).toContain('SAML is on')
    expect((await saml('disable')).out).toContain('SAML is off')
  })

  it.each([
    [['set'], /needs an option/],
    [['set', '--jit', 'maybe'], /--jit needs on or off/],
    [['set', '--clock-skew', '400'], /from 0 to 300/],
    [['set', '--metadata', '/nowhere'], /\/nowhere cannot be read/],
    [['set', '--metadata', path.join(__dirname, 'saml.test.ts')], /metadata cannot be read/],
    [['key', 'forget'], /show, next, promote, retire/],
    [['key', 'retire'], /no previous key/],
    [['sign-ins', 'x'], /no sign-in by SAML x/],
  ])('%j is refused with the mend', async (args, words) => {
    const { code, err } = await saml(...args)
    expect([code === 0, err]).toEqual([false, expect.stringMatching(words)])
  })

  it('rolls the key over step by step', async () => {
    const uses = (out: string) => out.trim().split('\n').map((line) => line.split(' ')[0]) // prettier-ignore
    expect(uses((await saml('key', 'show')).out)).toEqual(['current'])
    expect(uses((await saml('key', 'next')).out)).toEqual(['current', 'next'])
    expect(uses((await saml('key', 'promote')).out)).toEqual(['previous', 'current'])
    expect(uses((await saml('key', 'retire')).out)).toEqual(['current'])
    expect((await saml('sign-ins')).out).toContain('Nobody has signed in by SAML yet')
  })
})
