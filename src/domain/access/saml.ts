import type { Instant } from '../brand'

/** The identity provider that people sign in by (S30). */
export type SamlIdp = {
  /** Absent: only the certificate says who it is; the manual's settings know no entity id. */
  readonly entityId?: string
  /** Where an AuthnRequest goes by HTTP-Redirect. */
  readonly ssoUrl: string
  /** PEM, X.509 with an RSA, DSA or EC key; at least one, several while keys are rolled over. */
  readonly certificates: readonly string[]
  /** Where a browser goes after signing out (S37). */
  readonly logoutUrl?: string
}

/** An AuthnRequest under way: kept by the browser, sealed, so that an anonymous visitor writes nothing into our database. */
export type PendingSaml = {
  /** The ID of the AuthnRequest. */
  readonly id: string
  /** Where to go after signing in; a path of ours. */
  readonly returnTo: string
  readonly at: Instant
}

/** How long somebody may take to sign in at the identity provider. */
export const pendingSamlMs = 10 * 60_000

export type SamlText = { readonly ja: string; readonly en: string }

/**
 * What is asked of a Response, in the order in which it is shown: the manual's four (S36), then our own. `firstUse` is judged by who
 * keeps the ids of used assertions; all others from the message alone.
 */
export const samlVerdictNames = [
  'timeWindow',
  'inResponseTo',
  'audience',
  'signature',
  'document',
  'encryption',
  'status',
  'issuer',
  'issueInstant',
  'destination',
  'subjectConfirmation',
  'conditions',
  'authnStatement',
  'nameId',
  'firstUse',
] as const
export type SamlVerdictName = (typeof samlVerdictNames)[number]

/** `expected` and `actual` are for an administrator's eyes; `actual` is the sender's and must be escaped where it is shown. */
export type SamlVerdict = {
  readonly name: SamlVerdictName
  readonly passed: boolean
  readonly expected?: string
  readonly actual?: string
}

/** At least the manual's four, in its order. What could not be read has not passed. */
export type SamlVerdicts = readonly SamlVerdict[]

/** Why a SAML sign-in was refused (S33–S36). */
export type SlashCode = 'SLASH_SA01' | 'SLASH_SA02' | 'SLASH_SA03' | 'SLASH_SA04' | 'SLASH_SA05' | 'SLASH_FA01'

/** The manual's messages (S33–S36), each with what to do about it. */
export const slashTexts: Readonly<Record<SlashCode, { readonly message: SamlText; readonly mend: SamlText }>> = {
  SLASH_SA01: {
    message: {
      ja: 'SAMLResponse内のNameIDと一致するログイン名を持つユーザーが見つかりません。',
      en: 'No user account for that NameID found.',
    },
    mend: {
      ja: 'IdPがNameIDとして送る値と、ユーザーのログイン名を一致させてください。使用停止中のユーザーはログインできません。',
      en: 'Make the identity provider send the login name as NameID, or change the login name. Suspended users cannot sign in.',
    },
  },
  SLASH_SA02: {
    message: {
      ja: 'SAMLResponseに対応するAuthnRequestがありません。',
      en: 'Corresponding AuthnRequest not found.',
    },
    mend: {
      ja: 'タブをひとつだけ開いた状態で、ログイン画面からもう一度ログインしてください。ブラウザーの「戻る」やIdPから始めるログインは使用できません。',
      en: 'Sign in once more, starting here and with one tab only. The Back button and sign-ins that begin at the identity provider do not work.',
    },
  },
  SLASH_SA03: {
    message: {
      ja: 'リクエストパラメータにSAMLResponseがありません。',
      en: 'The SAML response is not found in the request parameter.',
    },
    mend: {
      ja: 'IdPの設定で、HTTP POST BindingによりSAMLResponseを送信してください。',
      en: 'Set the identity provider to send SAMLResponse by the HTTP POST binding.',
    },
  },
  SLASH_SA04: {
    message: { ja: 'SAMLResponseが無効です。', en: 'Invalid SAML Response.' },
    mend: {
      ja: '検証結果がFailedの項目の設定を見直してください。',
      en: 'Review the settings of the checks that say Failed.',
    },
  },
  SLASH_SA05: {
    message: {
      ja: 'HTTPメソッドが不正です。HTTPメソッドにPOSTを指定してください。',
      en: 'Invalid HTTP method. Use POST as the HTTP method.',
    },
    mend: {
      ja: 'IdPの設定をHTTP POST Bindingに変更し、プロキシサーバーがHTTPメソッドを変えていないか確認してください。',
      en: 'Set the identity provider to the HTTP POST binding, and check that no proxy changes the method.',
    },
  },
  SLASH_FA01: {
    message: { ja: 'SAMLResponseの処理に失敗しました。', en: 'Failed to process the SAML response.' },
    mend: {
      ja: '予期せぬエラーが発生しました。もう一度お試しのうえ、解消しない場合は管理者に連絡してください。',
      en: 'Something unexpected happened. Try again; if it stays, tell your administrator.',
    },
  },
}

