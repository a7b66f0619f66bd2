import { TargetDown } from '../../ports/targets'
import { messageOf } from '../sql/target-database'

/** Dovecot's doveadm HTTP API (doveadm v1). */
export interface Doveadm {
  /** @throws TargetDown; an exit code that says "not there" is fine */
  run(commands: readonly (readonly [command: string, parameters: object])[]): Promise<void>
}

const timeoutMs = 10_000
/** No such user, no such mailbox. */
const absent = new Set([67, 68])

type ApiAnswer = readonly [kind: string, payload: { readonly type?: string; readonly exitCode?: number }, tag: string]

export function doveadmAt(api: { readonly url: string; readonly key: string }): Doveadm {
  const authorization = `X-Dovecot-API ${Buffer.from(api.key).toString('base64')}`
  return {
    run: async (commands) => {
      const response = await fetch(api.url, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(commands.map(([command, parameters], i) => [command, parameters, String(i)])),
        signal: AbortSignal.timeout(timeoutMs),
      }).catch((cause: unknown) => {
        throw new TargetDown(`Dovecot's API at ${api.url} does not answer (${messageOf(cause)}).`, { cause })
      })
      if (response.status === 401 || response.status === 403) {
        throw new TargetDown(`Dovecot's API at ${api.url} refuses the key. Check KAGAMI_MAIL_API_KEY and doveadm_api_key.`)
      }
      if (!response.ok) throw new TargetDown(`Dovecot's API at ${api.url} answers ${response.status}. Look at its log.`)
      const answers = (await response.json()) as readonly ApiAnswer[]
      for (const [kind, { type, exitCode }, tag] of answers) {
        if (kind !== 'error' || absent.has(exitCode ?? -1)) continue
        const command = commands[Number(tag)]?.[0] ?? ''
        throw new TargetDown(`Dovecot's command ${command} failed (${type ?? ''} ${exitCode ?? ''}). Look at its log.`)
      }
    },
  }
}
