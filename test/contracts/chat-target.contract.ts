import type { GroupId } from '../../src/domain/ids'
import type { AccountName, ChatAccount, ChatGroup } from '../../src/domain/mirror/account'
import type { ChatTarget } from '../../src/ports/targets'
import { accountTargetContract, done, nextFence, type Subject } from './targets/accounts.contract'

export type ChatSubject = Subject<ChatAccount, ChatTarget> & {
  /** What others see as the person's name. */
  displayNameOf(name: AccountName): Promise<string | undefined>
}

/** What every chat server behind the port must do alike. */
export function chatTargetContract(subject: () => ChatSubject): void {
  accountTargetContract(subject)

  it('gives the display name once; afterwards it is the chat side’s (C11)', async () => {
    const { target, account, displayNameOf } = subject()
    const one = account('named')
    await target.putAccounts([{ ...one, displayName: '山田\u0001 "太郎" <&>' }], nextFence())
    expect(await displayNameOf(one.name)).toMatch(/^山田\u0001? "太郎" <&>$/)
    await target.putAccounts([{ ...account('named', { active: false }), displayName: 'Someone Else' }], nextFence())
    expect(await displayNameOf(one.name)).toMatch(/^山田/)
  })

  describe('groups (C20, C21)', () => {
    const group = (number: number, label: string, members: readonly string[]): ChatGroup => ({
      objectId: `00000000-0000-7000-8000-00000000000${number}` as GroupId,
      label,
      members: members as AccountName[],
    })
    const all = async () => {
      const pages: ChatGroup[] = []
      for (let after: GroupId | undefined; ; after = pages.at(-1)!.objectId) {
        const page = await subject().target.listGroups(after, 2)
        if (page.length === 0) return pages
        pages.push(...page)
      }
    }
    const many = Array.from({ length: 60 }, (_, i) => `m${String(i).padStart(2, '0')}`)

    it('makes, renames, fills, empties and removes them', async () => {
      const { target } = subject()
      const groups = [group(3, '営業 "1" \\ <<x>>', ['ichiro', 'jiro']), group(1, 'Everybody', many), group(2, 'Nobody', [])]
      for (const one of groups) expect(await target.putGroup(one, nextFence())).toEqual(done)
      expect(await all()).toEqual([groups[1], groups[2], groups[0]])
      const changed = [group(1, 'Everybody', many.slice(0, 10)), group(2, '誰か', ['jiro']), group(3, '営業', ['jiro', 'saburo'])]
      for (const one of changed) expect(await target.putGroup(one, nextFence())).toEqual(done)
      expect(await all()).toEqual(changed)
      expect(await target.putGroup(changed[2]!, nextFence())).toEqual(done)
      expect(await target.deleteGroup(changed[1]!.objectId, nextFence())).toEqual(done)
      expect(await all()).toEqual([changed[0], changed[2]])
    })

    it('refuse who comes late', async () => {
      const { target } = subject()
      const [early, later] = [nextFence(), nextFence()]
      const now = group(9, 'Now', ['jiro'])
      const late = expect.objectContaining({ kind: 'retry' }) as unknown
      await target.putGroup(now, later)
      expect(await target.putGroup(group(9, 'Before', []), early)).toEqual(late)
      expect(await target.deleteGroup(now.objectId, early)).toEqual(late)
      expect((await all()).at(-1)).toEqual(now)
    })

    it('lose a member whose account is removed', async () => {
      const { target, account } = subject()
      const one = account('member')
      await target.putAccounts([one], nextFence())
      await target.putGroup(group(8, 'Left', ['jiro', 'member']), nextFence())
      await target.deleteAccounts([one], nextFence())
      expect((await all()).find((each) => each.label === 'Left')?.members).toEqual(['jiro'])
    })
  })
}