/** What each verdict says when it passes, and the mend when it does not (S36). */
export const samlVerdictTexts: Readonly<Record<SamlVerdictName, { readonly check: SamlText; readonly mend: SamlText }>> = {
  timeWindow: {
    check: {
      ja: '現在の時刻が、Conditions要素のNotBefore属性とNotOnOrAfter属性で指定した期間内である。',
      en: 'Now is within NotBefore and NotOnOrAfter of the Conditions element.',
    },
    mend: {
      ja: 'IdPと本サーバーの日時が異なる可能性があります。正しい日時を設定してください。',
      en: 'The clocks of the identity provider and of this server may differ. Set both right.',
    },
  },
  inResponseTo: {
    check: {
      ja: 'SubjectConfirmationData要素のInResponseTo属性がAuthnRequestのIDと一致する。',
      en: 'InResponseTo of SubjectConfirmationData is the ID of the AuthnRequest.',
    },
    mend: {
      ja: '同じWebブラウザーの複数のタブで、SSOを行おうとした可能性があります。タブをひとつだけ開いた状態でログインしてください。',
      en: 'Several tabs of one browser may have signed in at the same time. Sign in with one tab only.',
    },
  },
  audience: {
    check: { ja: 'Audience要素に正しい値が指定されている。', en: 'Audience has the right value.' },
    mend: {
      ja: 'IdPにSPとして登録したエンティティIDが異なる可能性があります。SPメタデータのentityIDを、末尾のスラッシュなしで指定してください。',
      en: 'The entity id registered at the identity provider may be wrong. Register the entityID of our metadata, without a slash at its end.',
    },
  },
  signature: {
    check: {
      ja: 'Assertion要素またはResponse要素に署名があり、その署名が有効である。',
      en: 'The Assertion or the Response is signed, and every signature is valid.',
    },
    mend: {
      ja: '公開鍵の証明書が不正な可能性があります。IdPが署名に使用するRSA、DSAまたはECのX.509証明書を設定してください。',
      en: 'The certificate may be wrong. Set the X.509 certificate (RSA, DSA or EC) that the identity provider signs with.',
    },
  },
  document: {
    check: { ja: 'SAMLResponseがSAML 2.0のResponseとして読み取れる。', en: 'SAMLResponse can be read as a SAML 2.0 Response.' },
    mend: {
      ja: 'Base64で符号化したResponse要素ひとつを、DTD、コメント、処理命令を含めずに送信してください。',
      en: 'Send one Response in base64, with one Assertion and without DTD, comments or processing instructions.',
    },
  },
  encryption: {
    check: {
      ja: 'Assertion要素を復号できる、または暗号化されていない。',
      en: 'The Assertion is not encrypted, or can be decrypted.',
    },
    mend: {
      ja: 'IdPの設定でAssertionの暗号化を無効にしてください。',
      en: 'Turn the encryption of assertions off at the identity provider.',
    },
  },
  status: {
    check: { ja: 'StatusCodeがSuccessである。', en: 'The StatusCode is Success.' },
    mend: {
      ja: 'IdPがログインを拒否しました。IdPのログを確認してください。',
      en: 'The identity provider refused the sign-in. See its log.',
    },
  },
  issuer: {
    check: { ja: 'Issuer要素が設定したIdPのエンティティIDと一致する。', en: 'Issuer is the entity id of the identity provider.' },
    mend: {
      ja: 'IdPのエンティティIDの設定を見直してください。',
      en: 'Review the entity id of the identity provider in the settings.',
    },
  },
  issueInstant: {
    check: { ja: 'IssueInstant属性が未来の時刻ではない。', en: 'IssueInstant is not in the future.' },
    mend: {
      ja: 'IdPと本サーバーの日時が異なる可能性があります。正しい日時を設定してください。',
      en: 'The clocks of the identity provider and of this server may differ. Set both right.',
    },
  },
  destination: {
    check: { ja: 'Destination属性がACSのURLと一致する。', en: 'Destination is our ACS URL.' },
    mend: {
      ja: 'IdPに登録したACSのURLを、SPメタデータのものと一致させてください。',
      en: 'Register the ACS URL of our metadata at the identity provider.',
    },
  },
  subjectConfirmation: {
    check: {
      ja: 'bearerのSubjectConfirmationがひとつあり、RecipientがACSのURLと一致し、期限内である。',
      en: 'There is one bearer SubjectConfirmation, for our ACS URL and not expired.',
    },
    mend: {
      ja: 'IdPに登録したACSのURLと、IdPの日時を確認してください。',
      en: 'Check the ACS URL registered at the identity provider, and its clock.',
    },
  },
  conditions: {
    check: {
      ja: 'Conditions要素がひとつあり、理解できる条件だけを含む。',
      en: 'There is one Conditions element, with known conditions only.',
    },
    mend: {
      ja: 'IdPの設定で、AudienceRestriction、OneTimeUse、ProxyRestriction以外の条件を送信しないようにしてください。',
      en: 'Set the identity provider to send no conditions but AudienceRestriction, OneTimeUse and ProxyRestriction.',
    },
  },
  authnStatement: {
    check: { ja: 'AuthnStatement要素がある。', en: 'There is an AuthnStatement.' },
    mend: { ja: 'IdPの設定で、AuthnStatementを送信してください。', en: 'Set the identity provider to send an AuthnStatement.' },
  },
  nameId: {
    check: { ja: '空でないNameID要素がひとつある。', en: 'There is one NameID, and it is not empty.' },
    mend: {
      ja: 'IdPの設定で、NameIDとしてログイン名を、暗号化せずに送信してください。',
      en: 'Set the identity provider to send the login name as NameID, not encrypted.',
    },
  },
  firstUse: {
    check: { ja: 'Assertion要素がはじめて使用された。', en: 'The Assertion is used for the first time.' },
    mend: {
      ja: 'ログイン画面からもう一度ログインしてください。',
      en: 'Sign in once more, starting at our sign-in page.',
    },
  },
}
