import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'

export interface ReceivedMail {
  readonly from: string
  /** Where what cannot be delivered goes back to: of the envelope. */
  readonly returnPath: string
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly messageId: string
  /** Header names are in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

export interface SmtpInbox {
  /** For SMTP_URL. */
  readonly url: string
  readonly mails: readonly ReceivedMail[]
  /** The next mail to this address that was not waited for yet; rejects after `timeoutMs` (10 s). */
  waitFor(to: string, timeoutMs?: number): Promise<ReceivedMail>
  close(): Promise<void>
}

export interface SmtpInboxOptions {
  /** Refuses a recipient with an SMTP code (450, 550) instead of taking the mail. */
  readonly refuse?: (to: string) => number | undefined
  /** Refuses a sender (MAIL FROM) in the same way. */
  readonly refuseSender?: (from: string) => number | undefined
  /** Lets nobody in without this sign-in. */
  readonly account?: { readonly user: string; readonly password: string }
}

/** A real SMTP server on a free port of 127.0.0.1 that keeps what it is sent. */
export async function startSmtpInbox({
  refuse,
  refuseSender,
  account,
}: SmtpInboxOptions = {}): Promise<SmtpInbox> {
  const mails: ReceivedMail[] = []
  const unseen: ReceivedMail[] = []
  const arrivals = new Set<() => void>()

  const server = new SMTPServer({
    authOptional: account === undefined,
    disabledCommands: account === undefined ? ['STARTTLS', 'AUTH'] : ['STARTTLS'],
    onAuth({ username, password }, _session, answer) {
      const known = username === account?.user && password === account?.password
      answer(known ? null : new Error('Wrong user or password'), known ? { user: username } : undefined)
    },
    onMailFrom({ address }, _session, answer) {
      const code = refuseSender?.(address)
      if (code === undefined) answer()
      else answer(Object.assign(new Error('No mail from there'), { responseCode: code }))
    },
    onRcptTo({ address }, _session, answer) {
      const code = refuse?.(address)
      if (code === undefined) answer()
      else answer(Object.assign(new Error(`No mail for ${address}`), { responseCode: code }))
    },
    async onData(stream, session, answer) {
      const raw = await buffer(stream).catch(() => undefined)
      // The sender died in the middle of it: nothing was taken, and nobody waits for an answer.
      if (raw === undefined) return
      const mail = await read(raw)
      const to = session.envelope.rcptTo.map(({ address }) => address)
      const { mailFrom } = session.envelope
      const received = { ...mail, to, returnPath: mailFrom === false ? '' : mailFrom.address }
      mails.push(received)
      unseen.push(received)
      answer()
      for (const arrived of arrivals) arrived()
    },
  })
  server.on('error', () => {})
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  const { port } = server.server.address() as AddressInfo
  const signIn = account === undefined ? '' : `${account.user}:${account.password}@`

  const take = (to: string) => {
    const at = unseen.findIndex((mail) => mail.to.includes(to))
    return at < 0 ? undefined : unseen.splice(at, 1)[0]
  }
  return {
    url: `smtp://${signIn}127.0.0.1:${port}`,
    mails,
    waitFor: (to, timeoutMs = 10_000) =>
      new Promise((settle, fail) => {
        const look = () => {
          const mail = take(to)
          if (mail === undefined) return
          clearTimeout(timer)
          arrivals.delete(look)
          settle(mail)
        }
        const timer = setTimeout(() => {
          arrivals.delete(look)
          fail(new Error(`No mail for ${to} within ${timeoutMs} ms; there are ${mails.length} mails in all.`))
        }, timeoutMs)
        arrivals.add(look)
        look()
      }),
    close: () => new Promise((settle) => server.close(() => settle())),
  }
}

async function read(raw: Buffer): Promise<Omit<ReceivedMail, 'to' | 'returnPath'>> {
  const mail = await PostalMime.parse(raw)
  return {
    from: mail.from?.address ?? '',
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html ?? '',
    messageId: mail.messageId ?? '',
    headers: Object.fromEntries(mail.headers.map(({ key, value }) => [key, value])),
  }
}
