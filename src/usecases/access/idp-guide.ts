import type { Actor } from '../../domain/access/actor'
import { fillGuide, idpGuides, installationUrls, type GuideLanguage, type IdpGuideName } from '../../domain/access/idp-guide'
import type { GuideFiles } from '../../ports/guide-files'
import { requireScope } from '../directory/authority'

type ListedGuide = { readonly name: IdpGuideName; readonly title: Readonly<Record<GuideLanguage, string>> }

/** Which identity providers there are guides for. @throws DomainError notAllowed */
export function listIdpGuides(actor: Actor): readonly ListedGuide[] {
  requireScope(actor, 'admin')
  return (Object.keys(idpGuides) as IdpGuideName[]).map((name) => ({ name, title: idpGuides[name] }))
}

/**
 * How to connect an identity provider, as Markdown with the installation's own addresses: what to do there, then what to do here.
 *
 * @throws DomainError notAllowed
 */
export async function idpGuide(
  deps: { readonly guides: GuideFiles },
  actor: Actor,
  name: IdpGuideName,
  language: GuideLanguage,
  baseUrl: string,
): Promise<string> {
  requireScope(actor, 'admin')
  const there = await deps.guides(language, name)
  const here = (await deps.guides(language, 'kagami')).replaceAll(/^#/gm, '##') // a chapter of one document
  return fillGuide(`${there.trimEnd()}\n\n${here}`, installationUrls(baseUrl))
}
