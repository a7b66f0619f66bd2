import type { Mail, MailServer, Undelivered } from '../domain/system/mail'

/** Hands mail over to an SMTP server. */
export interface Mailer {
  /** Comes to an end within a minute, whatever the server does. @returns who did not get it, and why; empty: the server took all of it */
  send(server: MailServer, mail: Mail): Promise<readonly Undelivered[]>
}
