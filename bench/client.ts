import { Agent, request } from 'node:http'

/** Asks one server over connections that stay open. */
export type Client = {
  /** @throws Error when the answer has another status */
  ask(method: string, path: string, expected: number, body?: object): Promise<string>
  close(): void
}

/** So many requests are under way at once. */
export const connections = 8

export function openClient(url: string, token: string): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const ask: Client['ask'] = (method, path, expected, body) =>
    new Promise((resolve, reject) => {
      const bytes = body && Buffer.from(JSON.stringify(body))
      const headers = {
        authorization: `Bearer ${token}`,
        ...(bytes && { 'content-type': 'application/scim+json', 'content-length': bytes.length }),
      }
      const sent = request(`${url}${path}`, { method, agent, headers }, (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.on('error', reject)
        answer.on('end', () => {
          const text = Buffer.concat(parts).toString()
          if (answer.statusCode === expected) resolve(text)
          else reject(new Error(`${method} ${path} was answered ${answer.statusCode}: ${text.slice(0, 500)}`))
        })
      })
      sent.on('error', reject)
      sent.end(bytes)
    })
  return { ask, close: () => agent.destroy() }
}

/** Does `work` for each item, as many at once as there are connections. @returns how many a second */
export async function perSecond<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<number> {
  const waiting = items.values()
  const started = performance.now()
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (const item of waiting) await work(item)
    }),
  )
  return (items.length * 1000) / (performance.now() - started)
}
