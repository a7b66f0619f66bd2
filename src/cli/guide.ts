import { findIdpGuideName, guideLanguages, idpGuides, type GuideLanguage } from '../domain/access/idp-guide'
import { guideFiles } from '../guide-files'
import { idpGuide, listIdpGuides } from '../usecases/access/idp-guide'
import { operator, print, Usage } from './terminal'

export const guideHelp = `  kagami guide [NAME]                     how to connect an identity provider, with this installation's URLs; without NAME, which there are
      [--language ja|en]                  default: the language of the terminal
`

/** `guide`: a guide, or the list of them. Needs no database. @throws Usage */
export async function guideCommand(baseUrl: string, name: string | undefined, wanted: string | undefined): Promise<void> {
  const language = languageFrom(wanted)
  if (name === undefined) {
    for (const { name, title } of listIdpGuides(operator)) print(`${name.padEnd(12)}${title[language]}`)
    return
  }
  const known = findIdpGuideName(name)
  if (!known) throw new Usage(`there is no guide ${name}; there are ${Object.keys(idpGuides).join(', ')}`)
  print(await idpGuide({ guides: guideFiles() }, operator, known, language, baseUrl))
}

function languageFrom(wanted: string | undefined): GuideLanguage {
  if (wanted === undefined) {
    const { LC_ALL, LC_MESSAGES, LANG } = process.env
    return (LC_ALL || LC_MESSAGES || LANG || '').startsWith('ja') ? 'ja' : 'en'
  }
  const language = guideLanguages.find((known) => known === wanted)
  if (!language) throw new Usage(`--language ${wanted}: there are ${guideLanguages.join(' and ')}`)
  return language
}
