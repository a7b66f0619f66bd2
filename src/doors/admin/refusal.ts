import type { RequestHandler } from 'express'
import type { Problem } from '../../wire/admin/problem'

/** A failure of this door alone. */
export class Refusal extends Error implements Problem {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
  ) {
    super(detail)
  }
}

export const refuseMethod =
  (allowed: string): RequestHandler =>
  (req, res) => {
    res.setHeader('Allow', allowed)
    throw new Refusal(405, 'methodNotAllowed', 'Method not possible', `${req.method} is not possible here. Possible: ${allowed}.`)
  }
