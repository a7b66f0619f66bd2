import type { SlashCode } from '../../../src/domain/access/saml'
import { encode } from '../../kit/saml-idp'
import type { Post, Trial } from '../lab'

/** One crafted response. */
export type Attack = {
  readonly name: string
  /** Who fell for it. */
  readonly known?: string
  make(trial: Trial): Post
  /**
   * The code on the page; for a refused Response also the checks that fail: these and no others, but that who cannot read a document
   * (`document`) or has no cryptographic proof (`signature`) can tell nothing of the rest.
   */
  readonly expects: SlashCode | `${SlashCode} ${string}`
  /** 400 if not told; 403 for SLASH_SA01. */
  readonly status?: number
}

/** What looks like the attacks beside it and is right: shows that they are not refused for another reason. */
export type Control = { readonly name: string; make(trial: Trial): Post }

export type Family = { readonly name: string; readonly controls: readonly Control[]; readonly attacks: readonly Attack[] }

/** The SAMLResponse parameter as it is, not a document. */
export const parameter = (value: string, headers: Record<string, string> = {}): Post => ({
  body: new URLSearchParams({ SAMLResponse: value }).toString(),
  headers,
})

export const bytes = (value: Buffer): Post => parameter(value.toString('base64'))

export const base64 = encode

/** Behind the first place that the mark matches. */
export function behind(xml: string, mark: string | RegExp, more: string): string {
  const changed = xml.replace(mark, (found) => found + more)
  if (changed === xml) throw new Error(`nothing of the document is ${mark}`)
  return changed
}

/** In front of the first place that the mark matches. */
export function before(xml: string, mark: string | RegExp, more: string): string {
  const changed = xml.replace(mark, (found) => more + found)
  if (changed === xml) throw new Error(`nothing of the document is ${mark}`)
  return changed
}

/** Replaces, and does not let a row pass because nothing was replaced. */
export function instead(xml: string, mark: string | RegExp, other: string): string {
  const changed = xml.replace(mark, () => other)
  if (changed === xml) throw new Error(`nothing of the document is ${mark}`)
  return changed
}

export const assertionIn = (xml: string) => /<saml:Assertion.*<\/saml:Assertion>/s.exec(xml)![0]
export const signatureIn = (xml: string) => /<ds:Signature .*?<\/ds:Signature>/s.exec(xml)![0]
export const object = (xml: string) => `<ds:Object xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${xml}</ds:Object>`
