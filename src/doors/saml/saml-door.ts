import express, { type Router } from 'express'
import { pendingSamlMs } from '../../domain/access/saml'
import { findSamlIdp } from '../../usecases/access/saml-settings'
import { sealPendingSaml } from '../../usecases/access/take-authn-request'
import { samlSp } from '../../wire/saml/service-provider'
import { queryText } from '../request'
import { returnPath } from '../return-path'
import { browserOf } from '../session-of'
import { assertionConsumer, type SamlDeps } from './assertion-consumer'
import { sendNotConfigured } from './pages'

/**
 * `/saml`: GET /metadata, GET /login, POST /acs (SAML 2.0 Web Browser SSO, begun by us). There is no single logout: signing out is
 * ours alone (S37).
 *
 * @param baseUrl of the installation, also our entity id; URLs are made from it, never from the Host header
 */
export function samlDoor(deps: SamlDeps, baseUrl: string): Router {
  const sp = samlSp(baseUrl)
  const router = express.Router()
  router.get('/metadata', (_req, res) => void res.type('application/samlmetadata+xml').send(sp.metadata))

  router.get('/login', async (req, res) => {
    const idp = await findSamlIdp(deps)
    if (!idp) return sendNotConfigured(req, res, sp)
    const { id, url } = sp.authnRequest(idp)
    const { replaces } = browserOf(deps, req, res)
    const returnTo = returnPath(queryText(req, 'returnTo'))
    const pending = { id, returnTo, ...(replaces === undefined ? {} : { replaces }), at: deps.clock.now() }
    deps.cookies.pendingSaml.set(res, sealPendingSaml(deps.secrets, pending), pendingSamlMs / 1000)
    res.set('Cache-Control', 'no-store').redirect(302, url)
  })

  router.use('/acs', assertionConsumer(deps, sp))
  return router
}
