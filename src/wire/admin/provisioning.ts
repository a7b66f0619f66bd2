import { z } from 'zod'
import { changeText, requestedOperations } from '../../domain/audit/change'
import type { ProvisioningLine } from '../../domain/audit/provisioning-line'
import { dialectRules } from '../../domain/directory/dialect'
import { csvLine } from '../csv/csv-line'

const text = (what: string, most = 255) => z.string('Send it once.').min(1, what).max(most, `Send at most ${most} characters.`)
const oneOf = <const T extends readonly string[]>(values: T) => z.enum(values, `Send one of ${values.join(', ')}.`)
const instant = z
  .string('Send it once.')
  .refine(
    (time) => /^\d{4}-\d\d-\d\d(T|$)/.test(time) && !Number.isNaN(Date.parse(time)),
    'Send a time such as 2027-01-31T00:00:00Z.',
  )
  .transform((time) => Date.parse(time))

const filter = {
  client: text('Send the id or name of a client.').describe('Id or name of the client').exactOptional(),
  object: text('Send the id of a user or group.').describe('Id of the user or group').exactOptional(),
  name: text('Send a userName or displayName.').describe('userName or displayName as it was then').exactOptional(),
  operation: oneOf(requestedOperations).describe('read and bulk: only refused ones').exactOptional(),
  result: oneOf(['ok', 'refused']).exactOptional(),
  from: instant.describe('Of this time or later').exactOptional(),
  to: instant.describe('Before this time').exactOptional(),
  dialect: oneOf(dialectRules).describe('A habit of identity providers that the request was written in').exactOptional(),
  text: text('Send what stands in the line.').describe('Stands in the name, the changes or the reason').exactOptional(),
}
const limit = 'Send a whole number from 1 to 500.'

/** The parameters of `GET /provisioning-log`. */
export const logParameters = z.strictObject({
  ...filter,
  limit: z.coerce.number(limit).int(limit).min(1, limit).max(500, limit).describe('Lines of a page; 50 when absent').default(50),
  cursor: z
    .string('Send it once.')
    .regex(/^[0-9a-f-]{36}$/, 'Send the next of the page before, unchanged.')
    .describe('next of the page before')
    .exactOptional(),
})

/** The parameters of `GET /provisioning-log/export`. */
export const exportParameters = z.strictObject({
  ...filter,
  format: oneOf(['ndjson', 'csv']).describe('ndjson when absent').default('ndjson'),
})

const time = (at: number) => new Date(at).toISOString()

/** A line as JSON. What does not apply is left out. */
export function presentLine(line: ProvisioningLine): Readonly<Record<string, unknown>> {
  const client = line.clientId === undefined ? undefined : { id: line.clientId, name: line.clientName }
  if (line.result === 'refused') {
    const { id, result, at, lastAt, count, operation, objectKind, status, scimType, detail, objects, requestId, address } = line
    const times = { at: time(at), lastAt: time(lastAt), count }
    return { id, result, ...times, client, address, operation, objectKind, objects, status, scimType, detail, requestId }
  }
  const { id, result, at, operation, action, objectKind, objectId, label, changes, restored, dialect, requestId, address } = line
  const object = { objectKind, objectId, name: label }
  return { id, result, at: time(at), client, address, operation, action, ...object, changes, restored, dialect, requestId }
}

/** UTF-8 with its mark, by which spreadsheets know it, and the names of the columns. */
export const csvHead = `\uFEFF${csvLine([
  'at',
  'lastAt',
  'count',
  'result',
  'client',
  'operation',
  'objectKind',
  'objectId',
  'name',
  'changes',
  'dialect',
  'status',
  'scimType',
  'detail',
  'address',
  'requestId',
  'id',
])}`

export function csvOf(line: ProvisioningLine): string {
  const { id, result, at, clientName, operation, objectKind, requestId, address } = line
  const refused = line.result === 'refused'
  return csvLine([
    time(at),
    time(refused ? line.lastAt : at),
    refused ? line.count : 1,
    result,
    clientName,
    refused ? operation : (operation ?? line.action),
    objectKind,
    refused ? undefined : line.objectId,
    refused ? line.objects.join(' ') : line.label,
    refused ? undefined : line.changes.map(changeText).join('; '),
    refused ? undefined : line.dialect.join(' '),
    refused ? line.status : undefined,
    refused ? line.scimType : undefined,
    refused ? line.detail : undefined,
    address,
    requestId,
    id,
  ])
}
