import type { SamlVerdictName, SlashCode } from './saml'

export type SamlText = { readonly ja: string; readonly en: string; readonly zh: string }

/** The manual's messages (S33–S36), each with what to do about it. */
export const slashTexts: Readonly<Record<SlashCode, { readonly message: SamlText; readonly mend: SamlText }>> = {
  SLASH_SA01: {
    message: {
      ja: 'SAMLResponse内のNameIDと一致するログイン名を持つユーザーが見つかりません。',
      en: 'No user account for that NameID found.',
      zh: '找不到登录名与SAMLResponse中的NameID一致的用户。',
    },
    mend: {
      ja: 'IdPの設定で、ユーザーを識別する要素にNameIDを指定し、その値とユーザーのログイン名を一致させてください。使用停止中のユーザーはログインできません。',
      en: 'Make the identity provider send the login name as NameID, or change the login name. Suspended users cannot sign in.',
      zh: '请在IdP中将NameID指定为识别用户的元素,并使其值与用户的登录名一致。停用的用户无法登录。',
    },
  },
  SLASH_SA02: {
    message: {
      ja: 'SAMLResponseに対応するAuthnRequestがありません。',
      en: 'Corresponding AuthnRequest not found.',
      zh: '没有与SAMLResponse对应的AuthnRequest。',
    },
    mend: {
      ja: '1つのセッションで、複数のSAMLリクエストを発行する操作をしないでください。タブをひとつだけ開いた状態で、ログイン画面からもう一度ログインしてください。ブラウザーの「戻る」やIdPから始めるログインは使用できません。',
      en: 'Sign in once more, starting here and with one tab only. The Back button and sign-ins that begin at the identity provider do not work.',
      zh: '请只打开一个标签页,从登录页面重新登录。不支持浏览器的“后退”,也不支持从IdP发起的登录。',
    },
  },
  SLASH_SA03: {
    message: {
      ja: 'リクエストパラメータにSAMLResponseがありません。',
      en: 'The SAML response is not found in the request parameter.',
      zh: '请求参数中没有SAMLResponse。',
    },
    mend: {
      ja: 'SAMLResponseの送信を妨げるものがないか確認してください。IdPの設定では、HTTP POST BindingでSAMLResponseを送信してください。',
      en: 'Set the identity provider to send SAMLResponse by the HTTP POST binding.',
      zh: '请确认没有妨碍发送SAMLResponse的因素,并设置IdP通过HTTP POST Binding发送。',
    },
  },
  SLASH_SA04: {
    message: { ja: 'SAMLResponseが無効です。', en: 'Invalid SAML Response.', zh: 'SAMLResponse无效。' },
    mend: {
      ja: '検証結果がFailedの項目の設定を見直してください。',
      en: 'Review the settings of the checks that say Failed.',
      zh: '请检查验证结果为Failed的项目的设置。',
    },
  },
  SLASH_SA05: {
    message: {
      ja: 'HTTPメソッドが不正です。HTTPメソッドにPOSTを指定してください。',
      en: 'Invalid HTTP method. Use POST as the HTTP method.',
      zh: 'HTTP方法不正确。请将HTTP方法指定为POST。',
    },
    mend: {
      ja: 'IdPの設定をHTTP POST Bindingに変更し、プロキシサーバーがHTTPメソッドを変えていないか確認してください。',
      en: 'Set the identity provider to the HTTP POST binding, and check that no proxy changes the method.',
      zh: '请将IdP设置为HTTP POST Binding,并确认代理服务器没有更改HTTP方法。',
    },
  },
  SLASH_FA01: {
    message: {
      ja: 'SAMLResponseの処理に失敗しました。',
      en: 'Failed to process the SAML response.',
      zh: 'SAMLResponse处理失败。',
    },
    mend: {
      ja: '予期せぬエラーが発生しました。もう一度お試しのうえ、解消しない場合は管理者に連絡してください。',
      en: 'Something unexpected happened. Try again; if it stays, tell your administrator.',
      zh: '发生了意外错误。请重试;如仍未解决,请联系管理员。',
    },
  },
}

