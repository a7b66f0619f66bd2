import type { Language } from '../html'

export type ResetTexts = {
  readonly intro: string
  readonly address: string
  readonly send: string
  readonly sent: string
  readonly sentText: string
  readonly title: string
  readonly newPassword: string
  readonly save: string
  readonly invalid: string
  readonly again: string
  readonly done: string
  readonly doneText: string
  readonly signIn: string
  readonly off: string
}

export const resetTexts: Readonly<Record<Language, ResetTexts>> = {
  ja: {
    intro: '登録されているメールアドレスを入力してください。パスワードを再設定するためのURLを送信します。',
    address: 'メールアドレス',
    send: '送信',
    sent: 'メールを送信しました',
    sentText:
      '入力したメールアドレスが登録されている場合は、パスワードを再設定するためのURLを送信しました。メールが届かない場合は、管理者に連絡してください。',
    title: 'パスワードの再設定',
    newPassword: '新しいパスワード',
    save: '設定',
    invalid: 'このURLは使用済みか、新しいURLが発行されたか、有効期限が切れています。',
    again: 'もう一度メールを送信する',
    done: 'パスワードを設定しました',
    doneText: '新しいパスワードでログインしてください。',
    signIn: 'ログイン',
    off: 'パスワードの再設定は使用できません。管理者に連絡してください。',
  },
  en: {
    intro: 'Enter your registered mail address. A link to set a new password will be sent there.',
    address: 'Mail address',
    send: 'Send',
    sent: 'Mail sent',
    sentText:
      'If the address is registered, a link to set a new password is on its way. If no mail arrives, ask your administrator.',
    title: 'Set a new password',
    newPassword: 'New password',
    save: 'Set',
    invalid: 'This link was used, has been replaced by a newer one, or is too old.',
    again: 'Send another mail',
    done: 'Your password is set',
    doneText: 'Sign in with the new password.',
    signIn: 'Sign in',
    off: 'Passwords cannot be reset by mail here. Ask your administrator.',
  },
  zh: {
    intro: '请输入已注册的邮箱地址。系统将发送用于重置密码的网址。',
    address: '邮箱地址',
    send: '发送',
    sent: '邮件已发送',
    sentText: '如果该邮箱地址已注册,则已发送用于重置密码的网址。如未收到邮件,请联系管理员。',
    title: '重置密码',
    newPassword: '新密码',
    save: '设置',
    invalid: '此网址已使用、已被新的网址取代或已过期。',
    again: '重新发送邮件',
    done: '密码已设置',
    doneText: '请使用新密码登录。',
    signIn: '登录',
    off: '此处无法通过邮件重置密码。请联系管理员。',
  },
}
