import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import {
  fillGuide,
  findIdpGuideName,
  guideLanguages,
  idpGuides,
  installationUrls,
  placeholders,
  type IdpGuideName,
} from '../../../src/domain/access/idp-guide'
import { dialectRules } from '../../../src/domain/directory/dialect'

const folder = path.join(__dirname, '../../../docs/idp')
const read = (file: string) => readFileSync(path.join(folder, file), 'utf8')
const names = Object.keys(idpGuides) as IdpGuideName[]
const pages = [...names, 'kagami']
const everyPage = guideLanguages.flatMap((language) => pages.map((page) => `${language}/${page}.md`))

/** What the two languages have in common: how deep each heading is, and the numbers of rows, steps and commands. */
function shapeOf(page: string) {
  const count = (pattern: RegExp) => [...page.matchAll(pattern)].length
  return {
    headings: [...page.matchAll(/^(#+) /gm)].map(([, depth]) => depth!.length),
    rows: count(/^ *\|/gm),
    items: count(/^ *(\d+\.|-) /gm),
    fences: count(/^```/gm),
    codes: [...page.matchAll(/SLASH_\w+/g)].map(([code]) => code),
    placeholders: [...new Set([...page.matchAll(/\{[A-Z]+_URL\}|\{ENTITY_ID\}/g)].map(([whole]) => whole))].sort(),
    rules: [...page.matchAll(/`([a-z]+[A-Z]\w*)`/g)].flatMap(([, rule]) => (isRule(rule!) ? rule! : [])),
  }
}
const isRule = (name: string) => (dialectRules as readonly string[]).includes(name)

describe('the guides of docs/idp', () => {
  it('are there in every language, and no others', () => {
    for (const language of guideLanguages) {
      expect(readdirSync(path.join(folder, language)).sort()).toEqual(pages.map((page) => `${page}.md`).sort())
    }
  })

  it.each(pages)('%s says the same in Japanese and English', (page) => {
    expect(shapeOf(read(`ja/${page}.md`))).toEqual(shapeOf(read(`en/${page}.md`)))
  })

  it.each(names)('%s has every chapter, its title, and every address of SAML', (name) => {
    for (const language of guideLanguages) {
      const page = read(`${language}/${name}.md`)
      expect(page.split('\n')[0]).toBe(`# ${idpGuides[name][language]}`)
      const chapters = [...read(`${language}/entra.md`).matchAll(/^## (.*)$/gm)].map(([, title]) => title)
      expect([...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual(chapters)
      for (const needed of ['BASE_URL', 'ENTITY_ID', 'ACS_URL', 'METADATA_URL', 'SCIM_URL']) expect(page).toContain(`{${needed}}`)
      for (const code of ['SLASH_SA01', 'SLASH_SA04']) expect(page).toContain(code)
      expect(page).toContain('](kagami.md)')
    }
  })

  it.each(everyPage)('%s has no placeholder that is not filled, and no link out of the folder afterwards', (file) => {
    const known = placeholders.map((name) => `{${name}}`)
    for (const [whole] of read(file).matchAll(/\{[A-Z_]+\}/g)) expect(known).toContain(whole)
    const filled = fillGuide(read(file), installationUrls('https://id.example.jp'))
    expect(filled).not.toMatch(/\{[A-Z_]+\}|\]\((?!https?:)/)
  })

  it('name commands of Kagami that there are', () => {
    const cli = readFileSync(path.join(__dirname, '../../../src/cli.ts'), 'utf8')
    const help = readdirSync(path.join(__dirname, '../../../src/cli'))
      .map((file) => readFileSync(path.join(__dirname, '../../../src/cli', file), 'utf8'))
      .join(cli)
    for (const file of everyPage) {
      for (const [, command] of read(file).matchAll(/`(?:npx )?(kagami [a-z]+(?: [a-z]+)?)/g)) {
        expect([file, command, help.includes(command!)]).toEqual([file, command, true])
      }
    }
  })

  it('stand in the README, each in both languages', () => {
    for (const page of everyPage) expect(read('README.md')).toContain(`(${page})`)
  })
})

describe('fillGuide', () => {
  it('fills each placeholder, leaves other braces, and makes text of relative links', () => {
    const page = '{ACS_URL} {ACS_URL} {$user.email} {NOBODY} [a page](../../scim.md) [here](#here) [there](https://example.com/)'
    expect(fillGuide(page, installationUrls('https://id.example.jp'))).toBe(
      'https://id.example.jp/saml/acs https://id.example.jp/saml/acs {$user.email} {NOBODY} a page here [there](https://example.com/)',
    )
  })

  it('takes a base URL as it is, whatever stands in it', () => {
    expect(fillGuide('{SCIM_URL}', installationUrls('https://id.example.jp/$&'))).toBe('https://id.example.jp/$&/scim/v2')
  })
})

describe('findIdpGuideName', () => {
  it.each(['', 'ENTRA', 'kagami', '../saml', 'entra.md', 'constructor', '__proto__', 'toString', 'ja/entra', '..%2Fsaml'])(
    'knows no guide %p',
    (name) => expect(findIdpGuideName(name)).toBeUndefined(),
  )

  it('knows each guide', () => {
    for (const name of names) expect(findIdpGuideName(name)).toBe(name)
  })
})
