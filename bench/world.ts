import type { Databases, DatabaseKind } from './databases'
import type { Options } from './options'
import { installPeer, type PeerName } from './peers'
import { anybody, seedFloor, seedProduct } from './people'
import { perform } from './perform'
import { findBy } from './scenarios/requests'
import { benchIdp, type BenchIdp } from './saml'
import {
  startArgon2,
  startFloor,
  startPeer,
  startProduct,
  startSamlPeer,
  type FloorServer,
  type Product,
  type Server,
} from './servers'
import type { Sizes } from './turns'

/** How many people a server begins with: nobody, or as many as the sizes say. */
export type Label = 'empty' | 'small' | 'large' | 'beside peers' | 'web'

/** People who are in no group of `large` members. */
const spare = 2_000

/** The servers of one database kind, each started when a scenario first asks for it. */
export type World = {
  readonly kind: DatabaseKind
  product(label: Label): Promise<Product>
  floor(label: Label): Promise<FloorServer>
  /** @returns nobody where it cannot run, or by --peers off */
  peers(...names: readonly PeerName[]): Promise<readonly Server[]>
  /** Who signs everybody in, and the service providers from npm; nobody by --peers off. */
  saml(): Promise<SamlWorld>
  /** What verifies a password and does nothing else. @param phc whose password is right */
  argon2(phc: string): Promise<Server>
  close(): Promise<void>
}

export type SamlWorld = { readonly idp: BenchIdp; readonly peers: readonly Server[] }

/** Who is to answer look-ups has answered many: a young process compiles itself, which every server of a day does once. */
async function warmedUp<Started extends Server>(server: Started): Promise<Started> {
  if (server.ids.length > 0) await perform(server, 8, anybody(server, warmUps), findBy(server, 'userName'))
  return server
}

const warmUps = 3_000

export function openWorld(kind: DatabaseKind, databases: Databases, sizes: Sizes, { peers: withPeers, profile }: Options): World {
  const running = new Map<string, Promise<Server>>()
  const once = <Started extends Server>(key: string, start: () => Promise<Started>): Promise<Started> => {
    const known = running.get(key) ?? start()
    running.set(key, known)
    return known as Promise<Started>
  }
  let saml: Promise<SamlWorld> | undefined
  const openSaml = async (): Promise<SamlWorld> => {
    const idp = await benchIdp()
    const names = withPeers ? (['node-saml', 'samlify'] as const) : []
    for (const name of names) installPeer(name)
    const peers = names.map((name) => once(name, () => startSamlPeer(name, idp.certificate)))
    return { idp, peers: await Promise.all(peers) }
  }
  const users = (label: Label) => (label === 'large' ? sizes.large + spare : label === 'small' ? sizes.small : 0)
  return {
    kind,
    product: (label) =>
      once(`Kagami ${label}`, async () => {
        const product = await startProduct(await databases.create(), label === 'web' ? 'web' : 'all', profile)
        await seedProduct(product, users(label), false)
        return warmedUp(product)
      }),
    floor: (label) =>
      once(`floor ${label}`, async () => {
        const floor = await startFloor(await databases.create())
        await seedFloor(floor, users(label))
        return warmedUp(floor)
      }),
    peers: async (...names) => {
      const possible = withPeers ? names.filter((name) => kind === 'sqlite' || name === 'jackson') : []
      for (const name of possible) installPeer(name)
      return Promise.all(possible.map((name) => once(name, async () => startPeer(name, await databases.create()))))
    },
    saml: () => (saml ??= openSaml()),
    argon2: (phc) => once('argon2', () => startArgon2(phc)),
    close: async () => {
      for (const started of await Promise.allSettled(running.values()))
        if (started.status === 'fulfilled') await started.value.stop()
    },
  }
}
