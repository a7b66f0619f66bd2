import type { User } from '../../../src/domain/directory/user'
import type { UserId } from '../../../src/domain/ids'
import type { AccountName, ChatAccount, MailAccount, TargetName } from '../../../src/domain/mirror/account'
import type { Link } from '../../../src/domain/mirror/link'
import { linkAfter, neededName, planAccount, type AccountFacts, type NameHolder } from '../../../src/domain/mirror/plan-account'
import { aLink, aUser } from '../../kit/builders'

const settings = { organizationDomain: 'example.jp', mailDomain: 'mail.example.jp' }
const id = '018f0000-0000-7000-8000-000000000001' as UserId
const other = '018f0000-0000-7000-8000-000000000002' as UserId
const verifier = { iterations: 10_000, salt: 's', storedKey: 'k', serverKey: 'v' }
const secret = { argon2: '$argon2id$x', scram: verifier }

const plan = (target: TargetName, facts: Partial<AccountFacts>, holder?: NameHolder) =>
  planAccount(target, { objectId: id, user: undefined, link: undefined, secret: undefined, ...facts }, settings, holder)

/** The link after the step was carried out; fails when there is nothing to carry out. */
function carriedOut(target: TargetName, facts: Partial<AccountFacts>): Link {
  const step = plan(target, facts)
  if (step.kind !== 'put' && step.kind !== 'delete') throw new Error(`nothing to carry out: ${step.kind}`)
  return linkAfter(step)
}

const account = (target: TargetName, user: User, link?: Link): Partial<ChatAccount & MailAccount> => {
  const step = plan(target, { user, link, secret })
  if (step.kind !== 'put') throw new Error(`no account to put: ${step.kind}`)
  return step.account
}

