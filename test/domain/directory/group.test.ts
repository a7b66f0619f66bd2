import fc from 'fast-check'
import { foldMemberChanges, isWanted, type MemberChange } from '../../../src/domain/directory/group'

const u = '01a21184-f6b4-71fa-8718-00000000000a'
const add = (...ids: readonly string[]): MemberChange => ({ kind: 'add', ids })
const remove = (...ids: readonly string[]): MemberChange => ({ kind: 'remove', ids })
const replace = (...ids: readonly string[]): MemberChange => ({ kind: 'replace', ids })

describe('foldMemberChanges', () => {
  it.each<[steps: string, changes: readonly MemberChange[], members: readonly string[], gone: readonly string[] | 'all others']>([
    ['a step a member (Entra ID, authentik)', [add('u'), add('v'), add('w')], ['u', 'v', 'w'], []],
    ['one out and one in (Okta)', [remove('u'), add('v')], ['v'], ['u']],
    ['the last one about a member counts, whatever the case of its id', [add(u.toUpperCase(), 'v'), remove(u)], ['v'], [u]],
    ['out and in again', [remove('u'), add('u')], ['u'], []],
    ['what stands before a replacement is over', [add('t'), replace('u', 'v'), remove('v'), add('w')], ['u', 'w'], 'all others'],
    ['everybody out, then one in', [replace(), add('u')], ['u'], 'all others'],
  ])('makes sets of steps: %s', (_steps, changes, members, gone) => {
    const folded = foldMemberChanges(changes)
    expect([[...folded.members], folded.gone === 'all others' ? folded.gone : [...folded.gone]]).toEqual([members, gone])
  })

  it('has the same effect as its steps one by one', () => {
    const ids = ['a', 'b', 'c', 'd']
    const id = fc.constantFrom(...ids)
    const step = fc.record({ kind: fc.constantFrom('add', 'remove', 'replace'), ids: fc.array(id, { maxLength: 3 }) })
    const oneByOne = (start: readonly string[], changes: readonly MemberChange[]) => {
      let members = new Set(start)
      for (const { kind, ids } of changes) {
        if (kind === 'replace') members = new Set(ids)
        else for (const one of ids) members[kind === 'add' ? 'add' : 'delete'](one)
      }
      return [...members].sort()
    }
    fc.assert(
      fc.property(fc.array(id), fc.array(step, { minLength: 1, maxLength: 6 }), (start, changes) => {
        const folded = foldMemberChanges(changes)
        expect(ids.filter((one) => isWanted(folded, one, start.includes(one)))).toEqual(oneByOne(start, changes))
      }),
      { numRuns: 1_000 },
    )
  })
})
