import type { Language } from '../html'

export type SamlTexts = {
  readonly check: string
  readonly result: string
  readonly expected: string
  readonly actual: string
  readonly again: string
  readonly requestId: string
  readonly offTitle: string
  readonly off: string
  readonly entityId: string
  readonly acs: string
  readonly password: string
  readonly testTitle: string
  readonly testSucceeded: string
  readonly testFailed: string
  readonly testOver: string
  readonly testOverMend: string
  readonly loginName: string
  readonly attributes: string
  readonly wouldCreate: string
  readonly draftChanged: string
}

export const texts: Readonly<Record<Language, SamlTexts>> = {
  ja: {
    check: '検証項目',
    result: '結果',
    expected: '正しい値',
    actual: '受信した値',
    again: 'もう一度ログイン',
    requestId: 'リクエストID',
    offTitle: 'SAML認証は無効です',
    off: '管理者は、IdPを設定し(kagami saml set、または環境変数KAGAMI_SAML_IDP_METADATA_FILE)、テストログインのあとで有効にしてください。IdPには次の値を登録します。',
    entityId: 'エンティティID',
    acs: 'ACSのURL(HTTP POST)',
    password: 'パスワードでログイン',
    testTitle: 'SAML認証のテスト',
    testSucceeded: 'テストログインに成功しました。この設定を有効にできます。ログイン状態にはなっていません。',
    testFailed: 'テストログインに失敗しました。設定は変更されていません。',
    testOver: 'このテストのURLは使用できません。',
    testOverMend: 'URLは一度だけ、作成から10分以内に使用できます。新しいURLを作成してください(kagami saml test)。',
    loginName: 'NameID(ログイン名)',
    attributes: '受信した属性',
    wouldCreate: 'このログイン名のユーザーはまだ存在しません。最初のログイン時に作成されます。',
    draftChanged: 'テスト中に設定が変更されました。もう一度テストしてください。',
  },
  en: {
    check: 'Check',
    result: 'Result',
    expected: 'Expected',
    actual: 'Received',
    again: 'Sign in again',
    requestId: 'Request id',
    offTitle: 'SAML sign-in is off',
    off: 'An administrator sets the identity provider (kagami saml set, or KAGAMI_SAML_IDP_METADATA_FILE) and enables it after a test sign-in. At the identity provider, register:',
    entityId: 'Entity id',
    acs: 'ACS URL (HTTP POST)',
    password: 'Sign in with the password',
    testTitle: 'SAML test sign-in',
    testSucceeded: 'The test sign-in succeeded. These settings can be enabled. Nobody was signed in.',
    testFailed: 'The test sign-in failed. No setting was changed.',
    testOver: 'This test URL cannot be used.',
    testOverMend: 'It works once, within 10 minutes of being made. Make a new one: kagami saml test.',
    loginName: 'NameID (login name)',
    attributes: 'Attributes received',
    wouldCreate: 'Nobody has this login name yet. The user is made at the first sign-in.',
    draftChanged: 'The settings were changed during the test. Test once more.',
  },
  zh: {
    check: '验证项目',
    result: '结果',
    expected: '正确的值',
    actual: '收到的值',
    again: '重新登录',
    requestId: '请求ID',
    offTitle: 'SAML认证未启用',
    off: '请管理员设置IdP(kagami saml set,或环境变量KAGAMI_SAML_IDP_METADATA_FILE),并在测试登录后启用。请在IdP中注册以下值。',
    entityId: '实体ID',
    acs: 'ACS的URL(HTTP POST)',
    password: '使用密码登录',
    testTitle: 'SAML认证测试',
    testSucceeded: '测试登录成功。可以启用该设置。当前并未登录。',
    testFailed: '测试登录失败。设置未被更改。',
    testOver: '无法使用该测试URL。',
    testOverMend: 'URL只能使用一次,且须在创建后10分钟内使用。请创建新的URL(kagami saml test)。',
    loginName: 'NameID(登录名)',
    attributes: '收到的属性',
    wouldCreate: '尚无使用该登录名的用户。首次登录时将创建该用户。',
    draftChanged: '测试期间设置已被更改。请重新测试。',
  },
}
