import { otpauthUri } from '../../domain/access/totp'
import type { Session } from '../../ports/store/access'
import type { HalfWay } from '../../usecases/access/second-step-sign-in'
import { qrCode, qrPath } from '../../wire/qr/qr-code'
import { html, type Html } from '../html'
import { problem } from './pages'
import type { TwoStepTexts } from './two-step-texts'

/** Asks for the code of a sign-in. */
export const stepPage = (text: TwoStepTexts, { step }: HalfWay, what?: string): Html =>
  html`${codeForm(text, '/login/step', step.method === 'mail' ? text.enterMailed : text.enterTotp, what)}
  ${step.method === 'mail' && html`<form method="post" action="/login/step/resend"><button>${text.resend}</button></form>`}`

export const codeForm = (text: TwoStepTexts, action: string, intro: string, what?: string, hidden: Html = html``): Html =>
  html`${problem(what)}
    <p>${intro}</p>
    <form method="post" action="${action}">
      ${hidden}
      <label for="code">${text.code}</label>
      <input id="code" name="code" autocomplete="one-time-code" maxlength="20" required autofocus />
      <button>${text.confirm}</button>
    </form>`

/** A new key, as a QR code where it fits, as text and as a link, and asks for its first code. */
export function keyPage(
  { baseUrl }: { readonly baseUrl: string },
  { loginName }: Session,
  text: TwoStepTexts,
  secret: string,
  draft: string,
  what?: string,
): Html {
  const uri = otpauthUri(new URL(baseUrl).hostname, loginName, secret)
  const hidden = html`<input type="hidden" name="draft" value="${draft}" />`
  return html`${codeForm(text, '/two-step/totp/confirm', text.addKey, what, hidden)} ${qrImage(uri, text.qrCode)}
    <p><code>${secret.replace(/(.{4})(?=.)/g, '$1 ')}</code></p>
    <p><a href="${uri}">${text.openApp}</a></p>`
}

function qrImage(content: string, label: string): Html | false {
  const matrix = qrCode(content)
  if (!matrix) return false
  const { d, size } = qrPath(matrix)
  return html`<svg
    role="img"
    aria-label="${label}"
    width="240"
    height="240"
    viewBox="0 0 ${size} ${size}"
    shape-rendering="crispEdges"
  >
    <path fill="#fff" d="M0 0h${size}v${size}h-${size}z" />
    <path fill="#000" d="${d}" />
  </svg>`
}
