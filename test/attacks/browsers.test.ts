import request from 'supertest'
import { sealPendingSaml } from '../../src/usecases/access/take-authn-request'
import { secretsUnder } from '../../src/store/secrets'
import { encode, signXml } from '../kit/saml-idp'
import { beginTrial, leave, post, secretKey, startLab, trialOf, type Lab, type Trial } from './lab'

const minute = 60_000

/** What is rightly signed, in the wrong browser, at the wrong time, or once too often. */
describe('right responses at the ACS, wrongly used', () => {
  let lab: Lab
  beforeAll(async () => void (lab = await startLab()), 60_000)
  afterAll(() => lab.stop())

  const send = (cookie: string, xml: string) => post(lab.server, cookie, xml)
  const refused = (said: string, status = 400) => ({ status, said, sessions: 0, sessionCookie: undefined })
  const lostRequest = refused('SLASH_SA02')
  /** Signed in, in the browser of that cookie. */
  const used = async () => {
    const trial = await beginTrial(lab)
    const xml = trial.signed()
    expect(await send(trial.cookie, xml)).toMatchObject({ said: 'signed in', sessions: 1 })
    return { trial, xml }
  }

  it('replay: the same Response in the same browser', async () => {
    const { trial, xml } = await used()
    expect(await send(trial.cookie, xml)).toMatchObject(lostRequest)
    expect(await send('', xml)).toMatchObject(lostRequest)
  })

  it('replay: the same Response with a new AuthnRequest', async () => {
    const { xml } = await used()
    expect(await send((await leave(lab.server)).cookie, xml)).toMatchObject(refused('SLASH_SA02 inResponseTo'))
  })

  it('replay: the same Assertion in another Response', async () => {
    const { trial, xml } = await used()
    const other = await leave(lab.server)
    expect(await send(other.cookie, xml.replace('_response', '_another'))).toMatchObject(refused('SLASH_SA02 inResponseTo'))
    const swapped = xml.replace(/(<samlp:Response [^>]*InResponseTo=")[^"]*/, `$1${other.requestId}`)
    expect(await send((await leave(lab.server)).cookie, swapped)).toMatchObject(refused('SLASH_SA02 inResponseTo'))
    expect(await send(trial.cookie, signXml(lab.idp, xml, '_response'))).toMatchObject(lostRequest)
  })

  it('replay: an Assertion ID that was used, in an answer to a new AuthnRequest', async () => {
    const { trial } = await used()
    const next = await beginTrial(lab)
    const xml = next.signed({ assertionId: trial.right.assertionId })
    expect(await send(next.cookie, xml)).toMatchObject(refused('SLASH_SA04 firstUse'))
  })

  it('replay: six posts of one Response at once; one signs in', async () => {
    const trial = await beginTrial(lab)
    const xml = trial.signed()
    const said = await Promise.all(
      Array.from({ length: 6 }, () => post(lab.server, trial.cookie, xml, { counts: false }).then((outcome) => outcome.said)),
    )
    expect(said.sort()).toEqual([...Array.from({ length: 5 }, () => 'SLASH_SA02'), 'signed in'])
  })

  it('replay: one Assertion ID in six browsers at once; one signs in', async () => {
    const trials = await Promise.all(Array.from({ length: 6 }, () => beginTrial(lab)))
    const { assertionId } = trials[0]!.right
    const said = await Promise.all(
      trials.map(async (trial) => (await post(lab.server, trial.cookie, trial.signed({ assertionId }), { counts: false })).said),
    )
    expect(said.sort()).toEqual([...Array.from({ length: 5 }, () => 'SLASH_SA04 firstUse'), 'signed in'])
  })

  it('replay: after signing out, and after the server was started again', async () => {
    const trial = await beginTrial(lab)
    const xml = trial.signed()
    const { sessionCookie } = await send(trial.cookie, xml)
    const origin = { Cookie: sessionCookie!, Origin: trial.right.entityId }
    await request(lab.server.url).post('/logout').set(origin).type('form').send({})
    expect(await send(trial.cookie, xml)).toMatchObject(lostRequest)
    await lab.server.restart()
    expect(await send(trial.cookie, xml)).toMatchObject(lostRequest)
  }, 60_000)

  it("login CSRF: the attacker's Response in the victim's browser, which has a sign-in of its own or none", async () => {
    const attacker = await beginTrial(lab)
    const victim = await leave(lab.server)
    expect(await send('', attacker.signed())).toMatchObject(lostRequest)
    expect(await send(victim.cookie, attacker.signed())).toMatchObject(refused('SLASH_SA02 inResponseTo'))
  })

  it('an older AuthnRequest of the same browser, after a newer one replaced it', async () => {
    const [older, newer] = [await beginTrial(lab), await beginTrial(lab)]
    expect(await send(newer.cookie, older.signed())).toMatchObject(refused('SLASH_SA02 inResponseTo'))
  })

  it('begun at the identity provider', async () => {
    const trial = await beginTrial(lab)
    const xml = trial.signed({ responseAttributes: `Destination="${trial.right.acsUrl}"` }).replace(/ InResponseTo="[^"]*"/g, '')
    expect(await send('', xml)).toMatchObject(lostRequest)
  })

  it('a refused Response uses the AuthnRequest up', async () => {
    const trial = await beginTrial(lab)
    expect(await send(trial.cookie, trial.response(trial.assertion()))).toMatchObject(refused('SLASH_SA04 signature'))
    expect(await send(trial.cookie, trial.signed())).toMatchObject(lostRequest)
  })

  /** A cookie as the server would seal it at that time, under that key. */
  const sealed = (at: number, key = secretKey): Trial => {
    const pending = { id: `_sealed${at}`, returnTo: '/', at }
    const cookie = `__Host-kagami-saml=${sealPendingSaml(secretsUnder(Buffer.from(key, 'hex')), pending)}`
    return trialOf(lab, { cookie, requestId: pending.id })
  }
  const cookies: readonly (readonly [string, () => Trial])[] = [
    ['eleven minutes old', () => sealed(Date.now() - 11 * minute)],
    ['sealed under another key', () => sealed(Date.now(), '00'.repeat(32))],
  ]
  it.each(cookies)('a pending cookie: %s', async (_what, make) => {
    const trial = make()
    expect(await send(trial.cookie, trial.signed())).toMatchObject(lostRequest)
  })

  it('a pending cookie nine minutes old is right', async () => {
    const trial = sealed(Date.now() - 9 * minute)
    expect(await send(trial.cookie, trial.signed())).toMatchObject({ said: 'signed in', sessions: 1 })
  })

  const forgeries: readonly (readonly [string, (cookie: string) => string])[] = [
    ['changed at its end', (cookie) => cookie.slice(0, -4) + 'AAAA'],
    ['cut off', (cookie) => cookie.slice(0, -1)],
    ['without its tag', (cookie) => cookie.split('.').toSpliced(3, 1, '').join('.')],
    ['with a short tag', (cookie) => cookie.split('.').toSpliced(3, 1, 'AAAA').join('.')],
    ['of another form', (cookie) => cookie.replace('=v1.', '=v0.')],
    ['with more parts', (cookie) => `${cookie}.AAAA`.replace('.', '..')],
    ['under the name without its prefix', (cookie) => cookie.replace('__Host-', '')],
    ['as plain text', () => `__Host-kagami-saml=${Buffer.from('{"id":"_x","at":9e15}').toString('base64url')}`],
    ['empty', () => '__Host-kagami-saml='],
    ['giant', () => `__Host-kagami-saml=${'A'.repeat(8_000)}`],
  ]
  it.each(forgeries)('a pending cookie that is forged: %s', async (_what, forge) => {
    const trial = await beginTrial(lab)
    expect(await send(forge(trial.cookie), trial.signed())).toMatchObject(lostRequest)
  })

  const fields = (t: Trial): Record<string, string> => ({
    'no parameter': '',
    'an empty one': 'SAMLResponse=',
    'two of them': `SAMLResponse=${encodeURIComponent(encode(t.signed()))}&SAMLResponse=x`,
    'a list': `SAMLResponse[]=${encodeURIComponent(encode(t.signed()))}`,
    'an object': `SAMLResponse[x]=${encodeURIComponent(encode(t.signed()))}`,
    'another spelling': `samlresponse=${encodeURIComponent(encode(t.signed()))}`,
    'an artifact': 'SAMLart=AAQAAA',
    'WS-Federation': `wresult=${encodeURIComponent(t.signed())}`,
  })
  it.each([
    ...['no parameter', 'an empty one', 'two of them', 'a list', 'an object', 'another spelling', 'an artifact', 'WS-Federation'],
  ])('no SAMLResponse: %s', async (name) => {
    const trial = await beginTrial(lab)
    expect(await post(lab.server, trial.cookie, { body: fields(trial)[name]! })).toMatchObject(refused('SLASH_SA03'))
  })

  it.each(['application/json', 'text/plain', 'text/xml', 'multipart/form-data; boundary=x'])('no form: %s', async (type) => {
    const trial = await beginTrial(lab)
    const body = JSON.stringify({ SAMLResponse: encode(trial.signed()) })
    expect(await post(lab.server, trial.cookie, { body, type })).toMatchObject(refused('SLASH_SA03'))
  })

  it.each(['get', 'put', 'patch', 'delete', 'options'] as const)('the method %s', async (method) => {
    const trial = await beginTrial(lab)
    const target = `/saml/acs?SAMLResponse=${encodeURIComponent(encode(trial.signed()))}`
    const answer = await request(lab.server.url)[method](target).set('Cookie', trial.cookie)
    expect([answer.status, /SLASH_\w+/.exec(answer.text)?.[0]]).toEqual([405, 'SLASH_SA05'])
  })

  const outside = [
    ...[
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '///evil.example',
      'javascript:alert(1)',
    ],
    ...['https:evil.example', '/\t/evil.example', ' //evil.example', '@evil.example', 'data:text/html,x', '.evil.example'],
  ]
  it.each(outside)('RelayState and returnTo lead nowhere else: %j', async (target) => {
    const trial = await beginTrial(lab, `?returnTo=${encodeURIComponent(target)}`)
    const body = new URLSearchParams({ SAMLResponse: encode(trial.signed()), RelayState: target }).toString()
    expect(await post(lab.server, trial.cookie, { body })).toMatchObject({ said: 'signed in', location: '/' })
  })

  it('the Host header says nothing about us', async () => {
    const evil = { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'http', 'X-Original-URL': '/x' }
    const trial = await beginTrial(lab)
    const body = new URLSearchParams({ SAMLResponse: encode(trial.signed()) }).toString()
    expect(await post(lab.server, trial.cookie, { body, headers: evil })).toMatchObject({ said: 'signed in', location: '/' })
    const toEvil = await beginTrial(lab)
    const wrong = toEvil.signed({ entityId: 'https://evil.example', acsUrl: 'https://evil.example/saml/acs' })
    expect(
      (await post(lab.server, toEvil.cookie, { body: `SAMLResponse=${encodeURIComponent(encode(wrong))}`, headers: evil }))
        .status,
    ).toBe(400)
    const pages = await Promise.all(['/saml/metadata', '/saml/login'].map((at) => request(lab.server.url).get(at).set(evil)))
    for (const { text, headers } of pages) expect(`${text} ${headers['location']}`).not.toContain('evil')
  })

  it('a session that somebody brought is not the one that begins (fixation)', async () => {
    const trial = await beginTrial(lab)
    const brought = `__Host-kagami=${'A'.repeat(43)}`
    const { sessionCookie } = await send(`${brought}; ${trial.cookie}`, trial.signed())
    expect(sessionCookie).toMatch(/^__Host-kagami=[\w-]{43}$/)
    expect(sessionCookie).not.toBe(brought)
  })
})
