import type { Request, Response } from 'express'
import type { SamlVerdict, SamlVerdicts, SlashCode } from '../../domain/access/saml'
import { samlVerdictTexts, slashTexts } from '../../domain/access/saml-texts'
import type { SamlSp } from '../../wire/saml/service-provider'
import { html, languageOf, sendPage, type Html, type Language } from '../html'
import { texts } from './texts'

const maxShown = 500

/** What a page tells of a sign-in that was refused. */
export type RefusedSignIn = { readonly code: SlashCode; readonly verdicts: SamlVerdicts; readonly nameId?: string }

/** The page of a SLASH code: what it means, what to do, and for an administrator each check with its result (S33–S36). */
export function sendRefusal(req: Request, res: Response, status: number, refused: RefusedSignIn, requestId: string): void {
  const language = languageOf(req)
  const text = texts[language]
  const body = html`${refusal(refused, language)}
    <p><a class="button" href="/saml/login">${text.again}</a></p>
    <p>${text.requestId}: ${requestId}</p>`
  sendPage(res, status, language, refused.code, body)
}

function refusal({ code, verdicts, nameId }: RefusedSignIn, language: Language): Html {
  const { message, mend } = slashTexts[code]
  return html`<p class="problem" role="alert">${message[language]}</p>
    <p>${mend[language]}</p>
    ${nameId !== undefined && html`<p>${texts[language].loginName}: <code>${nameId.slice(0, maxShown)}</code></p>`}
    ${table(verdicts, language)}`
}

const table = (verdicts: SamlVerdicts, language: Language): Html | false =>
  verdicts.length > 0 &&
  html`<table>
    <thead>
      <tr>
        <th scope="col">${texts[language].check}</th>
        <th scope="col">${texts[language].result}</th>
      </tr>
    </thead>
    <tbody>
      ${verdicts.map((verdict) => row(verdict, language))}
    </tbody>
  </table>`

function row({ name, passed, expected, actual }: SamlVerdict, language: Language): Html {
  const text = texts[language]
  const { check, mend } = samlVerdictTexts[name]
  const facts = html`<br />${mend[language]} ${expected !== undefined && html`<br />${text.expected}: ${expected}`}
    ${actual !== undefined && html`<br />${text.actual}: ${actual.slice(0, maxShown)}`}`
  return html`<tr>
    <td>${check[language]} ${!passed && facts}</td>
    <td class="${passed ? 'succeeded' : 'failed'}">${passed ? 'Succeeded' : 'Failed'}</td>
  </tr>`
}

/** What a test sign-in has shown. */
export type TestResult = {
  readonly verdicts: SamlVerdicts
  /** Absent: it succeeded. */
  readonly code?: SlashCode
  readonly nameId?: string
  readonly attributes?: ReadonlyMap<string, readonly string[]>
  readonly wouldBeCreated?: boolean
  /** The draft is another one by now. */
  readonly isStale?: boolean
}

/** The page of a test sign-in: all checks, who it was, and which attributes came. Nobody is signed in. */
export function sendTestResult(req: Request, res: Response, result: TestResult, requestId: string): void {
  const language = languageOf(req)
  const text = texts[language]
  const { code, verdicts, nameId, attributes, wouldBeCreated, isStale } = result
  const passed = code === undefined && !isStale
  const body = html`<p class="${!passed && 'problem'}" role="${passed ? 'status' : 'alert'}">
      ${isStale ? text.draftChanged : passed ? text.testSucceeded : text.testFailed}
    </p>
    ${
      code === undefined
        ? html`<p>${text.loginName}: <code>${(nameId ?? '').slice(0, maxShown)}</code></p>
            ${table(verdicts, language)}`
        : refusal({ code, verdicts, ...(nameId === undefined ? {} : { nameId }) }, language)
    }
    ${wouldBeCreated === true && html`<p>${text.wouldCreate}</p>`} ${attributes && attributeList(attributes, text.attributes)}
    <p>${text.requestId}: ${requestId}</p>`
  sendPage(res, passed ? 200 : 400, language, text.testTitle, body)
}

const attributeList = (attributes: ReadonlyMap<string, readonly string[]>, title: string): Html | false =>
  attributes.size > 0 &&
  html`<h2>${title}</h2>
    <table>
      <tbody>
        ${[...attributes].slice(0, 100).map(
          ([name, values]) =>
            html`<tr>
              <th scope="row">${name.slice(0, maxShown)}</th>
              <td>${values.slice(0, 20).join(', ').slice(0, maxShown)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`

/** The URL of a test was used before, is too old, or means a draft that was changed since. */
export function sendTestOver(req: Request, res: Response): void {
  const language = languageOf(req)
  const text = texts[language]
  const body = html`<p class="problem" role="alert">${text.testOver}</p>
    <p>${text.testOverMend}</p>`
  sendPage(res, 410, language, text.testTitle, body)
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
