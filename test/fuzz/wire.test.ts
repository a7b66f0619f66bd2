import fc from 'fast-check'
import { DomainError } from '../../src/domain/errors'
import { parseBulk } from '../../src/wire/scim/bulk'
import { parseEtags } from '../../src/wire/scim/etag'
import { parseFilter } from '../../src/wire/scim/parse-filter'
import { parseGroup, parseGroupPatch } from '../../src/wire/scim/parse-group'
import { parseList } from '../../src/wire/scim/parse-list'
import { parseUser } from '../../src/wire/scim/parse-user'
import { parseUserPatch } from '../../src/wire/scim/parse-user-patch'
import { parsePatchPath } from '../../src/wire/scim/patch-path'
import { presentError } from '../../src/wire/scim/present-error'
import { presentUser } from '../../src/wire/scim/present-user'
import { parseProjection } from '../../src/wire/scim/projection'
import { ScimError } from '../../src/wire/scim/scim-error'
import { parseSearch } from '../../src/wire/scim/search'
import { aUser } from '../kit/builders'
import { seed } from '../kit/seed'
import { aBulk, aFilter, aPatch, aPatchPath, aResource, attributesText, broken, listParameters } from './grammar'

const ids = ['018f0000-0000-7000-8000-00000000000a', '018f0000-0000-7000-8000-00000000000b']

const somebody = aUser({
  loginName: 'taro',
  externalId: 'E-1',
  profile: {
    title: 'T',
    emails: [
      { value: 'a@example.jp', type: 'work', primary: true },
      { value: 'b@example.jp', type: 'home' },
    ],
    addresses: [{ locality: '大阪', type: 'work' }],
    roles: [{ value: 'Admin' }],
  },
})

/** Taken, or refused in a way that a client can mend; never slowly. @returns whether it was taken */
function isJudged(judge: () => unknown): boolean {
  const timed = () => {
    const before = process.cpuUsage()
    const taken = isTaken(judge)
    const { user, system } = process.cpuUsage(before)
    return { taken, cpuMs: (user + system) / 1_000 }
  }
  const { taken, cpuMs } = timed()
  // once more: the first time may have paid for garbage of others
  if (cpuMs > 200) expect(Math.min(timed().cpuMs, timed().cpuMs)).toBeLessThan(200)
  return taken
}

function isTaken(judge: () => unknown): boolean {
  try {
    judge()
    return true
  } catch (error) {
    if (!(error instanceof ScimError || error instanceof DomainError)) throw error
    const { status, body } = presentError(error)!
    if (status < 400 || status > 499 || body['status'] !== String(status)) throw error
    if (status === 400 && body['scimType'] === undefined) throw error
    const detail = body['detail'] as string
    if (detail.trim() === '' || detail.length > 1_000) throw error
    return false
  }
}

/** Some of what is made is good: else nothing behind the first check would be tried. */
function forAny<T>(made: fc.Arbitrary<T>, numRuns: number, judge: (one: T) => unknown): void {
  let [taken, refused] = [0, 0]
  fc.assert(
    fc.property(made, (one) => {
      if (isJudged(() => judge(one))) taken++
      else refused++
    }),
    { seed, numRuns },
  )
  expect(taken / numRuns).toBeGreaterThan(0.04)
  expect(refused / numRuns).toBeGreaterThan(0.04)
}

