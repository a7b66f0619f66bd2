import { isIP } from 'node:net'
import { createTransport } from 'nodemailer'
import type { Mail, MailSecurity, MailServer, Undelivered } from '../../domain/system/mail'
import type { Mailer } from '../../ports/mailer'

/** Each step by itself, and all of them together. */
export type MailTimeouts = { readonly stepMs: number; readonly totalMs: number }
const timeouts: MailTimeouts = { stepMs: 15_000, totalMs: 60_000 }

/** What each setting asks of the connection: nothing is sent unencrypted where the setting says otherwise. */
const encryption: Readonly<Record<MailSecurity, object>> = {
  plain: { secure: false, ignoreTLS: true },
  ssl: { secure: true },
  starttls: { secure: false, requireTLS: true },
}

/** @param host of our base URL: what a Message-ID ends in */
export function smtpMailer(host: string, { stepMs, totalMs }: MailTimeouts = timeouts): Mailer {
  return {
    send: async (server, mail) => {
      const transport = createTransport({
        host: server.host,
        port: server.port,
        ...encryption[server.security],
        ...(server.account && { auth: { user: server.account.name, pass: server.account.password } }),
        tls: {
          minVersion: 'TLSv1.2',
          rejectUnauthorized: true,
          ...(isIP(server.host) === 0 && { servername: server.host }),
          ...(server.caCertificate !== undefined && { ca: server.caCertificate }),
        },
        connectionTimeout: stepMs,
        greetingTimeout: stepMs,
        socketTimeout: stepMs,
        dnsTimeout: stepMs,
        allowInternalNetworkInterfaces: true,
        disableFileAccess: true,
        disableUrlAccess: true,
      })
      transport.on('error', () => undefined) // what fails is told by `sendMail`
      try {
        const { rejectedErrors } = await within(totalMs, transport.sendMail(message(server, mail, host)))
        return (rejectedErrors ?? []).flatMap((error) => refusedRecipient(error as SmtpError, mail))
      } catch (error) {
        return whyNot(error as SmtpError, mail)
      } finally {
        transport.close()
      }
    },
  }
}

/** RFC 5322, RFC 3834. Addresses are objects, never parsed again as a list; the id stays the same however often it is tried. */
const message = (server: MailServer, mail: Mail, host: string) => ({
  from: { name: 'Kagami', address: server.sender },
  to: mail.to.map((address) => ({ name: '', address })),
  envelope: { from: server.sender, to: [...mail.to] },
  subject: mail.subject,
  text: mail.text,
  date: new Date(mail.createdAt),
  messageId: `<${mail.id}@${isIP(host) === 0 ? host : 'localhost'}>`,
  headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
})

type SmtpError = Error & {
  readonly code?: string
  readonly command?: string
  readonly responseCode?: number
  readonly response?: string
  readonly recipient?: string
  readonly rejectedErrors?: readonly Error[]
}

/** Of the server's answers only those about recipient or content are final: account, sender and connection can be mended meanwhile. */
function whyNot(error: SmtpError, mail: Mail): readonly Undelivered[] {
  const refused = (error.rejectedErrors ?? []).flatMap((one) => refusedRecipient(one as SmtpError, mail))
  if (refused.length > 0) return refused
  const final = error.command === 'DATA' && (error.responseCode ?? 0) >= 500
  return [{ to: mail.to, ...described(error), final }]
}

function refusedRecipient(error: SmtpError, mail: Mail): readonly Undelivered[] {
  const address = mail.to.find((one) => one === error.recipient)
  if (address === undefined) return []
  return [{ to: [address], address, ...described(error), final: (error.responseCode ?? 0) >= 500 }]
}

const described = (error: SmtpError) => ({
  number: String(error.responseCode ?? error.code ?? 'ERROR').slice(0, 32),
  cause: (error.response ?? error.message).replace(/[\x00-\x1f\x7f]+/g, ' ').slice(0, 500),
})

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_, reject) => {
    const error = Object.assign(new Error('The server took too long'), { code: 'ETIMEDOUT' })
    timer = setTimeout(() => reject(error), ms)
  })
  try {
    return await Promise.race([work, tooLong])
  } finally {
    clearTimeout(timer)
    work.catch(() => undefined) // it ends with the connection, when nobody listens any more
  }
}
