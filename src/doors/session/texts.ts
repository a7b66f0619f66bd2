import type { Language } from '../html'

export type SessionTexts = {
  readonly signIn: string
  readonly signInIntro: string
  readonly forgotten: string
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
  readonly twoStep: string
  readonly sessions: string
  readonly mustChange: string
  readonly currentPassword: string
  readonly newPassword: string
  readonly save: string
  readonly home: string
  readonly crossSite: string
  readonly outOfDate: string
  readonly notFound: string
  readonly unreadable: string
  readonly failed: (requestId: string) => string
  readonly unavailable: string
  readonly wrongCurrent: string
  readonly changedByAdministrator: string
  readonly rules: string
  readonly remember: (hours: number) => string
}

export const texts: Readonly<Record<Language, SessionTexts>> = {
  ja: {
    signIn: 'ログイン',
    forgotten: 'パスワードを忘れた場合',
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
    twoStep: '2段階認証',
    sessions: 'ログイン中の端末',
    mustChange:
      '続けるには、新しいパスワードを設定してください。管理者が設定した仮パスワードか、有効期間を過ぎたパスワードです。',
    currentPassword: '現在のパスワード',
    newPassword: '新しいパスワード',
    save: '保存',
    home: 'トップへ戻る',
    crossSite: '別のサイトから送信された操作は受け付けません。このサイトのページからもう一度操作してください。',
    outOfDate:
      'ページの有効期限が切れています。ページを開き直して、もう一度操作してください。Cookieを無効にしている場合は有効にしてください。',
    notFound: 'ページが見つかりません。',
    unreadable: 'リクエストを読み取れません。入力した内容を確認してください。',
    failed: (requestId) => `エラーが発生しました。管理者にリクエストID ${requestId} をお知らせください。`,
    unavailable: 'ただいま混み合っています。数秒後にもう一度お試しください。',
    wrongCurrent: '現在のパスワードが正しくありません。',
    changedByAdministrator: 'パスワードの変更は許可されていません。管理者に依頼してください。',
    rules: '新しいパスワードの条件:',
    remember: (hours) => `ブラウザーを閉じてもログインしたままにする(${hours}時間)`,
  },
  en: {
    signIn: 'Sign in',
    forgotten: 'Forgot your password?',
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
    twoStep: 'Two-step sign-in',
    sessions: 'Where you are signed in',
    mustChange: 'Set a new password to go on: yours was set by an administrator, or its lifetime is over.',
    currentPassword: 'Current password',
    newPassword: 'New password',
    save: 'Save',
    home: 'Back to the top',
    crossSite: 'This came from another site. Do it again from a page of this site.',
    outOfDate: 'This page is out of date. Open it again, and repeat what you did. If your browser takes no cookies, allow them.',
    notFound: 'There is no such page.',
    unreadable: 'The request cannot be read. Check what you entered.',
    failed: (requestId) => `Something went wrong. Tell your administrator the request id ${requestId}.`,
    unavailable: 'Busy just now. Try again in a few seconds.',
    wrongCurrent: 'The current password is wrong.',
    changedByAdministrator: 'Passwords are changed by an administrator here. Ask one for a new password.',
    rules: 'The new password:',
    remember: (hours) => `Stay signed in when the browser is closed (${hours} hours)`,
  },
  zh: {
    signIn: '登录',
    forgotten: '忘记密码',
    signInIntro: '请输入登录名和密码。',
    loginName: '登录名',
    password: '密码',
    wrong: '登录名或密码不正确。',
    tooMany: (seconds) => `登录失败次数过多,暂时无法登录。请在${seconds}秒后重试。`,
    signOut: '退出',
    signedOut: '已退出',
    signedIn: '已登录',
    signedInAs: (loginName) => `您以 ${loginName} 的身份登录。`,
    bySaml: '登录方式: SAML认证',
    byPassword: '登录方式: 密码',
    administrator: '您是通用管理员。',
    changePassword: '更改密码',
    twoStep: '两步验证',
    sessions: '已登录的设备',
    mustChange: '请设置新密码后继续:当前密码由管理员设置,或已过有效期。',
    currentPassword: '当前密码',
    newPassword: '新密码',
    save: '保存',
    home: '返回首页',
    crossSite: '不接受来自其他网站的操作。请在本网站的页面上重新操作。',
    outOfDate: '该页面已过期。请重新打开页面后再操作。如果浏览器禁用了Cookie,请启用。',
    notFound: '找不到该页面。',
    unreadable: '无法读取请求。请检查输入的内容。',
    failed: (requestId) => `发生了错误。请将请求ID ${requestId} 告知管理员。`,
    unavailable: '当前繁忙。请在几秒后重试。',
    wrongCurrent: '当前密码不正确。',
    changedByAdministrator: '不允许更改密码。请联系管理员。',
    rules: '新密码的要求:',
    remember: (hours) => `关闭浏览器后保持登录(${hours}小时)`,
  },
}
