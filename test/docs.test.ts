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

  it('every link to a file leads somewhere', () => {
    const pages = ['README.md', 'CHANGELOG.md', ...readdirSync(path.join(root, 'docs')).map((name) => `docs/${name}`)]
    for (const page of pages) {
      for (const [, target] of read(page).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)) {
        const there = existsSync(path.join(root, path.dirname(page), target!))
        expect([page, target, there]).toEqual([page, target, true])
      }
    }
  })
})
