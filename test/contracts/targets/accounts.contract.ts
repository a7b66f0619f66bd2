import { TargetDown, type AccountTarget } from '../../../src/ports/targets'
import type { AccountName, ChatAccount, Fence, MailAccount } from '../../../src/domain/mirror/account'
import type { UserId } from '../../../src/domain/ids'

/** A target under test, and what its own users and administrators can do with it. */
export type Subject<Account extends ChatAccount | MailAccount, Target extends AccountTarget<Account> = AccountTarget<Account>> = {
  readonly target: Target
  /** An account as a plan makes it: active, with the password `first` unless said otherwise; the hash is of everything. */
  account(name: string, change?: { readonly active?: boolean; readonly password?: 'first' | 'second' }): Account
  /** As the server itself judges: by signing in where there is one. */
  maySignIn(account: Account, password: 'first' | 'second'): Promise<boolean>
  /** Somebody makes an account at the target, past us. */
  addForeign(name: string): Promise<void>
  /** The target does not answer, until `recover`. */
  breakDown(): Promise<void>
  recover(): Promise<void>
}

let fences = 0
/** Each higher than the ones before. */
export const nextFence = () => ++fences as Fence

export const done = { kind: 'done' }
export const unchanged = { kind: 'unchanged' }
const late = expect.objectContaining({ kind: 'retry' }) as unknown
const rejected = expect.objectContaining({ kind: 'rejected' }) as unknown

/** What holds for every target of accounts. Each test uses names of its own. */
export function accountTargetContract<Account extends ChatAccount | MailAccount>(subject: () => Subject<Account>): void {
  const target = () => subject().target
  const account: Subject<Account>['account'] = (name, change) => subject().account(name, change)
  const put = async (one: Account, fence = nextFence()) => (await target().putAccounts([one], fence)).get(one.objectId)
  const remove = async (one: Account, fence = nextFence()) => (await target().deleteAccounts([one], fence)).get(one.objectId)
  const seen = async (one: Account) => (await target().findAccounts([one.name]))[0]
  const markOf = ({ name, objectId, hash }: Account) => ({ name, objectId, hash })

  it('makes an account that signs in with its password only; once more changes nothing (C10)', async () => {
    const one = account('maker')
    expect(await put(one)).toEqual(done)
    expect(await seen(one)).toEqual(markOf(one))
    expect(await subject().maySignIn(one, 'first')).toBe(true)
    expect(await subject().maySignIn(one, 'second')).toBe(false)
    expect(await put(one)).toEqual(unchanged)
    expect(await target().findAccounts([one.name])).toEqual([markOf(one)])
  })

  it('changes the password (C10)', async () => {
    const [before, after] = [account('changer'), account('changer', { password: 'second' })]
    await put(before)
    expect(await put(after)).toEqual(done)
    expect(await seen(after)).toEqual(markOf(after))
    expect(await subject().maySignIn(after, 'first')).toBe(false)
    expect(await subject().maySignIn(after, 'second')).toBe(true)
  })

  it('shuts a suspended person out and lets him in again (C13)', async () => {
    const one = account('pauser')
    await put(one)
    const paused = account('pauser', { active: false })
    expect(await put(paused)).toEqual(done)
    expect(await subject().maySignIn(one, 'first')).toBe(false)
    expect(await put(paused)).toEqual(unchanged)
    expect(await put(one)).toEqual(done)
    expect(await subject().maySignIn(one, 'first')).toBe(true)
  })

  it('removes an account, and once more is nothing; the name is free for another person (C10)', async () => {
    const one = account('leaver')
    await put(one)
    expect(await remove(one)).toEqual(done)
    expect(await seen(one)).toBeUndefined()
    expect(await subject().maySignIn(one, 'first')).toBe(false)
    expect(await remove(one)).toEqual(unchanged)
    const successor = { ...account('leaver', { password: 'second' }), objectId: 'id-of-successor' as UserId }
    expect(await put(successor)).toEqual(done)
    expect(await seen(successor)).toEqual(markOf(successor))
    expect(await remove(one)).toEqual(unchanged)
    expect(await subject().maySignIn(successor, 'second')).toBe(true)
  })

  it('refuses who comes late, also after the account is gone', async () => {
    const [early, later] = [nextFence(), nextFence()]
    const one = account('fenced')
    await put(one, later)
    expect(await put(account('fenced', { active: false }), early)).toEqual(late)
    expect(await remove(one, early)).toEqual(late)
    expect(await seen(one)).toEqual(markOf(one))
    await remove(one)
    expect(await put(one, later)).toEqual(late)
    const never = account('nobody')
    expect(await remove(never, nextFence())).toEqual(unchanged)
    expect(await put(never, later)).toEqual(late)
    expect(await target().findAccounts([one.name, never.name])).toEqual([])
  })

  it('leaves the account of another alone, ours or not, and goes on with the others', async () => {
    const [holder, stranger] = [account('taken'), account('foreign')]
    await put(holder)
    await subject().addForeign('foreign')
    const other = { ...account('taken'), objectId: 'id-of-another' as UserId }
    const free = account('free')
    const outcomes = await target().putAccounts([other, stranger, free], nextFence())
    expect([other, stranger, free].map((one) => outcomes.get(one.objectId))).toEqual([rejected, rejected, done])
    expect(await remove(other)).toEqual(unchanged)
    expect(await remove(stranger)).toEqual(unchanged)
    expect(await seen(holder)).toEqual(markOf(holder))
    expect(await seen(stranger)).toEqual({ name: 'foreign' })
  })

  it('lists in ascending bytes, page by page, and finds some', async () => {
    const names = ['w+1', 'w-1', 'w.1', 'w0', 'w_1', 'wa', 'w']
    const accounts = names.map((name) => account(name))
    const outcomes = await target().putAccounts(accounts, nextFence())
    expect([...outcomes.values()]).toEqual(accounts.map(() => done))
    const listed: string[] = []
    for (let after = 'v' as AccountName; listed.length < names.length; after = listed.at(-1) as AccountName) {
      const page = await target().listAccounts(after, 2)
      if (page.length === 0) break
      listed.push(...page.map((one) => one.name))
    }
    expect(listed.slice(0, names.length)).toEqual(['w', 'w+1', 'w-1', 'w.1', 'w0', 'w_1', 'wa'])
    const found = await target().findAccounts(['w_1', 'w', 'absent'] as AccountName[])
    expect(found.map((one) => one.name).sort()).toEqual(['w', 'w_1'])
    expect(await target().listAccounts(undefined, 1)).toHaveLength(1)
  })

  it('takes an empty list', async () => {
    expect(await target().putAccounts([], nextFence())).toEqual(new Map())
    expect(await target().deleteAccounts([], nextFence())).toEqual(new Map())
    expect(await target().findAccounts([])).toEqual([])
  })

  it('says TargetDown while it does not answer, and works again afterwards', async () => {
    const one = account('patient')
    await put(one)
    expect(await target().health()).toEqual({ ready: true })
    await subject().breakDown()
    const change = account('patient', { password: 'second' })
    await expect(put(change)).rejects.toThrow(TargetDown)
    await expect(remove(one)).rejects.toThrow(TargetDown)
    expect(await target().health()).toEqual({ ready: false, detail: expect.any(String) as string })
    await subject().recover()
    expect(await target().health()).toEqual({ ready: true })
    expect(await put(change)).toEqual(done)
    expect(await subject().maySignIn(change, 'second')).toBe(true)
  }, 60_000)
}
