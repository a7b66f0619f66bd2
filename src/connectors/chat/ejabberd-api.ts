import { TargetDown } from '../../ports/targets'
import { messageOf } from '../sql/target-database'

const timeoutMs = 10_000

/** ejabberd's HTTP API (mod_http_api). */
export interface EjabberdApi {
  /** @returns the answer; undefined where the server says that the thing is not there. @throws TargetDown */
  call(command: string, body: object): Promise<unknown>
}

export function ejabberdApi(api: { readonly url: string; readonly token: string }): EjabberdApi {
  return {
    call: async (command, body) => {
      const response = await fetch(`${api.url}/${command}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(timeoutMs),
      }).catch((cause: unknown) => {
        throw new TargetDown(`ejabberd's API at ${api.url} does not answer (${messageOf(cause)}).`, { cause })
      })
      const text = await response.text()
      if (response.ok) return text === '' ? '' : (JSON.parse(text) as unknown)
      if (response.status === 401 || response.status === 403) {
        throw new TargetDown(
          `ejabberd's API at ${api.url} refuses the token for ${command}. Check KAGAMI_CHAT_API_TOKEN and api_permissions.`,
        )
      }
      if (/^"(error_no_|unknown_user)/.test(text)) return undefined
      throw new TargetDown(`ejabberd's API at ${api.url} answers ${response.status} ${text} to ${command}. Look at its log.`)
    },
  }
}

/** Each once, `atOnce` at a time. */
export async function inParallel<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items]
  await Promise.all(
    Array.from({ length: Math.min(atOnce, left.length) }, async () => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item)
    }),
  )
}