/** As Express hands a body over; what is no JSON never comes so far. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new ScimError(400, 'invalidSyntax', 'no JSON')
  }
}

describe(`what clients may send is taken, or refused with a reason, at once (seed ${seed})`, () => {
  it('filters of users', () => forAny(aFilter('User'), 4_000, (text) => parseFilter('User', text)))
  it('filters of groups', () => forAny(aFilter('Group'), 1_500, (text) => parseFilter('Group', text)))
  it('filters of both together', () => forAny(aFilter('Group'), 1_000, (text) => parseFilter('User', text, ['User', 'Group'])))
  it('PATCH paths of users', () => forAny(aPatchPath('User'), 2_500, (text) => parsePatchPath('User', text, new Set())))
  it('PATCH paths of groups', () => forAny(aPatchPath('Group'), 1_000, (text) => parsePatchPath('Group', text, new Set())))

  it('PATCH bodies of users, applied to one', () =>
    forAny(broken(aPatch('User', ids)), 3_000, (text) => {
      const after = parseUserPatch(parsed(text)).apply(somebody)
      return JSON.stringify(presentUser({ user: { ...somebody, ...after }, groups: [] }, ''))
    }))
  it('PATCH bodies of groups', () => forAny(broken(aPatch('Group', ids)), 1_500, (text) => parseGroupPatch(parsed(text))))
  it('bodies of users', () => forAny(broken(aResource('User', ids)), 2_500, (text) => parseUser(parsed(text))))
  it('bodies of users without what they need', () => forAny(attributesText('User', ids), 500, (text) => parseUser(parsed(text))))
  it('bodies of groups', () => forAny(broken(aResource('Group', ids)), 1_500, (text) => parseGroup(parsed(text))))
  it('Bulk bodies', () => forAny(broken(aBulk(ids)), 1_500, (text) => parseBulk(parsed(text))))

  it('lists', () =>
    forAny(listParameters('User'), 1_500, (query) => {
      parseList('User', query)
      parseProjection('User', query['attributes'], query['excludedAttributes'])
    }))
  it('searches', () =>
    forAny(
      listParameters('Group').map((query) => JSON.stringify(query)),
      1_000,
      (text) => parseList('Group', parseSearch(parsed(text))),
    ))
  it('ETags', () => forAny(broken(fc.constantFrom('W/"1"', '"2", W/"3"', '*', 'W/"x"', '""')), 500, (text) => parseEtags(text)))
})

describe('what is made to be slow', () => {
  const long = 10_000
  it.each<[what: string, judge: () => unknown]>([
    ['a string of 10,000 characters', () => parseFilter('User', `userName eq "${'a'.repeat(long)}"`)],
    ['a string that is just short enough', () => parseFilter('User', `userName eq "${'\\\\'.repeat(4_000)}"`)],
    ['thousands of backslashes in a string that does not end', () => parseFilter('User', `userName eq "${'\\'.repeat(8_001)}`)],
    ['8 KB of (', () => parseFilter('User', '('.repeat(8_192))],
    ['8 KB of not (', () => parseFilter('User', 'not ('.repeat(1_600))],
    ['8 KB of not', () => parseFilter('User', 'not '.repeat(2_000))],
    ['8 KB of blanks', () => parseFilter('User', ' '.repeat(8_192))],
    ['8 KB of digits', () => parseFilter('User', `userName eq ${'1'.repeat(8_000)}x`)],
    ['8 KB of a name', () => parseFilter('User', 'a.'.repeat(4_096))],
    ['8 KB of line breaks in a string', () => parseFilter('User', `userName eq "${'\n'.repeat(8_000)}`)],
    [
      '16 pairs, which are 65,536 in normal form',
      () => parseFilter('User', Array.from({ length: 16 }, () => '(title pr or active pr)').join(' and ')),
    ],
    ['a path of 8 KB of [', () => parsePatchPath('User', `emails${'['.repeat(8_000)}`, new Set())],
    ['a path of 10,000 characters', () => parsePatchPath('User', 'x'.repeat(long), new Set())],
    ['a path of thousands of backslashes', () => parsePatchPath('User', `emails[value eq "${'\\'.repeat(8_001)}"]`, new Set())],
    ['10,000 operations on one list', () => parseUserPatch(operations(10_000, 'emails')).apply(somebody)],
    ['10,000 operations with filters', () => parseUserPatch(operations(10_000, 'emails[type eq "work"].value')).apply(somebody)],
    ['100,000 operations, of which 10,000 are taken', () => parseUserPatch(operations(100_000, 'title'))],
    [
      '100,000 members',
      () => parseGroup({ displayName: 'g', members: Array.from({ length: 100_000 }, () => ({ value: ids[0] })) }),
    ],
    [
      '100,000 emails',
      () => parseUser({ userName: 'u', emails: Array.from({ length: 100_000 }, (_, i) => ({ value: `a${i}@x` })) }),
    ],
    [
      '80,000 unknown keys, which are 1 MB',
      () => parseUser(Object.fromEntries(Array.from({ length: 80_000 }, (_, i) => [`k${i}`, i]))),
    ],
    ['100,000 names to show', () => parseProjection('User', 'a,'.repeat(100_000), undefined)],
    ['a body 100,000 deep', () => parseUser(deep(100_000))],
    ['100,000 ETags', () => parseEtags('W/"1",'.repeat(100_000))],
    ['an ETag of blanks', () => parseEtags(`${' '.repeat(100_000)}x`)],
  ])('is judged at once: %s', (_what, judge) => {
    isJudged(judge)
  })

  const operations = (count: number, path: string) => ({
    Operations: Array.from({ length: count }, (_, i) => ({
      op: 'replace',
      path,
      value: path === 'emails' ? [{ value: `a${i}@x` }] : `a${i}`,
    })),
  })
  const deep = (levels: number): object => {
    let body: object = {}
    for (let i = 0; i < levels; i++) body = { value: body }
    return { userName: 'u', emails: body }
  }
})

describe('names that JavaScript knows', () => {
  const poison = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"userName":"u","displayName":"g"}'
  it.each<[what: string, judge: () => unknown]>([
    ['a user', () => parseUser(parsed(poison))],
    ['a group', () => parseGroup(parsed(poison))],
    ['a PATCH value', () => parseUserPatch({ Operations: [{ op: 'add', value: parsed(poison) }] }).apply(somebody)],
    ['a PATCH path', () => parseUserPatch({ Operations: [{ op: 'add', path: '__proto__.polluted', value: 'x' }] })],
    [
      'a PATCH path by the constructor',
      () => parseUserPatch({ Operations: [{ op: 'add', path: 'constructor.prototype.polluted', value: 'x' }] }),
    ],
    ['an element', () => parseUser(parsed('{"userName":"u","emails":[{"value":"a@x","__proto__":{"polluted":true}}]}'))],
    ['a filter', () => parseFilter('User', '__proto__.polluted eq "x"')],
    ['a search', () => parseSearch(parsed('{"__proto__":{"filter":"x"},"filter":"userName pr"}'))],
    [
      'a Bulk',
      () => parseBulk(parsed(`{"Operations":[{"method":"POST","path":"/Users","bulkId":"__proto__","data":${poison}}]}`)),
    ],
  ])('change nothing of every object in %s', (_what, judge) => {
    isJudged(judge)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})
