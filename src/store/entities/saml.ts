import { EntitySchema } from 'typeorm'
import { count, flag, id, json, key, longText, optional, primary, time } from './column'

export type SamlTraceRow = {
  readonly id: string
  readonly at: number
  readonly request_id: string
  readonly address: string | null
  readonly code: string | null
  readonly test: number
  readonly name_id: string | null
  readonly verdicts: unknown
  readonly xml: string | null
  readonly missed: number
}

export const samlTrace = new EntitySchema<SamlTraceRow>({
  name: 'saml_trace',
  tableName: 'saml_trace',
  columns: {
    id: primary(id()),
    at: time(),
    request_id: key(64),
    address: optional(key(64)),
    code: optional(key(16)),
    test: flag(),
    name_id: optional(key(255)),
    verdicts: json(),
    xml: optional(longText()),
    missed: count(),
  },
})
