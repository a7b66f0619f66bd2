import type { Language } from '../html'

export type SessionTexts = {
  readonly signIn: string
  readonly signInIntro: string
  readonly loginName: string
  readonly password: string
  readonly wrong: string
  readonly tooMany: (seconds: number) => string
  readonly signOut: string
  readonly signedOut: string
  readonly signedIn: string
  readonly signedInAs: (loginName: string) => string
  readonly bySaml: string
  readonly byPassword: string
  readonly administrator: string
  readonly changePassword: string
  readonly mustChange: string
  readonly currentPassword: string
  readonly newPassword: string
  readonly save: string
  readonly home: string
  readonly crossSite: string
  readonly notFound: string
  readonly unreadable: string
  readonly failed: (requestId: string) => string
  readonly unavailable: string
  readonly wrongCurrent: string
  readonly refused: string
}

export const texts: Readonly<Record<Language, SessionTexts>> = {
  ja: {
    signIn: 'ログイン',
    signInIntro: 'ログイン名とパスワードを入力してください。',
    loginName: 'ログイン名',
    password: 'パスワード',
    wrong: 'ログイン名またはパスワードが正しくありません。',
    tooMany: (seconds) => `ログインの失敗が続いたため、しばらくログインできません。${seconds}秒後にもう一度お試しください。`,
    signOut: 'ログアウト',
    signedOut: 'ログアウトしました',
    signedIn: 'ログイン中',
    signedInAs: (loginName) => `${loginName} としてログインしています。`,
    bySaml: 'ログイン方法: SAML認証',
    byPassword: 'ログイン方法: パスワード',
    administrator: '共通管理者です。',
    changePassword: 'パスワードの変更',
    mustChange: '仮パスワードです。続けるには、新しいパスワードを設定してください。',
    currentPassword: '現在のパスワード',
    newPassword: '新しいパスワード(12文字以上)',
    save: '保存',
    home: 'トップへ戻る',
    crossSite: '別のサイトから送信された操作は受け付けません。このサイトのページからもう一度操作してください。',
    notFound: 'ページが見つかりません。',
    unreadable: 'リクエストを読み取れません。入力した内容を確認してください。',
    failed: (requestId) => `エラーが発生しました。管理者にリクエストID ${requestId} をお知らせください。`,
    unavailable: 'ただいま混み合っています。数秒後にもう一度お試しください。',
    wrongCurrent: '現在のパスワードが正しくありません。',
    refused: '新しいパスワードは12文字以上256文字以下で、現在のパスワードともログイン名とも異なるものにしてください。',
  },
  en: {
    signIn: 'Sign in',
    signInIntro: 'Enter your login name and your password.',
    loginName: 'Login name',
    password: 'Password',
    wrong: 'The login name or the password is wrong.',
    tooMany: (seconds) => `Too many failed sign-ins. Try again in ${seconds} seconds.`,
    signOut: 'Sign out',
    signedOut: 'You are signed out',
    signedIn: 'Signed in',
    signedInAs: (loginName) => `You are signed in as ${loginName}.`,
    bySaml: 'Signed in by SAML',
    byPassword: 'Signed in by password',
    administrator: 'You are a common administrator.',
    changePassword: 'Change password',
    mustChange: 'Your password is temporary. Set a new one to go on.',
    currentPassword: 'Current password',
    newPassword: 'New password (12 characters or more)',
    save: 'Save',
    home: 'Back to the top',
    crossSite: 'This came from another site. Do it again from a page of this site.',
    notFound: 'There is no such page.',
    unreadable: 'The request cannot be read. Check what you entered.',
    failed: (requestId) => `Something went wrong. Tell your administrator the request id ${requestId}.`,
    unavailable: 'Busy just now. Try again in a few seconds.',
    wrongCurrent: 'The current password is wrong.',
    refused: 'The new password needs 12 to 256 characters, and must differ from the current one and from the login name.',
  },
}
