import { TargetDown } from '../../ports/targets'
import { messageOf } from '../sql/target-database'

/** What a running Dovecot must do now, by its HTTP API (doveadm v1). All may be repeated; all throw TargetDown. */
export interface Doveadm {
  /** Settles when Dovecot answers and can look people up. */
  ping(): Promise<void>
  /** Ends the sessions of these people. */
  kick(addresses: readonly string[]): Promise<void>
  /** Removes everything kept for these people: mail, folders, rules. `home` is how the path of his home ends. */
  removeHomes(people: readonly { readonly address: string; readonly home: string }[]): Promise<void>
}

const timeoutMs = 10_000
/** No such user; no such mailbox, path or session. */
const absent = new Set([67, 68])

type Command = readonly [name: string, parameters: object]
type Failure = { readonly type?: string; readonly exitCode?: number }
type ApiAnswer = readonly ['doveadmResponse', unknown, tag: string] | readonly ['error', Failure, tag: string]

export function doveadmAt(api: { readonly url: string; readonly key: string }): Doveadm {
  const run = (commands: readonly Command[]) => runCommands(api, commands)
  return {
    ping: async () => void (await run([['user', { userMask: ['nobody@invalid'] }]])),
    kick: async (addresses) => void (await run(addresses.map((address) => ['kick', { mask: [address] }]))),
    removeHomes: async (people) => {
      const found = await run(people.map(({ address }) => ['user', { userMask: [address], field: 'home' }]))
      const paths = people.flatMap(({ address, home }, i) => {
        const path = (found[i] as Readonly<Record<string, { readonly home?: string }>> | undefined)?.[address]?.home
        if (path !== undefined && !path.endsWith(`/${home}`)) {
          throw new TargetDown(
            `Dovecot keeps ${address} in ${path}, which may be somebody else's too. Let its user_query end the home with mail_user.home.`,
          )
        }
        return path === undefined ? [] : [`${path}/`]
      })
      const files = { fsDriver: 'posix', fsArgs: 'dirs' } // with its folders, whose names are his too
      const present = await run(paths.map((path) => ['fsStat', { ...files, path }]))
      const left = paths.filter((_, i) => present[i] !== undefined)
      await run(left.map((path) => ['fsDelete', { ...files, recursive: true, path: [path] }]))
    },
  }
}

/** @returns the answers in the order of the commands; undefined for what is not there */
async function runCommands(
  api: { readonly url: string; readonly key: string },
  commands: readonly Command[],
): Promise<readonly unknown[]> {
  if (commands.length === 0) return []
  const response = await fetch(api.url, {
    method: 'POST',
    headers: {
      authorization: `X-Dovecot-API ${Buffer.from(api.key).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(commands.map(([name, parameters], i) => [name, parameters, String(i)])),
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((cause: unknown) => {
    throw new TargetDown(`Dovecot's API at ${api.url} does not answer (${messageOf(cause)}).`, { cause })
  })
  if (response.status === 401 || response.status === 403) {
    throw new TargetDown(`Dovecot's API at ${api.url} refuses the key. Check KAGAMI_MAIL_API_KEY and doveadm_api_key.`)
  }
  if (!response.ok) throw new TargetDown(`Dovecot's API at ${api.url} answers ${response.status}. Look at its log.`)
  const answers = (await response.json()) as readonly ApiAnswer[]
  const inOrder = [...answers].sort((a, b) => Number(a[2]) - Number(b[2]))
  return inOrder.map(([kind, payload, tag]) => {
    if (kind === 'doveadmResponse') return payload
    if (absent.has(payload.exitCode ?? -1)) return undefined
    const command = commands[Number(tag)]?.[0] ?? ''
    throw new TargetDown(
      `Dovecot's command ${command} failed (${payload.type ?? ''} ${payload.exitCode ?? ''}). Look at its log.`,
    )
  })
}
