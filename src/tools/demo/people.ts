/** 50 people: ten family names by five given names, with the reading as the login name. */
const families = [
  ['佐藤', 'sato'],
  ['鈴木', 'suzuki'],
  ['高橋', 'takahashi'],
  ['田中', 'tanaka'],
  ['伊藤', 'ito'],
  ['渡辺', 'watanabe'],
  ['山本', 'yamamoto'],
  ['中村', 'nakamura'],
  ['小林', 'kobayashi'],
  ['加藤', 'kato'],
] as const
const givens = [
  ['花子', 'hanako'],
  ['太郎', 'taro'],
  ['美咲', 'misaki'],
  ['健一', 'kenichi'],
  ['さくら', 'sakura'],
] as const

export type Person = { readonly userName: string; readonly familyName: string; readonly givenName: string }

export const people: readonly Person[] = families.flatMap(([familyName, family]) =>
  givens.map(([givenName, given]) => ({ userName: `${given}.${family}`, familyName, givenName })),
)

/** A group's people by position; 全社 contains the other four. */
export const groups: readonly {
  readonly name: string
  readonly people: readonly number[]
  readonly contains?: readonly string[]
}[] = [
  { name: '営業部', people: range(0, 20) },
  { name: '開発部', people: range(20, 35) },
  { name: '総務部', people: range(35, 50) },
  { name: '部長会', people: [0, 20, 35] },
  { name: '全社', people: [], contains: ['営業部', '開発部', '総務部', '部長会'] },
]

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}
