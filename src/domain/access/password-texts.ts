import type { PasswordRule } from './password-policy'
import type { Complexity } from './sign-in-settings'

export type PasswordText = { readonly ja: string; readonly en: string; readonly zh: string }

/** What a rule asks for, as it is shown beside the form and told to who broke it. */
export function ruleText(rule: PasswordRule): PasswordText {
  switch (rule.rule) {
    case 'tooShort':
      return {
        ja: `パスワードは${rule.min}文字以上にしてください。`,
        en: rule.min === 1 ? 'Use at least 1 character.' : `Use at least ${rule.min} characters.`,
        zh: `密码至少需要${rule.min}个字符。`,
      }
    case 'tooLong':
      return {
        ja: `パスワードは${rule.maxBytes}バイト以下にしてください(半角文字で${rule.maxBytes}文字)。`,
        en: `Use at most ${rule.maxBytes} bytes: as many letters of A–Z, or a third of that in Japanese.`,
        zh: `密码不能超过${rule.maxBytes}字节。`,
      }
    case 'unusable':
      return {
        ja: 'パスワードに制御文字や不完全な文字を含めないでください。',
        en: 'Use no control characters and no halves of characters.',
        zh: '密码不能包含控制字符或不完整的字符。',
      }
    case 'complexity':
      return complexityTexts[rule.complexity]
    case 'loginName':
      return {
        ja: 'ログイン名と同じパスワードは使用できません。',
        en: 'Use something other than the login name.',
        zh: '不能使用与登录名相同的密码。',
      }
    case 'guessable':
      return {
        ja: 'よく使われる言葉や名前、ログイン名、メールアドレス、組織の名前、連続した文字に少し付け足しただけのパスワードは使用できません。',
        en: 'Use more than a common word or name, the login name, the mail address, the organization, or a run of keys with a little added.',
        zh: '不能使用仅在常见词语、姓名、登录名、邮件地址、组织名称或连续按键上稍加改动的密码。',
      }
    case 'reused':
      return rule.limit === 1
        ? {
            ja: '現在のパスワードとは異なるものにしてください。',
            en: 'Use something other than the present password.',
            zh: '不能使用当前的密码。',
          }
        : {
            ja: `現在のものを含め、過去${rule.limit}回のパスワードとは異なるものにしてください。`,
            en: `Use none of the last ${rule.limit} passwords, the present one included.`,
            zh: `不能使用最近${rule.limit}次用过的密码(包括当前密码)。`,
          }
  }
}

const complexityTexts: Readonly<Record<Exclude<Complexity, 'none'>, PasswordText>> = {
  lettersAndDigits: {
    ja: 'アルファベットと数字を含めてください。',
    en: 'Use letters and digits.',
    zh: '密码必须包含字母和数字。',
  },
  mixedCaseAndDigits: {
    ja: 'アルファベットの大文字と小文字、数字を含めてください。',
    en: 'Use capital letters, small letters and digits.',
    zh: '密码必须包含大写字母、小写字母和数字。',
  },
  mixedCaseDigitsAndSymbols: {
    ja: 'アルファベットの大文字と小文字、数字、記号を含めてください。',
    en: 'Use capital letters, small letters, digits and symbols.',
    zh: '密码必须包含大写字母、小写字母、数字和符号。',
  },
}
