import type { SignInSettings } from '../../domain/access/sign-in-settings'
import type { Session } from '../../ports/store/access'
import { html, type Html } from '../html'
import type { SessionTexts } from './texts'

export const problem = (text: string | undefined): Html =>
  text === undefined ? html`` : html`<p class="problem" role="alert">${text}</p>`

/** What the settings say of the form (S10), and what went wrong. */
export type SignInForm = {
  readonly returnTo: string
  readonly simplification: SignInSettings['simplification']
  readonly what?: string
  /** The administrator's own words under it (S14). */
  readonly message?: string
}

export function signInPage(text: SessionTexts, { returnTo, simplification, what, message }: SignInForm): Html {
  const { completeLoginName, savePassword, autoSignIn, autoSignInHours } = simplification
  const remember = html`<label class="choice"
    ><input type="checkbox" name="remember" value="on" /> ${text.remember(autoSignInHours)}</label
  >`
  return html`${problem(what)} ${message !== undefined && html`<p class="message">${message}</p>`}
    <p>${text.signInIntro}</p>
    <form method="post" action="/login">
      <input type="hidden" name="returnTo" value="${returnTo}" />
      <label for="loginName">${text.loginName}</label>
      <input
        id="loginName"
        name="loginName"
        autocomplete="${completeLoginName || savePassword ? 'username' : 'off'}"
        required
        autofocus
      />
      <label for="password">${text.password}</label>
      <input id="password" name="password" type="password" autocomplete="${savePassword ? 'current-password' : 'off'}" required />
      ${autoSignIn && remember}
      <button>${text.signIn}</button>
    </form>
    <p><a href="/reset">${text.forgotten}</a></p>`
}

export function homePage(text: SessionTexts, session: Session): Html {
  return html`<p>${text.signedInAs(session.loginName)}</p>
    <p>${session.method === 'saml' ? text.bySaml : text.byPassword}</p>
    ${session.administrator && html`<p>${text.administrator}</p>`}
    ${
      session.method === 'password' &&
      html`<p><a href="/password">${text.changePassword}</a></p>
        <p><a href="/two-step">${text.twoStep}</a></p>`
    }
    <p><a href="/sessions">${text.sessions}</a></p>
    <form method="post" action="/logout"><button>${text.signOut}</button></form>`
}

/** The form for a new password with the rules in force in words; `broken` are those that the last one broke. */
export function passwordPage(
  text: SessionTexts,
  session: Session,
  { mayChange, rules }: { readonly mayChange: boolean; readonly rules: readonly string[] },
  returnTo: string,
  broken: readonly string[] = [],
): Html {
  if (!mayChange && !session.mustChangePassword) return problem(text.changedByAdministrator)
  const problems = html`<div class="problem" role="alert">${broken.map((what) => html`<p>${what}</p>`)}</div>`
  return html`${broken.length > 0 && problems} ${session.mustChangePassword && html`<p>${text.mustChange}</p>`}
    <form method="post" action="/password">
      <input type="hidden" name="loginName" value="${session.loginName}" autocomplete="username" />
      <input type="hidden" name="returnTo" value="${returnTo}" />
      <label for="current">${text.currentPassword}</label>
      <input id="current" name="current" type="password" autocomplete="current-password" required autofocus />
      <label for="wanted">${text.newPassword}</label>
      <input id="wanted" name="wanted" type="password" autocomplete="new-password" aria-describedby="rules" required />
      <div id="rules">
        <p>${text.rules}</p>
        <ul>
          ${rules.map((rule) => html`<li>${rule}</li>`)}
        </ul>
      </div>
      <button>${text.save}</button>
    </form>`
}

export const signedOutPage = (text: SessionTexts): Html => html`<p><a class="button" href="/login">${text.signIn}</a></p>`