describe('planAccount', () => {
  const user = aUser({ id, loginName: 'Taro@example.jp', familyName: '山田', givenName: '太郎' })

  it('puts a new person into chat with name, display name and verifier, and remembers the intent first (C10)', () => {
    expect(plan('chat', { user, secret })).toEqual({
      kind: 'put',
      link: { objectId: id, accountName: 'taro', intent: 'put', named: false, aliases: [] },
      account: {
        objectId: id,
        name: 'taro',
        active: true,
        verifier,
        displayName: '山田 太郎',
        hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      },
    })
  })

  it('puts a new person into mail with his address and hash', () => {
    expect(account('mail', user)).toMatchObject({
      name: 'taro',
      active: true,
      address: 'taro@mail.example.jp',
      aliases: [],
      passwordHash: '$argon2id$x',
    })
  })

  it('never sends a display name again after the first sync (C11)', () => {
    const link = carriedOut('chat', { user, secret })
    expect(plan('chat', { user: { ...user, familyName: '鈴木' }, link, secret })).toEqual({ kind: 'none', link, why: 'inStep' })
    expect(account('chat', { ...user, familyName: '鈴木', status: 'suspended' }, link)).not.toHaveProperty('displayName')
  })

  it.each<[change: string, target: TargetName, facts: Partial<AccountFacts>]>([
    ['a suspension', 'chat', { user: { ...user, status: 'suspended' }, secret }],
    ['a suspension', 'mail', { user: { ...user, status: 'suspended' }, secret }],
    ['a new password', 'chat', { user, secret: { ...secret, scram: { ...verifier, salt: 'other' } } }],
    ['a new password', 'mail', { user, secret: { ...secret, argon2: '$argon2id$y' } }],
    ['a new address', 'mail', { user: aUser({ id, loginName: 'jiro' }), secret }],
    ['a lost password', 'mail', { user }],
  ])('sends %s to %s once (C10)', (_change, target, facts) => {
    const link = carriedOut(target, { user, secret })
    const after = carriedOut(target, { ...facts, link })
    expect(after.appliedHash).not.toBe(link.appliedHash)
    expect(plan(target, { ...facts, link: after })).toMatchObject({ kind: 'none', why: 'inStep' })
  })

  it('looks again where a crash left an intent', () => {
    const link = carriedOut('chat', { user, secret })
    expect(plan('chat', { user, secret, link: { ...link, intent: 'put' } }).kind).toBe('put')
  })

  it('keeps the account of a renamed person, gives him the new address and the old one as an alias', () => {
    const first = carriedOut('mail', { user, secret })
    const renamed = aUser({ id, loginName: 'jiro' })
    expect(account('mail', renamed, first)).toMatchObject({
      name: 'taro',
      address: 'jiro@mail.example.jp',
      aliases: ['taro@mail.example.jp'],
    })
    expect(plan('chat', { user: renamed, secret, link: carriedOut('chat', { user, secret }) }).kind).toBe('none')
    const second = carriedOut('mail', { user: renamed, secret, link: first })
    expect(account('mail', user, second)).toMatchObject({ address: 'taro@mail.example.jp', aliases: ['jiro@mail.example.jp'] })
  })

  it('keeps the address of the account where the new login name can be none', () => {
    const link = carriedOut('mail', { user, secret })
    expect(plan('mail', { user: aUser({ id, loginName: '山田' }), secret, link })).toMatchObject({ kind: 'none', why: 'inStep' })
  })

  it('deletes the account of a deleted person, and forgets him', () => {
    const link = aLink(id, { address: 'taro@mail.example.jp' })
    expect(plan('mail', { link })).toEqual({ kind: 'delete', link: { ...link, intent: 'delete' }, name: 'taro' })
    expect(carriedOut('mail', { link })).toEqual({ objectId: id, named: false, aliases: [] })
  })

  it('names a person anew who comes back after his account went', () => {
    expect(account('chat', user, carriedOut('chat', { link: aLink(id) }))).toHaveProperty('displayName', '山田 太郎')
  })

  it('begins anew with who came back while his account was being removed: only the name is still his', () => {
    const left = aLink(id, { intent: 'delete', address: 'former@mail.example.jp', aliases: ['first@mail.example.jp'] })
    const fresh = { objectId: id, accountName: 'taro', intent: 'put', named: false, aliases: [] }
    expect(plan('chat', { user, link: left })).toMatchObject({ link: fresh, account: { displayName: '山田 太郎' } })
    expect(plan('mail', { user, link: left })).toMatchObject({ link: fresh, account: { aliases: [] } })
  })

  describe('of a deleted person whose accounts are kept', () => {
    const keptUntil = Date.UTC(2026, 4, 1, 9, 30)
    const left = (target: TargetName) => carriedOut(target, { user, secret })
    const address = 'taro@mail.example.jp'

    it.each<[TargetName, object]>([
      ['chat', { name: 'taro', active: false }],
      ['mail', { name: 'taro', active: false, address, aliases: [] }],
    ])('suspends his %s account without a password, and comes again when the time is over', (target, account) => {
      const step = plan(target, { link: left(target), keptUntil })
      expect(step).toEqual({
        kind: 'put',
        link: { ...left(target), intent: 'put' },
        account: { objectId: id, ...account, hash: expect.any(String) as string },
        nextAt: keptUntil,
      })
      const shut = carriedOut(target, { link: left(target), keptUntil })
      expect(plan(target, { link: shut, keptUntil })).toEqual({ kind: 'none', link: shut, why: 'inStep', nextAt: keptUntil })
      expect(plan(target, { link: shut })).toMatchObject({ kind: 'delete', name: 'taro' })
    })

    it('keeps the earlier addresses his', () => {
      const link = carriedOut('mail', { user: aUser({ id, loginName: 'jiro' }), secret, link: left('mail') })
      expect(plan('mail', { link, keptUntil })).toMatchObject({
        account: { address: 'jiro@mail.example.jp', aliases: [address] },
      })
    })

    it('gives him back the same account, and leaves his name in chat as it is (C11)', () => {
      const link = carriedOut('chat', { link: left('chat'), keptUntil })
      expect(plan('chat', { user: { ...user, familyName: '鈴木' }, secret, link })).toMatchObject({
        kind: 'put',
        account: { name: 'taro', active: true, verifier },
      })
      expect(account('chat', user, link)).not.toHaveProperty('displayName')
    })

    it.each<[what: string, link: Partial<Link>]>([
      ['half gone', { intent: 'delete' }],
      ['never made', { intent: 'put', named: false }],
    ])('does not keep what is %s', (_what, rest) => {
      expect(plan('chat', { link: aLink(id, rest), keptUntil }).kind).toBe('delete')
    })

    it('lets who needs the name wait, and names the date and the mend', () => {
      expect(plan('chat', { user }, { objectId: other, leaving: true, keptUntil })).toEqual({
        kind: 'wait',
        until: keptUntil,
        reason: `The account taro of a deleted user is kept until 2026-05-01 09:30 UTC. To remove it now: kagami leaver remove ${other}`,
      })
    })
  })

  it('has nothing to delete where there never was an account', () => {
    expect(plan('chat', {})).toMatchObject({ kind: 'none', why: 'noAccount' })
  })

  it('makes no account for a built-in user', () => {
    expect(plan('chat', { user: { ...user, kind: 'builtIn' } })).toMatchObject({ kind: 'none', why: 'noAccount' })
  })

  it('waits while the account of a deleted person leaves the name', () => {
    expect(plan('chat', { user }, { objectId: other, leaving: true }).kind).toBe('wait')
  })

  it('gives a name that belongs to another to nobody, and says how to mend it', () => {
    expect(plan('chat', { user }, { objectId: other, leaving: false })).toEqual({
      kind: 'impossible',
      reason: expect.stringMatching(/taro belongs to another user.*Change one of the login names/) as string,
    })
  })

  it('is not held up by its own name', () => {
    expect(plan('chat', { user }, { objectId: id, leaving: false }).kind).toBe('put')
  })

  it('tells why a login name can be no account', () => {
    expect(plan('chat', { user: aUser({ id, loginName: '山田' }) })).toMatchObject({
      kind: 'impossible',
      reason: expect.stringContaining('Change the login name') as string,
    })
  })
})

describe('neededName', () => {
  const facts = { objectId: id, user: aUser({ id }), link: undefined, secret: undefined }

  it.each<[who: string, facts: AccountFacts, name: string | undefined]>([
    ['a new person', facts, 'taro'],
    ['one who has an account', { ...facts, link: aLink(id, { accountName: 'x' as AccountName }) }, undefined],
    ['a deleted one', { ...facts, user: undefined }, undefined],
    ['a built-in user', { ...facts, user: aUser({ kind: 'builtIn' }) }, undefined],
    ['one whose login name can be no account', { ...facts, user: aUser({ loginName: '山田' }) }, undefined],
  ])('of %s', (_who, of, name) => {
    expect(neededName(of, settings)).toBe(name)
  })
})
