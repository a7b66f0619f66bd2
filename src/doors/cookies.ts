import type { Request, Response } from 'express'

/** Cookies by the base URL: https has the `__Host-` prefix and Secure; http, for a try on one machine, neither. */
export type Cookies = {
  readonly session: Cookie
  /** What forms are bound to before there is a session. */
  readonly form: Cookie
  /** Of a sign-in whose second step is to come. */
  readonly step: Cookie
  /** By whom this browser was used to sign in, sealed: it is known then, and does not wait for what strangers guess. */
  readonly device: Cookie
  /** Comes back with the identity provider's cross-site POST, so SameSite=None, and therefore Secure: browsers allow that on loopback. */
  readonly pendingSaml: Cookie
}

export type Cookie = {
  read(req: Request): string | undefined
  /** Without an age it ends when the browser is closed. */
  set(res: Response, value: string, maxAgeSeconds?: number): void
  clear(res: Response): void
}

export function cookiesFor(baseUrl: string): Cookies {
  const secure = baseUrl.startsWith('https:')
  const prefix = secure ? '__Host-' : ''
  const ours = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
  return {
    session: cookie(`${prefix}kagami`, ours),
    form: cookie(`${prefix}kagami-form`, ours),
    step: cookie(`${prefix}kagami-step`, ours),
    device: cookie(`${prefix}kagami-device`, ours),
    pendingSaml: cookie(`${prefix}kagami-saml`, 'Path=/; HttpOnly; SameSite=None; Secure'),
  }
}

function cookie(name: string, attributes: string): Cookie {
  return {
    read: (req) => readCookie(req.headers.cookie, name),
    set: (res, value, maxAge) => {
      const age = maxAge === undefined ? '' : `; Max-Age=${maxAge}`
      res.append('Set-Cookie', `${name}=${value}; ${attributes}${age}`)
    },
    clear: (res) => void res.append('Set-Cookie', `${name}=; ${attributes}; Max-Age=0`),
  }
}

function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const [key, value] = [part.slice(0, part.indexOf('=')).trim(), part.slice(part.indexOf('=') + 1).trim()]
    if (key === name && /^[\w.~-]+$/.test(value)) return value
  }
  return undefined
}
