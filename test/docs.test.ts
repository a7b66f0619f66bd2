import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { variables } from '../src/config'

const root = path.join(__dirname, '..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')

const rows = Object.entries(variables).map(([name, meaning]) => [name, meaning.replaceAll('|', '\\|')])

describe('the documents', () => {
  it('the README tells every setting, as the program does', () => {
    const table = /<!-- settings.*-->([^]*)<!-- \/settings -->/.exec(read('README.md'))![1]!
    const told = [...table.matchAll(/^\| `(KAGAMI_\w+)` +\| (.*?) +\|$/gm)].map(([, name, meaning]) => [name, meaning])
    expect(told).toEqual(rows)
  })

  it('docs/scim.md has a row for each conformance test, and a test for each row', () => {
    const table = /<!-- conformance.*-->([^]*)<!-- \/conformance -->/.exec(read('docs/scim.md'))![1]!
    const told = [...table.matchAll(/^\| (\d{4} §[\d.]+) +\| .+? +\| (.+?) +\|$/gm)].map(([, section, test]) => [section, test])
    const tests = ['7643', '7644', '9865'].flatMap((rfc) => {
      let section = ''
      const lines = read(`test/conformance/rfc${rfc}.test.ts`).split('\n')
      return lines.flatMap((line) => {
        section = /^describe\('RFC (.+?)'/.exec(line)?.[1] ?? section
        const test = /^ +it(?:\.\w+)?\('(.+?)', /.exec(line)?.[1]
        return test === undefined ? [] : [[section, test]]
      })
    })
    expect(told).toEqual(tests)
    expect(tests.length).toBeGreaterThan(100)
  })

  it('the image has the guides that the program reads', () => {
    expect(read('Dockerfile')).toContain('\nCOPY docs/idp ./docs/idp\n')
    expect(read('.dockerignore').split('\n')).toContain('!docs/idp')
  })

  it('every link to a file leads somewhere', () => {
    const docs = readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.md'),
    )
    const pages = ['README.md', 'CHANGELOG.md', ...docs.map((name) => `docs/${name}`)]
    for (const page of pages) {
      for (const [, target] of read(page).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)) {
        const there = existsSync(path.join(root, path.dirname(page), target!))
        expect([page, target, there]).toEqual([page, target, true])
      }
    }
  })
})
