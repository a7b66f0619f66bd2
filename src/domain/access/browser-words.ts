/** A few words for who looks for his own browser among others: `Firefox 128, Windows`. What is not known is shown as it names itself. */
export function browserWords(agent: string | undefined): string {
  if (agent === undefined || agent === '') return '-'
  const name = products.flatMap(([pattern, words]) => {
    const version = pattern.exec(agent)?.[1]
    return version === undefined ? [] : [`${words} ${version}`]
  })[0]
  const system = systems.find(([pattern]) => pattern.test(agent))?.[1]
  if (name === undefined) return agent.slice(0, 80)
  return system === undefined ? name : `${name}, ${system}`
}

/** The first that fits: most call themselves by the names of those that came before them, too. */
const products: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\/(\d+)/, 'Edge'],
  [/\bOPR\/(\d+)/, 'Opera'],
  [/\bVivaldi\/(\d+)/, 'Vivaldi'],
  [/\bSamsungBrowser\/(\d+)/, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\/(\d+)/, 'Firefox'],
  [/\b(?:Headless)?(?:Chrome|CriOS)\/(\d+)/, 'Chrome'],
  [/\bVersion\/(\d+)\S* (?:Mobile\/\S+ )?Safari\//, 'Safari'],
]

const systems: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMacintosh\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]
