import { InvalidSamlIdp } from './invalid-saml-idp'

/** As a browser would write it. @throws InvalidSamlIdp */
export function webUrl(text: string, what: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.hash !== '') {
    throw new InvalidSamlIdp(`The ${what} ${text.slice(0, 200)} is not a web address. Give one that begins with https://`)
  }
  return url.href
}
