import type { Parts } from '../assemble'
import { changePublication, showPublication } from '../usecases/access/publication'
import { operator, print, Usage } from './terminal'

export const publicationHelp = `  kagami publication show                 what other sites may do with ours
  kagami publication change --clickjacking-protection on|off   may only our own pages show ours in a frame? Default on
`

export const publicationOptions = { 'clickjacking-protection': { type: 'string' } } as const

type Values = { readonly [Name in keyof typeof publicationOptions]?: string | undefined }

export const publicationCommands: Readonly<Record<string, (parts: Parts, values: Values) => Promise<void>>> = {
  'publication show': async (parts) => tell(await showPublication(parts, operator)),
  'publication change': async (parts, { 'clickjacking-protection': wanted }) => {
    if (wanted !== 'on' && wanted !== 'off') throw new Usage('publication change needs --clickjacking-protection on or off')
    tell(await changePublication(parts, operator, { clickjackingProtection: wanted === 'on' }))
  },
}

const tell = ({ clickjackingProtection }: { readonly clickjackingProtection: boolean }) =>
  print(`clickjacking protection: ${clickjackingProtection ? 'on' : 'off'}`)
