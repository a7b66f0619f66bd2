import { parse } from 'csv-parse/sync'
import { csvLine } from '../../../src/wire/csv/csv-line'

describe('csvLine', () => {
  it('is read back as it was, whatever it holds (RFC 4180)', () => {
    const values = ['a', '', 'a,b', 'say "a"', 'two\nlines', 'two\r\nlines', '山田', ' blank ', '"']
    expect(parse(csvLine(values))).toEqual([values])
    expect(csvLine(['a', undefined, 5])).toBe('a,,5\r\n')
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1'])('lets no spreadsheet take %j for a formula', (value) => {
    expect(parse(csvLine([value]))).toEqual([[`'${value}`]])
    expect(csvLine([-1])).toBe('-1\r\n')
  })
})
