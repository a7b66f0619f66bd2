import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { GuideFiles } from './ports/guide-files'

/** The guides that are shipped with the program: `docs/idp` beside `src` and, for the built program, beside `dist`. */
export function guideFiles(): GuideFiles {
  const besideSource = path.join(__dirname, '../docs/idp')
  const folder = existsSync(besideSource) ? besideSource : path.join(__dirname, '../../docs/idp')
  return (language, page) => readFile(path.join(folder, language, `${page}.md`), 'utf8')
}
