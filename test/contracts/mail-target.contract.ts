import type { MailAccount } from '../../src/domain/mirror/account'
import type { Change } from './targets/people'
import { accountTargetContract, done, nextFence, type Subject } from './targets/accounts.contract'

export type MailSubject = Subject<MailAccount> & {
  account(name: string, change?: Change & { readonly address?: string; readonly aliases?: readonly string[] }): MailAccount
  /** Whose mailbox gets what is sent to the address: his address of now; undefined where it is refused. */
  reaches(address: string): Promise<string | undefined>
}

/** What every mail system behind the port must do alike. */
export function mailTargetContract(subject: () => MailSubject): void {
  accountTargetContract(subject)

  const put = async (account: MailAccount) => (await subject().target.putAccounts([account], nextFence())).get(account.objectId)
  const [before, after] = ['old.name@mail.test', 'new.name@mail.test']

  it('changes the address; the one before still reaches him and goes to nobody else', async () => {
    const { account, maySignIn, reaches } = subject()
    await put(account('old.name'))
    const renamed = account('old.name', { address: after, aliases: [before] })
    expect(await put(renamed)).toEqual(done)
    expect(await maySignIn(renamed, 'first')).toBe(true)
    expect(await reaches(after)).toBe(after)
    expect(await reaches(before)).toBe(after)
    for (const address of [before, after]) {
      expect(await put(account('usurper', { address }))).toEqual({
        kind: 'rejected',
        heldBy: 'old.name',
        reason: `Mail to ${address} goes to the account old.name, now or by an earlier name. Change one of the login names.`,
      })
    }
  })

  it('lets no mail to a removed account through, nor to his earlier address', async () => {
    const { account, target, reaches } = subject()
    const gone = account('gone', { address: 'gone.now@mail.test', aliases: ['gone@mail.test'] })
    await put(gone)
    expect(await reaches('gone@mail.test')).toBe('gone.now@mail.test')
    await target.deleteAccounts([gone], nextFence())
    expect(await reaches('gone@mail.test')).toBeUndefined()
    expect(await reaches('gone.now@mail.test')).toBeUndefined()
  })
}
