import type { GuideLanguage, IdpGuideName } from '../domain/access/idp-guide'

/** Reads a page of `docs/idp`, Markdown; `kagami` is the part that is the same with every identity provider. */
export type GuideFiles = (language: GuideLanguage, page: IdpGuideName | 'kagami') => Promise<string>
