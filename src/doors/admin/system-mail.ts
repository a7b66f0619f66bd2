import express, { type Request, type Response, type Router } from 'express'
import type { Actor } from '../../domain/access/actor'
import type { Clock } from '../../ports/clock'
import type { Mailer } from '../../ports/mailer'
import type { Secrets } from '../../ports/secrets'
import type { Store } from '../../ports/store'
import { listMailFailures } from '../../usecases/system/list-mail-failures'
import { changeMailSettings, getMailSettings } from '../../usecases/system/mail-settings'
import { sendTestMail } from '../../usecases/system/test-mail'
import { parseInput } from '../../wire/admin/parse-input'
import {
  mailServerDraft,
  mailTest,
  presentMailFailure,
  presentMailSettings,
  presentMailTest,
  readMailServerDraft,
} from '../../wire/admin/system-mail'
import { refuseMethod } from './refusal'
import { ifMatch, jsonBody } from './request-body'

export type SystemMailDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly secrets: Secrets
  readonly mailer: Mailer
  readonly baseUrl: string
}

/** `/api/v1/system-mail`: the SMTP server that system mail goes out by, a test, and what failed (S50). */
export function systemMailRoutes(deps: SystemMailDeps, actorOf: (req: Request, res: Response) => Promise<Actor>): Router {
  const router = express.Router()
  const body = express.json({ type: 'application/json', limit: '128kb' })

  router
    .route('/')
    .get(async (req, res) => {
      const settings = await getMailSettings(deps, await actorOf(req, res))
      res.set('ETag', `"${settings.version}"`).json(presentMailSettings(settings))
    })
    .put(body, async (req, res) => {
      const actor = await actorOf(req, res)
      const [draft, testRecipient] = readMailServerDraft(parseInput(mailServerDraft, jsonBody(req)))
      const settings = await changeMailSettings(deps, actor, draft, ifMatch(req))
      const test = testRecipient === undefined ? undefined : await sendTestMail(deps, actor, testRecipient)
      const tested = testRecipient === undefined ? {} : { test: presentMailTest(test) }
      res.set('ETag', `"${settings.version}"`).json({ ...presentMailSettings(settings), ...tested })
    })
    .delete(async (req, res) => {
      await changeMailSettings(deps, await actorOf(req, res), undefined, ifMatch(req))
      res.status(204).end()
    })
    .all(refuseMethod('GET, PUT, DELETE'))

  router
    .route('/test')
    .post(body, async (req, res) => {
      const actor = await actorOf(req, res)
      const { to } = parseInput(mailTest, jsonBody(req))
      res.json(presentMailTest(await sendTestMail(deps, actor, to)))
    })
    .all(refuseMethod('POST'))

  router
    .route('/failures')
    .get(async (req, res) => {
      const { waiting, failures } = await listMailFailures(deps, await actorOf(req, res))
      res.json({ waiting, failures: failures.map(presentMailFailure) })
    })
    .all(refuseMethod('GET'))
  return router
}