/** What each verdict says when it passes, and the mend when it does not (S36). */
export const samlVerdictTexts: Readonly<Record<SamlVerdictName, { readonly check: SamlText; readonly mend: SamlText }>> = {
  timeWindow: {
    check: {
      ja: '現在の時刻が、Conditions要素のNotBefore属性とNotOnOrAfter属性で指定した期間内である。',
      en: 'Now is within NotBefore and NotOnOrAfter of the Conditions element.',
      zh: '当前时间在Conditions元素的NotBefore属性和NotOnOrAfter属性指定的期间内。',
    },
    mend: {
      ja: 'IdPと本サーバーの日時が異なる可能性があります。正しい日時を設定してください。',
      en: 'The clocks of the identity provider and of this server may differ. Set both right.',
      zh: 'IdP与本服务器的时间可能不一致。请设置正确的时间。',
    },
  },
  inResponseTo: {
    check: {
      ja: 'SubjectConfirmationData要素のInResponseTo属性がAuthnRequestのIDと一致する。',
      en: 'InResponseTo of SubjectConfirmationData is the ID of the AuthnRequest.',
      zh: 'SubjectConfirmationData元素的InResponseTo属性与AuthnRequest的ID一致。',
    },
    mend: {
      ja: '同じWebブラウザーの複数のタブで、SSOを行おうとした可能性があります。タブをひとつだけ開いた状態でログインしてください。',
      en: 'Several tabs of one browser may have signed in at the same time. Sign in with one tab only.',
      zh: '可能在同一浏览器的多个标签页中进行了SSO。请只打开一个标签页登录。',
    },
  },
  audience: {
    check: {
      ja: 'Audience要素に正しい値が指定されている。',
      en: 'Audience has the right value.',
      zh: 'Audience元素指定了正确的值。',
    },
    mend: {
      ja: 'IdPにSPとして登録したエンティティIDが異なる可能性があります。SPメタデータのentityIDを、末尾のスラッシュなしで指定してください。',
      en: 'The entity id registered at the identity provider may be wrong. Register the entityID of our metadata, without a slash at its end.',
      zh: '在IdP中注册的SP实体ID可能不正确。请指定SP元数据中的entityID,末尾不加斜杠。',
    },
  },
  signature: {
    check: {
      ja: 'Assertion要素またはResponse要素に署名があり、その署名が有効である。',
      en: 'The Assertion or the Response is signed, and every signature is valid.',
      zh: 'Assertion元素或Response元素有签名,且签名有效。',
    },
    mend: {
      ja: '公開鍵の証明書が不正な可能性があります。IdPが署名に使用するRSA、DSAまたはECのX.509証明書を設定してください。',
      en: 'The certificate may be wrong. Set the X.509 certificate (RSA, DSA or EC) that the identity provider signs with.',
      zh: '公钥证书可能不正确。请设置IdP用于签名的X.509证书(RSA、DSA或EC)。',
    },
  },
  document: {
    check: {
      ja: 'SAMLResponseがSAML 2.0のResponseとして読み取れる。',
      en: 'SAMLResponse can be read as a SAML 2.0 Response.',
      zh: 'SAMLResponse可以作为SAML 2.0的Response读取。',
    },
    mend: {
      ja: 'Base64で符号化したResponse要素ひとつを、DTD、コメント、処理命令を含めずに送信してください。',
      en: 'Send one Response in base64, with one Assertion and without DTD, comments or processing instructions.',
      zh: '请发送一个Base64编码的Response元素,其中不得包含DTD、注释或处理指令。',
    },
  },
  encryption: {
    check: {
      ja: 'Assertion要素を復号できる、または暗号化されていない。',
      en: 'The Assertion is not encrypted, or can be decrypted.',
      zh: 'Assertion元素可以解密,或未加密。',
    },
    mend: {
      ja: 'SPメタデータの暗号化用の証明書を使用し、AESとRSA-OAEPで暗号化してください。または、Assertionの暗号化を無効にしてください。',
      en: 'Encrypt for the certificate in our metadata, with AES and RSA-OAEP, or turn the encryption of assertions off.',
      zh: '请使用SP元数据中的加密证书,以AES和RSA-OAEP对Assertion加密,或停用加密。',
    },
  },
  status: {
    check: { ja: 'StatusCodeがSuccessである。', en: 'The StatusCode is Success.', zh: 'StatusCode为Success。' },
    mend: {
      ja: 'IdPがログインを拒否しました。IdPのログを確認してください。',
      en: 'The identity provider refused the sign-in. See its log.',
      zh: 'IdP拒绝了登录。请查看IdP的日志。',
    },
  },
  issuer: {
    check: {
      ja: 'Issuer要素が設定したIdPのエンティティIDと一致する。',
      en: 'Issuer is the entity id of the identity provider.',
      zh: 'Issuer元素与所设置的IdP实体ID一致。',
    },
    mend: {
      ja: 'IdPのエンティティIDの設定を見直してください。',
      en: 'Review the entity id of the identity provider in the settings.',
      zh: '请检查IdP实体ID的设置。',
    },
  },
  issueInstant: {
    check: {
      ja: 'IssueInstant属性が未来の時刻ではない。',
      en: 'IssueInstant is not in the future.',
      zh: 'IssueInstant属性不是将来的时间。',
    },
    mend: {
      ja: 'IdPと本サーバーの日時が異なる可能性があります。正しい日時を設定してください。',
      en: 'The clocks of the identity provider and of this server may differ. Set both right.',
      zh: 'IdP与本服务器的时间可能不一致。请设置正确的时间。',
    },
  },
  destination: {
    check: {
      ja: 'Destination属性がACSのURLと一致する。',
      en: 'Destination is our ACS URL.',
      zh: 'Destination属性与ACS的URL一致。',
    },
    mend: {
      ja: 'IdPに登録したACSのURLを、SPメタデータのものと一致させてください。',
      en: 'Register the ACS URL of our metadata at the identity provider.',
      zh: '请使在IdP中注册的ACS URL与SP元数据一致。',
    },
  },
  subjectConfirmation: {
    check: {
      ja: 'bearerのSubjectConfirmationがひとつあり、RecipientがACSのURLと一致し、期限内である。',
      en: 'There is one bearer SubjectConfirmation, for our ACS URL and not expired.',
      zh: '有一个bearer的SubjectConfirmation,其Recipient与ACS的URL一致,且未过期。',
    },
    mend: {
      ja: 'IdPに登録したACSのURLと、IdPの日時を確認してください。',
      en: 'Check the ACS URL registered at the identity provider, and its clock.',
      zh: '请检查在IdP中注册的ACS URL以及IdP的时间。',
    },
  },
  conditions: {
    check: {
      ja: 'Conditions要素がひとつあり、理解できる条件だけを含む。',
      en: 'There is one Conditions element, with known conditions only.',
      zh: '有一个Conditions元素,且只包含可识别的条件。',
    },
    mend: {
      ja: 'IdPの設定で、AudienceRestriction、OneTimeUse、ProxyRestriction以外の条件を送信しないようにしてください。',
      en: 'Set the identity provider to send no conditions but AudienceRestriction, OneTimeUse and ProxyRestriction.',
      zh: '请设置IdP,使其不发送AudienceRestriction、OneTimeUse、ProxyRestriction以外的条件。',
    },
  },
  authnStatement: {
    check: { ja: 'AuthnStatement要素がある。', en: 'There is an AuthnStatement.', zh: '有AuthnStatement元素。' },
    mend: {
      ja: 'IdPの設定で、AuthnStatementを送信してください。',
      en: 'Set the identity provider to send an AuthnStatement.',
      zh: '请设置IdP发送AuthnStatement。',
    },
  },
  authnContext: {
    check: {
      ja: 'AuthnContextClassRef要素が、要求した認証方式のいずれかと一致する。',
      en: 'AuthnContextClassRef is one of those that we request.',
      zh: 'AuthnContextClassRef元素与所请求的认证方式之一一致。',
    },
    mend: {
      ja: 'IdPで要求した方式により認証するか、設定で要求する認証方式(RequestedAuthnContext)を見直してください。',
      en: 'Let the identity provider authenticate as requested, or review the RequestedAuthnContext in the settings.',
      zh: '请在IdP按所请求的方式认证,或检查设置中请求的认证方式(RequestedAuthnContext)。',
    },
  },
  nameId: {
    check: {
      ja: '空でないNameID要素がひとつある。',
      en: 'There is one NameID, and it is not empty.',
      zh: '有一个非空的NameID元素。',
    },
    mend: {
      ja: 'IdPの設定で、NameIDとしてログイン名を、暗号化せずに送信してください。',
      en: 'Set the identity provider to send the login name as NameID, not encrypted.',
      zh: '请设置IdP将登录名作为NameID发送,且不加密。',
    },
  },
  firstUse: {
    check: {
      ja: 'Assertion要素がはじめて使用された。',
      en: 'The Assertion is used for the first time.',
      zh: 'Assertion元素是首次使用。',
    },
    mend: {
      ja: 'ログイン画面からもう一度ログインしてください。',
      en: 'Sign in once more, starting at our sign-in page.',
      zh: '请从登录页面重新登录。',
    },
  },
}
