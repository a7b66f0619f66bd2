import type { Request, Response } from 'express'
import { createHash, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { isLoopback } from '../domain/access/guessing'
import { foldCase } from '../domain/text'
import type { Secrets } from '../ports/secrets'
import type { Guesser } from '../usecases/access/guess-guard'
import type { Cookies } from './cookies'
import { contextOf } from './request'

type Deps = { readonly cookies: Cookies; readonly secrets: Secrets }

/** A browser, and the accounts that were signed in by it: hashes of their names, the last one first. */
const deviceShape = z.object({ id: z.string(), accounts: z.array(z.string()) })
type Device = z.output<typeof deviceShape>

const purpose = 'known browser'
const cookieSeconds = 180 * 24 * 3600
const maxAccounts = 8

/** Who tries to sign in as `account` (`guardGuess`). */
export function guesserOf(deps: Deps, req: Request, res: Response, account: string): Guesser {
  const { address } = contextOf(res)
  const device = isKnownDevice(deps, req, account) ? deviceOf(deps, req)?.id : undefined
  const isHere = isLoopback(address) && !forwarding.some((name) => req.headers[name] !== undefined)
  return { account, address, ...(device === undefined ? {} : { device }), ...(isHere ? { isHere } : {}) }
}

/** What a proxy adds; it may stand on this machine. */
const forwarding = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']

/** From now on this browser is known as one that `account` uses. */
export function rememberDevice(deps: Deps, req: Request, res: Response, account: string): void {
  const known = deviceOf(deps, req)
  const hash = hashOf(account)
  const accounts = [hash, ...(known?.accounts ?? []).filter((other) => other !== hash)].slice(0, maxAccounts)
  const device: Device = { id: known?.id ?? randomUUID(), accounts }
  deps.cookies.device.set(res, deps.secrets.seal(purpose, JSON.stringify(device)), cookieSeconds)
}

export const isKnownDevice = (deps: Deps, req: Request, account: string) =>
  deviceOf(deps, req)?.accounts.includes(hashOf(account)) ?? false

function deviceOf({ cookies, secrets }: Deps, req: Request): Device | undefined {
  const sealed = cookies.device.read(req)
  const opened = sealed === undefined ? undefined : secrets.open(purpose, sealed)
  return opened === undefined ? undefined : deviceShape.parse(JSON.parse(opened))
}

const hashOf = (account: string) => createHash('sha256').update(foldCase(account)).digest('base64url').slice(0, 16)
