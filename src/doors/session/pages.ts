import type { Session } from '../../ports/store/access'
import { html, type Html } from '../html'
import type { SessionTexts } from './texts'

export const problem = (text: string | undefined): Html =>
  text === undefined ? html`` : html`<p class="problem" role="alert">${text}</p>`

export function signInPage(text: SessionTexts, returnTo: string, what?: string): Html {
  return html`${problem(what)}
    <p>${text.signInIntro}</p>
    <form method="post" action="/login">
      <input type="hidden" name="returnTo" value="${returnTo}" />
      <label for="loginName">${text.loginName}</label>
      <input id="loginName" name="loginName" autocomplete="username" required autofocus />
      <label for="password">${text.password}</label>
      <input id="password" name="password" type="password" autocomplete="current-password" required />
      <button>${text.signIn}</button>
    </form>
    <p><a href="/reset">${text.forgotten}</a></p>`
}

export function homePage(text: SessionTexts, session: Session): Html {
  return html`<p>${text.signedInAs(session.loginName)}</p>
    <p>${session.method === 'saml' ? text.bySaml : text.byPassword}</p>
    ${session.administrator && html`<p>${text.administrator}</p>`}
    ${session.method === 'password' && html`<p><a href="/password">${text.changePassword}</a></p>`}
    <p><a href="/sessions">${text.sessions}</a></p>
    <form method="post" action="/logout"><button>${text.signOut}</button></form>`
}

export function passwordPage(text: SessionTexts, session: Session, what?: string): Html {
  return html`${problem(what)} ${session.mustChangePassword && html`<p>${text.mustChange}</p>`}
    <form method="post" action="/password">
      <input type="hidden" name="loginName" value="${session.loginName}" autocomplete="username" />
      <label for="current">${text.currentPassword}</label>
      <input id="current" name="current" type="password" autocomplete="current-password" required autofocus />
      <label for="wanted">${text.newPassword}</label>
      <input id="wanted" name="wanted" type="password" autocomplete="new-password" minlength="12" required />
      <button>${text.save}</button>
    </form>`
}

export const signedOutPage = (text: SessionTexts): Html => html`<p><a class="button" href="/login">${text.signIn}</a></p>`
