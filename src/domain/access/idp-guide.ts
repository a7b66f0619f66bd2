/** The guides of `docs/idp`, a page in each language. The name is the file's; the title is its first heading. */
export const idpGuides = {
  entra: { ja: 'Microsoft Entra ID', en: 'Microsoft Entra ID' },
  okta: { ja: 'Okta', en: 'Okta' },
  google: { ja: 'Google Workspace', en: 'Google Workspace' },
  onelogin: { ja: 'OneLogin', en: 'OneLogin' },
  keycloak: { ja: 'Keycloak', en: 'Keycloak' },
  adfs: { ja: 'AD FS', en: 'AD FS' },
  hennge: { ja: 'HENNGE One', en: 'HENNGE One' },
  trustlogin: { ja: 'GMOトラスト・ログイン', en: 'GMO TrustLogin' },
  cloudgate: { ja: 'CloudGate UNO', en: 'CloudGate UNO' },
} as const
export type IdpGuideName = keyof typeof idpGuides

export const guideLanguages = ['ja', 'en'] as const
export type GuideLanguage = (typeof guideLanguages)[number]

/** Undefined for what is none of ours: a name is never a path. */
export function findIdpGuideName(text: string): IdpGuideName | undefined {
  return Object.hasOwn(idpGuides, text) ? (text as IdpGuideName) : undefined
}

/** What stands in a guide for an address of the installation: `{ACS_URL}`. */
export const placeholders = ['BASE_URL', 'ENTITY_ID', 'ACS_URL', 'METADATA_URL', 'SCIM_URL', 'LOGOUT_URL'] as const
export type Placeholder = (typeof placeholders)[number]

/**
 * The addresses of an installation.
 *
 * @param baseUrl without a slash at its end
 */
export function installationUrls(baseUrl: string): Readonly<Record<Placeholder, string>> {
  return {
    BASE_URL: baseUrl,
    ENTITY_ID: baseUrl,
    ACS_URL: `${baseUrl}/saml/acs`,
    METADATA_URL: `${baseUrl}/saml/metadata`,
    SCIM_URL: `${baseUrl}/scim/v2`,
    LOGOUT_URL: `${baseUrl}/signed-out`,
  }
}

const placeholder = new RegExp(`\\{(${placeholders.join('|')})\\}`, 'g')
const relativeLink = /\[([^\]]+)\]\((?!https?:)[^)]*\)/g

/** A page with the installation's own addresses. Links to other pages of `docs` become their text: out of the folder they lead nowhere. */
export function fillGuide(page: string, urls: Readonly<Record<Placeholder, string>>): string {
  return page.replace(relativeLink, '$1').replace(placeholder, (_whole, name: Placeholder) => urls[name])
}
