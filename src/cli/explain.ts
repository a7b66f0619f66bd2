import type { Parts } from '../assemble'
import { hopName } from '../domain/audit/explain'
import { explainUser } from '../usecases/audit/explain-user'
import { operator, print } from './terminal'

/** What hinders a person first, then the stations of his way. Ends with 1 where something failed. */
export async function explainCommand(parts: Parts, who: string): Promise<void> {
  const { id, loginName, summary, hops } = await explainUser(parts, operator, who)
  print(id === undefined ? who : `${loginName} (${id})`)
  for (const sentence of summary) print(`  ${sentence}`)
  print('')
  for (const hop of hops)
    print(`  ${(hop.state === 'failed' ? 'FAILED' : hop.state).padEnd(8)}${hopName(hop).padEnd(13)} ${hop.text}`)
  if (hops.some(({ state }) => state === 'failed')) process.exitCode = 1
}
