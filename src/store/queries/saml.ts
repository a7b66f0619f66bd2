import type { SamlSignIn } from '../../domain/access/saml-trace'
import type { SamlVerdicts, SlashCode } from '../../domain/access/saml'
import type { SamlReads, SamlWrites } from '../../ports/store/saml'
import type { SamlTraceRow } from '../entities/saml'
import { raw, rows, sql, type Database, type Sql } from '../sql'
import { parsedJson } from './access'

export function samlReads(database: Database): SamlReads {
  return {
    samlTrace: {
      list: () => select(database, raw('NULL'), sql`1 = 1 ORDER BY id DESC LIMIT 200`),
      find: async (id) => (await select(database, raw('xml'), sql`id = ${id}`))[0],
    },
  }
}

export function samlWrites(database: Database): SamlWrites {
  return {
    samlTrace: {
      ...samlReads(database).samlTrace,
      add: async (signIns, most) => {
        if (signIns.length === 0) return
        const values = signIns.map((one) => [
          one.id,
          one.at,
          one.requestId,
          one.address,
          one.code,
          one.test,
          one.nameId,
          JSON.stringify(one.verdicts),
          one.xml,
          one.missed,
        ])
        await database.run(
          sql`INSERT INTO saml_trace (id, at, request_id, address, code, test, name_id, verdicts, xml, missed) VALUES ${rows(values)}`,
        )
        // the table is never longer than what is kept and what was just added: this costs the same for ever
        const [oldest] = await database.all<{ id: string }>(
          sql`SELECT id FROM saml_trace ORDER BY id DESC LIMIT 1 OFFSET ${most}`,
        )
        if (oldest) await database.run(sql`DELETE FROM saml_trace WHERE id <= ${oldest.id}`)
      },
    },
  }
}

async function select(database: Database, xml: Sql, where: Sql): Promise<readonly SamlSignIn[]> {
  const found = await database.all<SamlTraceRow>(
    sql`SELECT id, at, request_id, address, code, test, name_id, verdicts, ${xml} AS xml, missed FROM saml_trace WHERE ${where}`,
  )
  return found.map((row) => ({
    id: row.id,
    at: row.at,
    requestId: row.request_id,
    ...(row.address === null ? {} : { address: row.address }),
    ...(row.code === null ? {} : { code: row.code as SlashCode }),
    test: Boolean(row.test),
    ...(row.name_id === null ? {} : { nameId: row.name_id }),
    verdicts: parsedJson(row.verdicts) as SamlVerdicts,
    ...(row.xml === null ? {} : { xml: row.xml }),
    missed: row.missed,
  }))
}
