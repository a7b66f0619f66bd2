import type { SamlIdp } from '../../domain/access/saml'
import type { Store } from '../../ports/store'

const key = 'saml.idp'

/** The identity provider, and who said so: what an administrator set is never overwritten by the environment. */
type SamlSetting = { readonly idp: SamlIdp; readonly source: 'environment' | 'administrator' }

/** The identity provider that people sign in by; undefined while SAML is off. */
export async function findSamlIdp(deps: { readonly store: Store }): Promise<SamlIdp | undefined> {
  return ((await deps.store.read.settings.find(key)) as SamlSetting | undefined)?.idp
}

/** Takes the environment's identity provider over, unless an administrator chose one. */
export async function bootstrapSamlIdp(deps: { readonly store: Store }, idp: SamlIdp): Promise<void> {
  await deps.store.transact(async (tx) => {
    const known = (await tx.settings.find(key)) as SamlSetting | undefined
    if (known?.source === 'administrator' || JSON.stringify(known?.idp) === JSON.stringify(idp)) return
    const setting: SamlSetting = { idp, source: 'environment' }
    await tx.settings.set(key, setting)
    await tx.record({
      actor: { kind: 'system', name: 'bootstrap' },
      action: 'configure security settings',
      object: { kind: 'setting', id: key, label: 'SAML' },
      detail: { ssoUrl: idp.ssoUrl, certificates: idp.certificates.length },
    })
  })
}
