import type { Actor } from '../../domain/access/actor'
import type { SamlVerdicts, SlashCode } from '../../domain/access/saml'
import { maxSamlSignIns, type SamlSignIn } from '../../domain/access/saml-trace'
import type { Instant } from '../../domain/brand'
import { DomainError } from '../../domain/errors'
import { newUuid, type Clock } from '../../ports/clock'
import type { Store } from '../../ports/store'
import { requireScope } from '../directory/authority'

/** What the door has seen of a sign-in. */
export type SeenSignIn = {
  readonly requestId: string
  readonly address?: string
  readonly code?: SlashCode
  readonly test: boolean
  readonly verdicts: SamlVerdicts
  /** Called only for what is written down: the NameID as far as it is known, and the document without what is secret. */
  readonly document: () => { readonly nameId?: string; readonly xml?: string }
}

/** So many of a second are written down; the others are counted. Who floods the ACS costs a write a second, and no more. */
const most = { succeeded: 15, failed: 5 } as const

/** The sign-ins of this node until they are written, a second later and at the end. */
export class SamlTraceBook {
  private waiting: (SeenSignIn & { readonly at: Instant; readonly missed: number })[] = []
  private succeeded = 0
  private failed = 0
  private missed = 0

  constructor(private readonly clock: Clock) {}

  note(seen: SeenSignIn): void {
    const kind = seen.code === undefined ? 'succeeded' : 'failed'
    if (this[kind] >= most[kind]) {
      this.missed++
      return
    }
    this[kind]++
    this.waiting.push({ ...seen, at: this.clock.now(), missed: this.missed })
    this.missed = 0
  }

  /** What cannot be written is lost: it is there to look for mistakes, and the log has its lines as well. */
  async write(store: Store): Promise<void> {
    const due = this.waiting
    if (due.length === 0) return
    this.waiting = []
    this.succeeded = this.failed = 0
    const signIns = due.map(({ document, ...seen }): SamlSignIn => {
      const { nameId, xml } = document()
      return {
        id: newUuid(seen.at),
        at: seen.at,
        requestId: seen.requestId,
        ...(seen.address === undefined ? {} : { address: seen.address.slice(0, 64) }),
        ...(seen.code === undefined ? {} : { code: seen.code }),
        test: seen.test,
        ...(nameId === undefined ? {} : { nameId: nameId.slice(0, 255) }),
        verdicts: seen.verdicts.map(cut),
        ...(xml === undefined ? {} : { xml }),
        missed: seen.missed,
      }
    })
    await store.transact((tx) => tx.samlTrace.add(signIns, maxSamlSignIns), 'bulk')
  }
}

const maxShown = 500

const cut = ({ actual, ...verdict }: SamlVerdicts[number]) => ({
  ...verdict,
  ...(actual === undefined ? {} : { actual: actual.slice(0, maxShown) }),
})

/** The last hundred sign-ins by SAML, good and bad, the newest first; without their documents. @throws DomainError notAllowed */
export async function listSamlSignIns(deps: { readonly store: Store }, actor: Actor): Promise<readonly SamlSignIn[]> {
  requireScope(actor, 'admin')
  return (await deps.store.read.samlTrace.list()).slice(0, maxSamlSignIns)
}

/** By its id, or by the request id that its page names. @throws DomainError notAllowed, signInNotFound */
export async function getSamlSignIn(deps: { readonly store: Store }, actor: Actor, id: string): Promise<SamlSignIn> {
  requireScope(actor, 'admin')
  const { samlTrace } = deps.store.read
  const known = (await samlTrace.list()).find((one) => one.id === id || one.requestId === id)
  const found = known && (await samlTrace.find(known.id))
  if (found) return found
  throw new DomainError(
    'signInNotFound',
    `There is no sign-in by SAML ${id.slice(0, 100)} among the last ${maxSamlSignIns}. See: kagami saml sign-ins, or GET /api/v1/saml/sign-ins.`,
  )
}
