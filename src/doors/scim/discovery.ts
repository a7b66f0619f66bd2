import express, { type RequestHandler, type Router } from 'express'
import { resourceTypes, schemas, serviceProviderConfig } from '../../wire/scim/discovery'
import { ScimError } from '../../wire/scim/scim-error'
import { listUrn } from '../../wire/scim/urns'
import { queryText } from '../request'
import { sendScim } from './answer'
import { refuseOtherMethods } from './asked'

/** RFC 7644 §4: no filters here; the same for every client. */
export function discoveryRoutes(base: string): Router {
  const router = express.Router()
  const noFilter: RequestHandler = (req, _res, next) => {
    if (queryText(req, 'filter') !== undefined)
      throw new ScimError(403, undefined, 'Discovery endpoints take no filter (RFC 7644 §4).')
    next()
  }
  const list = (items: readonly object[]) => ({
    schemas: [listUrn],
    totalResults: items.length,
    itemsPerPage: items.length,
    startIndex: 1,
    Resources: items,
  })
  const one = (items: readonly { readonly id: string }[], id: string) => {
    const found = items.find((item) => item.id.toLowerCase() === id.toLowerCase())
    if (!found)
      throw new ScimError(
        404,
        undefined,
        `There is no ${id.slice(0, 120)}. There are: ${items.map((item) => item.id).join(', ')}.`,
      )
    return found
  }
  router.get('/ServiceProviderConfig', noFilter, (req, res) => sendScim(req, res, 200, serviceProviderConfig(base)))
  router.get('/ResourceTypes', noFilter, (req, res) => sendScim(req, res, 200, list(resourceTypes(base))))
  router.get('/ResourceTypes/:id', noFilter, (req, res) =>
    sendScim(req, res, 200, one(resourceTypes(base), String(req.params['id']))),
  )
  router.get('/Schemas', noFilter, (req, res) => sendScim(req, res, 200, list(schemas(base))))
  router.get('/Schemas/:id', noFilter, (req, res) => sendScim(req, res, 200, one(schemas(base), String(req.params['id']))))
  for (const path of ['/ServiceProviderConfig', '/ResourceTypes', '/ResourceTypes/:id', '/Schemas', '/Schemas/:id']) {
    refuseOtherMethods(router, path, 'GET')
  }
  return router
}
