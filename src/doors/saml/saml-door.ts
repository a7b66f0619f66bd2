import express, { type Request, type Response, type Router } from 'express'
import { pendingSamlMs } from '../../domain/access/saml'
import { SamlMemory, type SamlInForce } from '../../usecases/access/saml-memory'
import { findSaml } from '../../usecases/access/saml-settings'
import { takeSamlTest } from '../../usecases/access/saml-test'
import { sealPendingSaml } from '../../usecases/access/take-authn-request'
import { authnRequester, samlSp, spMetadata, type AuthnRequester, type SamlSp } from '../../wire/saml/service-provider'
import { queryText } from '../request'
import { returnPath } from '../return-path'
import { browserOf } from '../session-of'
import { assertionConsumer, type SamlDeps } from './assertion-consumer'
import { sendNotConfigured, sendTestOver } from './pages'

/**
 * `/saml`: GET /metadata, GET /login, POST /acs (SAML 2.0 Web Browser SSO, begun by us). There is no single logout: signing out is
 * ours alone (S37).
 *
 * @param baseUrl of the installation, also our entity id; URLs are made from it, never from the Host header
 */
export function samlDoor(deps: SamlDeps, baseUrl: string): Router {
  const sp = samlSp(baseUrl)
  const memory = new SamlMemory(deps)
  const requesters = new WeakMap<SamlInForce, AuthnRequester>()
  const router = express.Router()

  router.get('/metadata', async (_req, res) => {
    const keys = await memory.keys()
    const signs = (await findSaml(deps))?.options.signAuthnRequests ?? false
    res.type('application/samlmetadata+xml').send(spMetadata(sp, keys, signs))
  })

  router.get('/login', async (req, res) => {
    const token = queryText(req, 'test')
    if (token !== undefined) return leaveForTest(deps, sp, memory, token, req, res)
    const inForce = await memory.inForce()
    if (!inForce) return sendNotConfigured(req, res, sp)
    const requester = requesters.get(inForce) ?? authnRequester(sp, inForce.settings, inForce.keys)
    requesters.set(inForce, requester)
    leave(deps, req, res, requester, { returnTo: returnPath(queryText(req, 'returnTo')) })
  })

  router.use('/acs', assertionConsumer(deps, sp, memory))
  return router
}

/** The draft is tried: to the identity provider as at every sign-in, and back to a page that says what became of it. */
async function leaveForTest(deps: SamlDeps, sp: SamlSp, memory: SamlMemory, token: string, req: Request, res: Response) {
  const draft = await takeSamlTest(deps, token)
  if (!draft) return sendTestOver(req, res)
  const { settings, fingerprint } = draft
  leave(deps, req, res, authnRequester(sp, settings, await memory.keys()), { returnTo: '/', test: fingerprint })
}

/** To the identity provider. A newer AuthnRequest takes the place of the one before in the browser's cookie. */
function leave(
  deps: SamlDeps,
  req: Request,
  res: Response,
  requester: AuthnRequester,
  { returnTo, test }: { readonly returnTo: string; readonly test?: string },
): void {
  const at = deps.clock.now()
  const { id, url } = requester(at)
  const { replaces } = browserOf(deps, req, res)
  const pending = { id, returnTo, at, ...(replaces === undefined ? {} : { replaces }), ...(test === undefined ? {} : { test }) }
  deps.cookies.pendingSaml.set(res, sealPendingSaml(deps.secrets, pending), pendingSamlMs / 1000)
  res.set('Cache-Control', 'no-store').redirect(302, url)
}
