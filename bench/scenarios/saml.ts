import { bootstrapSamlIdp } from '../../src/usecases/access/saml-settings'
import { anybody, person } from '../people'
import { perform, together, type Request, type Work } from '../perform'
import { prepareSignIn, type PreparedSignIn } from '../saml'
import type { Server } from '../servers'
import type { Entry, Scenario, Sizes } from '../turns'
import type { World } from '../world'

/** Groups of a person, as many as make a Response of that size. */
const responses = { '8 KB': 23, '36 KB with 150 groups': 150 } as const
type Size = keyof typeof responses

const form = { 'Content-Type': 'application/x-www-form-urlencoded' }

const postResponse: Request<PreparedSignIn> = async (connection, { body, cookie }) => {
  const headers = { ...form, ...(cookie !== '' && { Cookie: cookie }) }
  const { status, text } = await connection.ask('POST', '/saml/acs', body, headers)
  return status === 303 ? undefined : `status ${status}: ${text}`
}

const getLivez: Request<number> = async (connection) => {
  const { status } = await connection.ask('GET', '/livez')
  return status === 200 ? undefined : `status ${status}`
}

/** 8 sign-ins at a time; the browsers have left and the Responses are signed before the clock runs. */
async function entriesOf(
  world: World,
  sizes: Sizes,
  size: Size,
  turnOf: (server: Server, prepared: readonly PreparedSignIn[]) => Promise<Work>,
): Promise<readonly Entry[]> {
  const { idp, peers } = await world.saml()
  const product = await world.product('small')
  const { entityId, certificate } = idp
  await bootstrapSamlIdp(product.parts, { entityId, ssoUrl: 'https://idp.test/sso', certificates: [certificate] })
  const servers = [{ ...product, url: product.config.baseUrl }, ...peers]
  return servers.map((server) => ({
    key: server.name,
    server,
    turn: async () => {
      const prepared: PreparedSignIn[] = []
      for (const n of anybody(product, sizes.requests)) {
        prepared.push(await prepareSignIn(idp, server.url, person(n).userName, responses[size]))
      }
      return turnOf(server, prepared)
    },
  }))
}

const signIns = (server: Server, prepared: readonly PreparedSignIn[]) => perform(server, 8, prepared, postResponse)

/** What somebody sees who asks for next to nothing every few milliseconds, while sign-ins go on. */
async function lightBeside(server: Server, prepared: readonly PreparedSignIn[]): Promise<Work> {
  let going = true
  const heavy = signIns(server, prepared).finally(() => (going = false))
  const works: Work[] = []
  while (going) {
    works.push(await perform(server, 1, [0], getLivez))
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const { wrong, example } = await heavy
  return { ...together(works), wrong, ...(example === undefined ? {} : { example }) }
}

const ofSize = (name: string, size: Size): readonly Scenario[] => [
  {
    name: `saml-${name}`,
    title: () => `Sign-ins by SAML, 8 at a time, Responses of ${size}`,
    only: 'sqlite',
    begin: (world, sizes) => entriesOf(world, sizes, size, signIns),
  },
  {
    name: `saml-beside-${name}`,
    title: () => `GET /livez beside 8 sign-ins at a time, Responses of ${size}`,
    only: 'sqlite',
    begin: (world, sizes) => entriesOf(world, sizes, size, lightBeside),
  },
]

export const saml: readonly Scenario[] = [...ofSize('8kb', '8 KB'), ...ofSize('36kb', '36 KB with 150 groups')]
