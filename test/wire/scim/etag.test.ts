import type { Version } from '../../../src/domain/brand'
import { parseEtags, presentEtag } from '../../../src/wire/scim/etag'
import { anError } from '../../kit/an-error'

describe('parseEtags', () => {
  it('reads what presentEtag wrote', () => {
    expect(parseEtags(presentEtag(3 as Version))).toEqual([3])
  })

  it.each<[rule: string, header: string | undefined, versions: readonly number[] | undefined]>([
    ['no header is any version', undefined, undefined],
    ['* is any version', ' * ', undefined],
    ['a strong tag is taken like a weak one', '"3"', [3]],
    ['several may be named', 'W/"3", W/"4"', [3, 4]],
    ['a tag may have commas in it', '"a,b", W/"4"', [-1, 4]],
    ['a tag that is not ours matches no version', 'W/"abc"', [-1]],
  ])('%s', (_rule, header, versions) => {
    expect(parseEtags(header)).toEqual(versions)
  })

  it.each(['3', 'W/3', '"3', '"3" "4"', '"3",,"4"'])('refuses %s, which is no ETag', (header) => {
    expect(() => parseEtags(header)).toThrow(anError({ scimType: 'invalidSyntax' }))
  })
})
