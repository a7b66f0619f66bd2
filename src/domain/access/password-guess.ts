import { foldCase } from '../text'
import { commonWords } from './password-words'

/** What may be added to a common word without making it a password: `Password2024!` is one that everybody tries. */
const mostAdded = 4

/** More words than these, chosen freely, are a good password. */
const mostWords = 2

/** Shorter ones are in every text. */
const shortestWord = 3
const longestWord = 24

/** A longer one is judged by its beginning. */
const longestText = 128

/**
 * Is it one that is tried first: at most two common words or names, runs of keys, repetitions and dates, with at most four characters
 * between and around them? Compared without case, and with the usual digits and signs for letters (`p@55w0rd`).
 *
 * @param own words that are easily guessed of this user: `wordsIn` his names and those of the organization
 */
export function isGuessable(password: string, own: ReadonlySet<string> = new Set()): boolean {
  const text = foldCase(password).slice(0, longestText)
  const known = (word: string) => commonWords.has(word) || own.has(word)
  if (known(text)) return true
  const spellings = [...new Set([text, plain(text, 'i'), plain(text, 'l')])]
  const added = fewestAdded(text, (from, to) => spellings.some((spelling) => known(spelling.slice(from, to))))
  return added <= mostAdded && added * 2 < text.length
}

/** The words that names and addresses are made of: `taro.yamada` is also `taro`, `yamada` and `taroyamada`. */
export function wordsIn(names: readonly string[]): ReadonlySet<string> {
  const folded = names.map(foldCase)
  const parts = folded.flatMap((name) => name.split(/[^\p{L}\p{Nd}]+/u))
  const joined = folded.map((name) => name.replace(/[^\p{L}\p{Nd}]+/gu, ''))
  return new Set([...folded, ...parts, ...joined].filter((word) => word.length >= shortestWord))
}

const signs: Readonly<Record<string, string>> = { '0': 'o', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's' }

/** Digits and signs as the letters they stand for; `1` and `!` are i or l. */
const plain = (text: string, one: 'i' | 'l') => text.replace(/[03457@$1!|]/g, (sign) => signs[sign] ?? one)

/**
 * How many characters are left when as much as possible is taken for words and runs: the shortest way from the first character to the
 * last, once for each number of words.
 */
function fewestAdded(text: string, isWord: (from: number, to: number) => boolean): number {
  // ways[at][words]: the fewest characters left before `at` with so many words
  const ways = Array.from({ length: text.length + 1 }, () => new Array<number>(mostWords + 1).fill(Infinity))
  ways[0]![0] = 0
  for (let at = 0; at < text.length; at++) {
    const runEnd = endOfRun(text, at)
    for (let words = 0; words <= mostWords; words++) {
      const left = ways[at]![words]!
      if (left === Infinity) continue
      const reach = (to: number, inWords: number, added: number) => {
        ways[to]![inWords] = Math.min(ways[to]![inWords]!, added)
      }
      reach(at + 1, words, left + 1)
      for (let to = at + 3; to <= runEnd; to++) reach(to, words, left)
      if (words === mostWords) continue
      const last = Math.min(text.length, at + longestWord)
      for (let to = at + shortestWord; to <= last; to++) {
        if (!isWord(at, to)) continue
        reach(to, words + 1, left)
        // the same once more is no further word
        const word = text.slice(at, to)
        for (let next = to; text.startsWith(word, next); next += word.length) reach(next + word.length, words + 1, left)
      }
    }
  }
  return Math.min(...ways[text.length]!)
}

const rowsOfKeys = ['1234567890-=', 'qwertyuiop[]', "asdfghjkl;'", 'zxcvbnm,./', 'qwertzuiop', 'azertyuiop', 'qsdfghjklm']
const columnsOfKeys = [
  '1qaz',
  '2wsx',
  '3edc',
  '4rfv',
  '5tgb',
  '6yhn',
  '7ujm',
  'zaq1',
  'xsw2',
  'cde3',
  'vfr4',
  'bgt5',
  'nhy6',
  'mju7',
]
const otherRuns = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'あいうえおかきくけこ', 'アイウエオカキクケコ']
const backwards = (run: string) => [...run].reverse().join('')
const runs = [...rowsOfKeys, ...columnsOfKeys, ...otherRuns].flatMap((run) => [run, backwards(run)])
const date = /(?:19|20)\d\d[-/.]?(?:0[1-9]|1[0-2])[-/.]?(?:0[1-9]|[12]\d|3[01])|(?:19|20)\d\d/y

/** Where a run of at least three that begins here ends: neighbours on the keyboard or in the alphabet, one and the same, a date. */
function endOfRun(text: string, at: number): number {
  date.lastIndex = at
  let end = date.test(text) ? date.lastIndex : at
  for (let size = 1; size <= 3; size++) end = Math.max(end, endOfRepetition(text, at, size))
  const head = text.slice(at, at + 3)
  for (const run of head.length === 3 ? runs : []) {
    const start = run.indexOf(head)
    if (start < 0) continue
    let length = 3
    while (at + length < text.length && text[at + length] === run[start + length]) length++
    end = Math.max(end, at + length)
  }
  return end
}

/** `aaaa`, `abab`, `abcabc`: at least three characters that come again and again. */
function endOfRepetition(text: string, at: number, size: number): number {
  let end = at + size
  while (end < text.length && text[end] === text[end - size]) end++
  return end - at >= Math.max(3, size * 2) ? end : at
}
