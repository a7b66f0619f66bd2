import { Table, type MigrationInterface, type QueryRunner } from 'typeorm'
import { columns } from '../table-columns'

/** The SAML settings with a draft beside what is in force, and the last sign-ins by SAML. */
export class Saml1764200000001 implements MigrationInterface {
  name = 'Saml1764200000001'

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'saml_trace',
        columns: columns(runner, {
          id: 'P id',
          at: 'time',
          request_id: 'key64',
          address: 'key64?',
          code: 'key16?',
          test: 'flag',
          name_id: 'key255?',
          verdicts: 'json',
          xml: 'text?',
          missed: 'count',
        }),
      }),
      true,
    )
    const [row] = (await runner.query(`SELECT value FROM system_setting WHERE name = 'saml.idp'`)) as { value: unknown }[]
    if (!row) return
    const { idp, source } = (typeof row.value === 'string' ? JSON.parse(row.value) : row.value) as { idp: object; source: string }
    const settings = { idp, options }
    const state = { version: 1, source, enabled: true, active: settings, draft: settings }
    await runner.query(`UPDATE system_setting SET name = 'saml', value = ? WHERE name = 'saml.idp'`, [JSON.stringify(state)])
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('saml_trace')
    const [row] = (await runner.query(`SELECT value FROM system_setting WHERE name = 'saml'`)) as { value: unknown }[]
    if (!row) return
    const state = (typeof row.value === 'string' ? JSON.parse(row.value) : row.value) as State | null
    const idp = state?.enabled ? state.active?.idp : undefined
    await runner.query(
      idp
        ? `UPDATE system_setting SET name = 'saml.idp', value = ? WHERE name = 'saml'`
        : `DELETE FROM system_setting WHERE name = 'saml'`,
      idp ? [JSON.stringify({ idp, source: state!.source })] : [],
    )
  }
}

type State = { readonly enabled: boolean; readonly active?: { readonly idp: object }; readonly source: string }

/** What held before there were options. */
const options = {
  clockSkewSeconds: 60,
  allowSha1: false,
  signAuthnRequests: false,
  forceAuthn: false,
  requestedAuthnContext: [],
  jit: { enabled: false },
  passwordSignIn: 'everyone',
}
