import { explain, hopName, type AccountFacts, type PersonFacts } from '../../../src/domain/audit/explain'
import type { DoneLine, RefusedLine } from '../../../src/domain/audit/provisioning-line'
import type { ClientId } from '../../../src/domain/ids'
import type { AccountName, TargetName } from '../../../src/domain/mirror/account'
import { aUser, start } from '../../kit/builders'

const minute = 60_000
const work = { isDone: true, attempts: 0, isClaimed: false, doneAt: start } as const
const account = (target: TargetName, rest: Partial<AccountFacts> = {}): AccountFacts => ({
  target,
  work,
  accountName: 'taro' as AccountName,
  isApplied: true,
  ...rest,
})
const done: DoneLine = {
  result: 'ok',
  id: 'l',
  at: start,
  clientId: 'c' as ClientId,
  clientName: 'entra',
  operation: 'patch',
  action: 'update user',
  objectKind: 'user',
  label: 'taro',
  changes: [{ attribute: 'title', to: '課長' }],
  restored: false,
  dialect: [],
}
const refused = (rest: Partial<RefusedLine> = {}): RefusedLine => ({
  result: 'refused',
  id: 'r',
  at: start + minute,
  lastAt: start + minute,
  count: 1,
  clientName: 'okta',
  requestId: 'q',
  operation: 'replace',
  status: 409,
  scimType: 'uniqueness',
  detail: 'The name is taken.',
  objects: ['taro'],
  ...rest,
})
const facts = (rest: Partial<PersonFacts> = {}): PersonFacts => ({
  name: 'taro',
  user: aUser(),
  nearNames: [],
  names: new Set(['taro']),
  lastDone: done,
  refused: [],
  accounts: [account('chat'), account('mail')],
  ...rest,
})
const states = (rest: Partial<PersonFacts>) => explain(facts(rest)).hops.map((hop) => `${hopName(hop)} ${hop.state}`)
const summary = (rest: Partial<PersonFacts>) => explain(facts(rest)).summary
/** The mail side is otherwise than in step. */
const mail = (rest: Partial<AccountFacts>) => ({ accounts: [account('chat'), account('mail', rest)] })

describe('explain', () => {
  it('follows him from SCIM to the directory, work and accounts; when all is well it says so', () => {
    expect(states({})).toEqual([
      'SCIM ok',
      'directory ok',
      'chat work ok',
      'mail work ok',
      'chat account ok',
      'mail account ok',
      'chat ok',
      'mail ok',
    ])
    expect(explain(facts()).hops[0]!.text).toBe('entra, patch at 2026-04-01 09:00 UTC: title: 課長')
    expect(summary({})).toEqual(['Nothing hinders: everything is in step.'])
  })

  it.each<[what: string, rest: Partial<PersonFacts>, first: RegExp]>([
    [
      'a refused request',
      { refused: [refused()] },
      /^SCIM: okta was refused at .*: replace, 409 uniqueness: The name is taken\./,
    ],
    [
      'a dead letter',
      mail({ work: { ...work, deadSince: start, reason: 'No such domain.' } }),
      /^mail work: No such domain\. .*again/,
    ],
    [
      'a target that is down',
      mail({ outage: { since: start, reason: 'refused.' } }),
      /^mail: .*since 2026-04-01 09:00 UTC: refused\. /,
    ],
    [
      'work that waits for its next try',
      mail({ work: { ...work, isDone: false, attempts: 3, reason: 'Busy.', dueAt: start } }),
      /^mail work: Tried 3 times, again due 2026.* UTC: Busy\.$/,
    ],
    ['work that nobody takes', mail({ work: { ...work, isDone: false, dueAt: 0 } }), /^mail work: .*KAGAMI_ROLE/],
    ['work under way', mail({ work: { ...work, isDone: false, dueAt: 0, isClaimed: true } }), /^mail work: A worker is at it/],
    ['an account in doubt', mail({ isApplied: false }), /^mail account: taro is in doubt/],
  ])('puts %s first', (_what, rest, first) => {
    expect(summary(rest)[0]).toMatch(first)
    expect(summary(rest)).toHaveLength(1)
  })

  it('puts what failed before what waits, and the earlier hop before the later', () => {
    const accounts = [
      account('chat', {
        isApplied: false,
        work: { ...work, isDone: false, attempts: 1, reason: 'It is down.', dueAt: start },
        outage: { since: start, reason: 'down.' },
      }),
      account('mail', { work: { ...work, deadSince: start, reason: 'No.' } }),
    ]
    const order = summary({ refused: [refused()], accounts }).map((sentence) => sentence.split(':')[0])
    expect(order).toEqual(['SCIM', 'mail work', 'chat', 'chat work', 'chat account'])
  })

  it('takes a refusal as past when he was changed after it', () => {
    const before = { at: start - minute, lastAt: start - 1 }
    expect(states({ refused: [refused(before)] })[0]).toBe('SCIM ok')
    // the last of its kind may have been about another
    expect(states({ refused: [refused({ ...before, lastAt: start + 1, count: 2, objects: ['other', 'taro'] })] })[0]).toBe(
      'SCIM ok',
    )
    expect(states({ refused: [refused({ ...before, lastAt: start + 1, count: 2 })] })[0]).toBe('SCIM failed')
  })

  it('of a deleted person tells when, how long he can come back, and what of him is left', () => {
    const { user: _user, ...gone } = facts({ deleted: { loginName: 'taro', deletedAt: start, expiresAt: start + minute } })
    const kept = explain({ ...gone, accounts: [account('chat', { keptUntil: start + minute })] })
    expect(kept.summary).toEqual([
      'chat work: His account is kept, suspended, until 2026-04-01 09:01 UTC; then it is removed.',
      'chat account: taro is still there.',
    ])
    expect(kept.hops[1]).toMatchObject({
      state: 'none',
      since: start,
      text: expect.stringContaining('2026-04-01 09:01') as string,
    })
    const { accountName: _name, ...none } = account('chat')
    expect(explain({ ...gone, accounts: [{ ...none, isApplied: false }] }).summary).toEqual([
      'He was deleted, and nothing waits.',
    ])
  })

  it('takes a second deletion of who is gone for no hindrance', () => {
    const { user: _user, ...gone } = facts({ deleted: { loginName: 'taro', deletedAt: start, expiresAt: start + minute } })
    const again = refused({ operation: 'delete', status: 404, detail: 'There is no user taro.' })
    const words = (...lines: readonly RefusedLine[]) => explain({ ...gone, accounts: [], refused: lines }).summary
    expect(words(again)).toEqual(['He was deleted, and nothing waits.'])
    expect(words(again, refused())).toEqual([expect.stringMatching(/^SCIM: okta was refused .*The name is taken\./)])
  })

  it('of a name that nobody has tells near ones, and whether he was refused', () => {
    const { user: _user, lastDone: _done, ...nobody } = facts({ name: 'tarou', nearNames: ['taro'], accounts: [] })
    const { summary, hops } = explain(nobody)
    expect(summary).toEqual(['Nobody here is or was called tarou.'])
    expect(hops.map(({ state }) => state)).toEqual(['none', 'none'])
    expect(hops[1]!.text).toContain('Near: taro.')
    expect(explain({ ...nobody, refused: [refused()] }).summary[0]).toMatch(/^SCIM: okta was refused/)
  })

  it('of a built-in user tells that he has no accounts', () => {
    expect(summary({ user: aUser({ kind: 'builtIn' }) })).toEqual(['A built-in user: he has no chat and no mail.'])
  })
})
