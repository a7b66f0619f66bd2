import type { Request, Response } from 'express'
import { formToken } from './forgery'
import { contentSecurityPolicy, nonceOf } from './security-headers'

/** Markup that is safe to send: what was put into it has been escaped. */
export type Html = { readonly markup: string }
type Part = Html | string | number | undefined | false | readonly Part[]

/** html`<p>${text}</p>`: every value is escaped unless it is Html itself; lists are joined, undefined and false are nothing. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { markup: texts.reduce((markup, text, i) => markup + present(parts[i - 1]) + text) }
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function present(part: Part): string {
  if (part === undefined || part === false) return ''
  if (typeof part === 'object') return 'markup' in part ? part.markup : part.map(present).join('')
  return String(part).replace(/[&<>"']/g, (character) => entities[character]!)
}

export type Language = 'ja' | 'en' | 'zh'

const languages: readonly Language[] = ['ja', 'en', 'zh']

/** What the browser prefers of the three; Japanese for who says nothing, as the manuals are. */
export function languageOf(req: Request): Language {
  const preferred = req.headers['accept-language'] === undefined ? false : req.acceptsLanguages(...languages)
  return languages.find((language) => language === preferred) ?? 'ja'
}

/** Served as `/style.css`, so that the content security policy needs no exception. */
export const style = `body{font:16px/1.6 system-ui,sans-serif;color:#1d2733;background:#f4f6f8;margin:0}
main{max-width:40rem;margin:8vh auto;padding:2rem;background:#fff;border:1px solid #d9e0e7;border-radius:8px}
h1{font-size:1.4rem;margin:0 0 1rem}
label{display:block;margin:.8rem 0 .2rem}
label.choice{margin-top:1.2rem}label.choice input{width:auto}
input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;border:1px solid #7d8b99;border-radius:4px}
button,.button{font:inherit;display:inline-block;margin-top:1.2rem;padding:.5rem 1.2rem;border:0;border-radius:4px;background:#0b5cad;color:#fff;text-decoration:none;cursor:pointer}
.problem{border-left:4px solid #b3261e;padding:.4rem 1rem;background:#fdf1f0}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.4rem;border-bottom:1px solid #d9e0e7;overflow-wrap:anywhere}
.failed{color:#b3261e;font-weight:600}
.succeeded{color:#1b6e3c}
`

/**
 * A whole page. Nothing runs on it but what has its nonce, no cache keeps it, and each form that it posts to us carries a token, so
 * that no page can forget it.
 *
 * @param formTarget an origin beside our own that a form of the page may lead to, redirects included
 */
export function sendPage(res: Response, status: number, language: Language, title: string, body: Html, formTarget = ''): void {
  const page = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title} · Kagami</title>
        <link rel="stylesheet" href="/style.css" nonce="${nonceOf(res)}" />
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${withTokens(res, body)}
        </main>
      </body>
    </html>`
  const headers = { 'Cache-Control': 'no-store', 'Content-Security-Policy': contentSecurityPolicy(res, formTarget) }
  res.status(status).set(headers).type('html').send(page.markup)
}

/** What is shown has been escaped: these forms are our own. */
function withTokens(res: Response, { markup }: Html): Html {
  const parts = markup.split(/(?<=<form method="post" action="\/(?!\/)[^"]*"[^>]*>)/)
  const token = parts.length > 1 ? formToken(res) : undefined
  return { markup: token === undefined ? markup : parts.join(html`<input type="hidden" name="csrf" value="${token}" />`.markup) }
}
