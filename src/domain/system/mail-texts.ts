/** Languages that mail is written in. */
export const mailLanguages = ['ja', 'en', 'zh'] as const
export type MailLanguage = (typeof mailLanguages)[number]

/** Plain text; the only links are to our own base URL. */
export type MailText = { readonly subject: string; readonly text: string }

/** What a language tag (RFC 5646) asks for, or undefined for another language. */
export function mailLanguageOf(tag: string | undefined): MailLanguage | undefined {
  const primary = tag?.trim().slice(0, 2).toLowerCase()
  return mailLanguages.find((language) => language === primary)
}

export type ResetFacts = { readonly baseUrl: string; readonly loginName: string; readonly link: string; readonly minutes: number }

/** The way to a new password (S17). */
export const resetMail = (language: MailLanguage, facts: ResetFacts): MailText => ({
  subject: resetTexts[language].subject,
  text: paragraphs(resetTexts[language].body(facts)),
})

export type CodeFacts = { readonly baseUrl: string; readonly loginName: string; readonly code: string; readonly minutes: number }

/** A code of two-step sign-in: for signing in, or for the set-up of the address it is sent to (S15). */
export const codeMail = (language: MailLanguage, purpose: 'signIn' | 'setUp', facts: CodeFacts): MailText => ({
  subject: codeTexts[language].subject,
  text: paragraphs(codeTexts[language][purpose](facts)),
})

/** Says in all languages that mail arrives (S50). */
export const testMail = (baseUrl: string): MailText => ({
  subject: '[Kagami] テストメール / Test mail / 测试邮件',
  text: paragraphs([
    `${baseUrl} のシステムメールの設定を確認するためのテストメールです。このメールが届いていれば、設定は正しく機能しています。`,
    `This mail tests the system mail settings of ${baseUrl}. It has arrived, so they work.`,
    `这是用于确认 ${baseUrl} 系统邮件设置的测试邮件。收到此邮件表示设置有效。`,
  ]),
})

const paragraphs = (parts: readonly string[]) => `${parts.join('\n\n')}\n`

const resetTexts: Readonly<
  Record<MailLanguage, { readonly subject: string; readonly body: (facts: ResetFacts) => readonly string[] }>
> = {
  ja: {
    subject: '[Kagami] パスワードの再設定',
    body: ({ baseUrl, loginName, link, minutes }) => [
      `${baseUrl} のユーザー「${loginName}」のパスワードの再設定を受け付けました。`,
      `次のURLを開き、新しいパスワードを設定してください。URLは${minutes}分間、1回だけ有効です。`,
      link,
      'お心当たりがない場合は、このメールを破棄してください。パスワードは変わりません。',
    ],
  },
  en: {
    subject: '[Kagami] Reset your password',
    body: ({ baseUrl, loginName, link, minutes }) => [
      `A new password was asked for, for the user "${loginName}" of ${baseUrl}.`,
      `Open this URL and set it. It works once, for ${minutes} minutes.`,
      link,
      'If you did not ask for it, throw this mail away. Your password stays as it is.',
    ],
  },
  zh: {
    subject: '[Kagami] 重置密码',
    body: ({ baseUrl, loginName, link, minutes }) => [
      `我们收到了重置 ${baseUrl} 用户“${loginName}”密码的请求。`,
      `请打开以下网址并设置新密码。该网址在${minutes}分钟内有效，且只能使用一次。`,
      link,
      '如果您没有提出此请求，请忽略此邮件。您的密码不会改变。',
    ],
  },
}

type CodeBody = (facts: CodeFacts) => readonly string[]

const codeTexts: Readonly<
  Record<MailLanguage, { readonly subject: string; readonly signIn: CodeBody; readonly setUp: CodeBody }>
> = {
  ja: {
    subject: '[Kagami] セキュリティ確認コード',
    signIn: ({ baseUrl, loginName, code, minutes }) => [
      `${baseUrl} にユーザー「${loginName}」でログインするための確認コードです。`,
      code,
      `確認コードは${minutes}分間、1回だけ有効です。誰にも教えないでください。`,
      'お心当たりがない場合は、パスワードが知られているおそれがあります。パスワードを変更してください。',
    ],
    setUp: ({ baseUrl, loginName, code, minutes }) => [
      `${baseUrl} のユーザー「${loginName}」の2段階認証に、このメールアドレスを設定するための確認コードです。`,
      code,
      `確認コードは${minutes}分間、1回だけ有効です。誰にも教えないでください。`,
      'お心当たりがない場合は、このメールを破棄してください。',
    ],
  },
  en: {
    subject: '[Kagami] Your security code',
    signIn: ({ baseUrl, loginName, code, minutes }) => [
      `This code signs the user "${loginName}" in to ${baseUrl}.`,
      code,
      `It works once, for ${minutes} minutes. Give it to nobody.`,
      'If you are not signing in, somebody may know your password. Change it.',
    ],
    setUp: ({ baseUrl, loginName, code, minutes }) => [
      `This code makes this address the one for two-step sign-in of the user "${loginName}" of ${baseUrl}.`,
      code,
      `It works once, for ${minutes} minutes. Give it to nobody.`,
      'If you did not ask for it, throw this mail away.',
    ],
  },
  zh: {
    subject: '[Kagami] 安全验证码',
    signIn: ({ baseUrl, loginName, code, minutes }) => [
      `这是用户“${loginName}”登录 ${baseUrl} 的验证码。`,
      code,
      `验证码在${minutes}分钟内有效，且只能使用一次。请勿告诉任何人。`,
      '如果不是您本人登录，您的密码可能已被他人知晓，请更改密码。',
    ],
    setUp: ({ baseUrl, loginName, code, minutes }) => [
      `这是将此邮箱地址设置为 ${baseUrl} 用户“${loginName}”两步验证地址的验证码。`,
      code,
      `验证码在${minutes}分钟内有效，且只能使用一次。请勿告诉任何人。`,
      '如果您没有提出此请求，请忽略此邮件。',
    ],
  },
}
