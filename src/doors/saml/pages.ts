import type { Request, Response } from 'express'
import type { SamlVerdict, SamlVerdicts, SlashCode } from '../../domain/access/saml'
import { samlVerdictTexts, slashTexts } from '../../domain/access/saml-texts'
import type { SamlSp } from '../../wire/saml/service-provider'
import { html, languageOf, sendPage, type Html, type Language } from '../html'
import { texts } from './texts'

/** The page of a SLASH code: what it means, what to do, and for an administrator each check with its result (S33–S36). */
export function sendRefusal(
  req: Request,
  res: Response,
  status: number,
  code: SlashCode,
  verdicts: SamlVerdicts,
  requestId: string,
): void {
  const language = languageOf(req)
  const text = texts[language]
  const { message, mend } = slashTexts[code]
  const table = html`<table>
    <thead>
      <tr>
        <th scope="col">${text.check}</th>
        <th scope="col">${text.result}</th>
      </tr>
    </thead>
    <tbody>
      ${verdicts.map((verdict) => row(verdict, language))}
    </tbody>
  </table>`
  const body = html`<p class="problem" role="alert">${message[language]}</p>
    <p>${mend[language]}</p>
    ${verdicts.length > 0 && table}
    <p><a class="button" href="/saml/login">${text.again}</a></p>
    <p>${text.requestId}: ${requestId}</p>`
  sendPage(res, status, language, code, body)
}

function row({ name, passed, expected, actual }: SamlVerdict, language: Language): Html {
  const text = texts[language]
  const { check, mend } = samlVerdictTexts[name]
  const facts = html`<br />${mend[language]} ${expected !== undefined && html`<br />${text.expected}: ${expected}`}
    ${actual !== undefined && html`<br />${text.actual}: ${actual.slice(0, 500)}`}`
  return html`<tr>
    <td>${check[language]} ${!passed && facts}</td>
    <td class="${passed ? 'succeeded' : 'failed'}">${passed ? 'Succeeded' : 'Failed'}</td>
  </tr>`
}

/** No identity provider is configured: how to do that. */
export function sendNotConfigured(req: Request, res: Response, sp: SamlSp): void {
  const language = languageOf(req)
  const text = texts[language]
  const body = html`<p>${text.off}</p>
    <ul>
      <li>${text.entityId}: <code>${sp.entityId}</code></li>
      <li>${text.acs}: <code>${sp.acsUrl}</code></li>
      <li><a href="/saml/metadata">/saml/metadata</a></li>
    </ul>
    <p><a href="/login?saml=off">${text.password}</a></p>`
  sendPage(res, 404, language, text.offTitle, body)
}
