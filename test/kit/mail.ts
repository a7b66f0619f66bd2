import { ImapFlow } from 'imapflow'
import { createTransport } from 'nodemailer'

export interface Mailbox {
  /** Of what lies in the inbox, oldest first. */
  subjects(): Promise<readonly string[]>
  folders(): Promise<readonly string[]>
  createFolder(name: string): Promise<void>
  /** The server ended the session. */
  readonly ended: Promise<void>
  signOut(): Promise<void>
}

/** Signs in by IMAP. @returns undefined where the server refuses name or password */
export async function openMailbox(
  server: { readonly imapPort: number },
  user: string,
  pass: string,
): Promise<Mailbox | undefined> {
  const imap = new ImapFlow({
    host: '127.0.0.1',
    port: server.imapPort,
    secure: false,
    doSTARTTLS: false,
    auth: { user, pass },
    logger: false,
  })
  const ended = new Promise<void>((resolve) => imap.once('close', () => resolve()))
  imap.on('error', () => undefined) // told by `ended`
  try {
    await imap.connect()
  } catch (error) {
    imap.close()
    if ((error as { readonly authenticationFailed?: boolean }).authenticationFailed) return undefined
    throw error
  }
  await imap.mailboxOpen('INBOX')
  return {
    subjects: async () => {
      await imap.noop()
      const found: string[] = []
      if (!imap.mailbox || imap.mailbox.exists === 0) return found
      for await (const mail of imap.fetch('1:*', { envelope: true })) found.push(mail.envelope?.subject ?? '')
      return found
    },
    folders: async () => (await imap.list()).map((folder) => folder.path),
    createFolder: async (name) => void (await imap.mailboxCreate(name)),
    ended,
    signOut: () => imap.logout(),
  }
}

/** By SMTP from outside. @returns whether the recipient was accepted */
export async function sendMail(server: { readonly smtpPort: number }, to: string, subject: string): Promise<boolean> {
  const transport = createTransport({ host: '127.0.0.1', port: server.smtpPort, ignoreTLS: true })
  try {
    await transport.sendMail({ from: 'somebody@elsewhere.example', to, subject, text: 'Hello' })
    return true
  } catch (error) {
    if (/^5\d\d/.test((error as { readonly response?: string }).response ?? '')) return false
    throw error
  } finally {
    transport.close()
  }
}
