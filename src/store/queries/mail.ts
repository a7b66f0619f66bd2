import type { Instant } from '../../domain/brand'
import { keptMailFailures, type Mail, type MailFailure, type MailId } from '../../domain/system/mail'
import type { MailAddress } from '../../domain/system/mail-address'
import type { Secrets } from '../../ports/secrets'
import type { MailReads, MailWrites, QueuedMail } from '../../ports/store/mail'
import { list, raw, rows, sql, type Database } from '../sql'
import { parsedJson } from './access'

type Deps = { readonly secrets: Secrets }

export function mailReads(database: Database): MailReads {
  const { dialect } = database
  return {
    mails: {
      hasDue: async () =>
        (
          await database.all(
            sql`SELECT 1 AS x FROM system_mail WHERE due_at <= ${dialect.now} AND lease_until <= ${dialect.now} LIMIT 1`,
          )
        ).length > 0,
      countWaiting: async () => Number((await database.all<{ n: number }>(sql`SELECT COUNT(*) AS n FROM system_mail`))[0]?.n),
      failures: () => failures(database),
    },
  }
}

export function mailWrites(database: Database, deps: Deps): MailWrites {
  const { dialect } = database
  return {
    mails: {
      ...mailReads(database).mails,
      add: async ({ id, to, subject, text, createdAt, giveUpAt }) => {
        const content = deps.secrets.seal(purpose, JSON.stringify({ subject, text }))
        await database.run(sql`INSERT INTO system_mail (id, recipients, content, created_at, give_up_at, due_at, attempts, lease_until)
          VALUES ${rows([[id, JSON.stringify(to), content, createdAt, giveUpAt, 0, 0, 0]])}`)
      },
      claim: (claim, limit, leaseMs) => claimDue(database, deps, claim, limit, leaseMs),
      settle: async (claim, id, result) => {
        const mine = sql`id = ${id} AND claim = ${claim}`
        const changed =
          result.kind === 'retry'
            ? await database.run(sql`UPDATE system_mail SET recipients = ${JSON.stringify(result.to)}, attempts = attempts + 1,
                due_at = ${dialect.now} + ${result.delayMs}, lease_until = 0, claim = NULL WHERE ${mine}`)
            : await database.run(sql`DELETE FROM system_mail WHERE ${mine}`)
        return changed > 0
      },
      noteFailure: async (failure) => {
        const { id, at, recipient, others, attempts, server, number, address, cause, state } = failure
        await database.run(sql`DELETE FROM system_mail_failure WHERE id = ${id}`)
        await database.run(sql`INSERT INTO system_mail_failure (id, at, recipient, others, attempts, server, number, address, cause, state)
          VALUES ${rows([[id, at, recipient, others, attempts, server, number, address, cause, state]])}`)
        const kept = (await failures(database)).map((one) => one.id)
        await database.run(sql`DELETE FROM system_mail_failure WHERE id NOT IN ${list(kept)}`)
      },
      noteSent: async (id) => {
        await database.run(sql`UPDATE system_mail_failure SET state = 'sentLater' WHERE id = ${id}`)
      },
      retryAll: async () => void (await database.run(sql`UPDATE system_mail SET due_at = 0 WHERE due_at > 0`)),
    },
  }
}

const purpose = 'system mail'

type Row = {
  readonly id: MailId
  readonly recipients: unknown
  readonly content: string
  readonly created_at: Instant
  readonly give_up_at: Instant
  readonly attempts: number
}

async function claimDue(
  database: Database,
  { secrets }: Deps,
  claim: string,
  limit: number,
  leaseMs: number,
): Promise<readonly QueuedMail[]> {
  const { dialect } = database
  const due = await database.all<Row>(sql`SELECT id, recipients, content, created_at, give_up_at, attempts FROM system_mail
    WHERE due_at <= ${dialect.now} AND lease_until <= ${dialect.now} ORDER BY due_at, id LIMIT ${limit} ${dialect.skipLocked}`)
  if (due.length === 0) return []
  await database.run(sql`UPDATE system_mail SET lease_until = ${dialect.now} + ${leaseMs}, claim = ${claim}
    WHERE id IN ${list(due.map((row) => row.id))}`)
  return due.map((row) => ({
    id: row.id,
    to: parsedJson(row.recipients) as readonly MailAddress[],
    ...openContent(secrets, row.content),
    createdAt: row.created_at,
    giveUpAt: row.give_up_at,
    attempts: row.attempts,
  }))
}

/** Empty where the secret key was changed meanwhile: such a mail is given up. */
function openContent(secrets: Secrets, content: string): Pick<Mail, 'subject' | 'text'> {
  const plain = secrets.open(purpose, content)
  return plain === undefined ? { subject: '', text: '' } : (JSON.parse(plain) as Pick<Mail, 'subject' | 'text'>)
}

async function failures(database: Database): Promise<readonly MailFailure[]> {
  const found = await database.all<Omit<MailFailure, 'address'> & { readonly address: string | null }>(
    sql`SELECT id, at, recipient, others, attempts, server, number, address, cause, state FROM system_mail_failure
      ORDER BY at DESC, id DESC LIMIT ${raw(String(keptMailFailures))}`,
  )
  return found.map(({ address, ...failure }) => ({ ...failure, ...(address === null ? {} : { address }) }))
}
