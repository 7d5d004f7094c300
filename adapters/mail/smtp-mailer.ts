import { createTransport } from 'nodemailer'
import { isDeadAddress } from '#engine/notifications/bounce.ts'
import type { Mail, Mailer, MailOutcome } from '#services/ports/mailer.ts'

export interface SmtpSettings {
  /** `smtp://user:password@host:587`, `smtps://…`; options of nodemailer as query (`?requireTLS=true`). */
  readonly url: string
  /** Sender, as `Name <address>` or an address. */
  readonly from: string
  /** Whether the Return-Path carries the tag of the mail. Default: it does. */
  readonly returnTags?: boolean
}

export interface OpenMailer extends Mailer {
  close(): void
}

const TIMEOUT_MS = 10_000

/** Sends by SMTP over a few lasting connections. A mail takes 10 s a step of the dialogue at most. */
export function createSmtpMailer({ url, from, returnTags = true }: SmtpSettings): OpenMailer {
  const transport = createTransport(
    {
      url,
      pool: true,
      maxConnections: 2,
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  )
  return {
    async send(mail) {
      if (!ONE_ADDRESS.test(mail.to)) return { state: 'failed', retry: false, reason: 'address refused' }
      try {
        const to = { name: '', address: mail.to }
        const { messageId, subject, text, html, unsubscribeUrl } = mail
        const headers = { ...AUTOMATIC, ...oneClick(unsubscribeUrl) }
        const message = { messageId, to, subject, text, html, headers }
        const tagged =
          mail.returnTag === undefined || !returnTags ? undefined : taggedSender(from, mail.returnTag)
        if (tagged !== undefined)
          try {
            await transport.sendMail({ ...message, envelope: { from: tagged, to: mail.to } })
            return { state: 'sent' }
          } catch (error) {
            // A server that knows its senders one by one: it gets the mail without the tag.
            if (!refusesSender(error)) throw error
          }
        await transport.sendMail(message)
        return { state: 'sent' }
      } catch (error) {
        return judge(error)
      }
    },
    close: () => transport.close(),
  }
}

/** `badges+TAG@issuer.example` (RFC 5233); undefined where that would be too long to be an address. */
function taggedSender(from: string, tag: string): string | undefined {
  const address = /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from
  const at = address.lastIndexOf('@')
  const local = `${address.slice(0, at)}+${tag}`
  return at < 1 || local.length > MAX_LOCAL_PART ? undefined : `${local}${address.slice(at)}`
}
/** RFC 5321, section 4.5.3.1.1. */
const MAX_LOCAL_PART = 64

const refusesSender = (error: unknown): boolean => {
  const { responseCode = 0, command } = error as { responseCode?: number; command?: string }
  return command === 'MAIL FROM' && responseCode >= 500
}

/** One plain address: neither a list nor the start of another header. */
const ONE_ADDRESS = /^[^\s,;:<>()"@]+@[^\s,;:<>()"@]+$/

/** Keeps holiday replies away (RFC 3834). */
const AUTOMATIC = { 'Auto-Submitted': 'auto-generated' }

/** A mail program shows a button that posts there, without signing in (RFC 8058). */
const oneClick = (url: string | undefined): Record<string, string> =>
  url === undefined
    ? {}
    : { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }

/**
 * A 5xx answer about the mail is final. Whatever is about the connection or the sign-in may be mended, and is worth
 * another try. The server's text stays out of the reason: it repeats addresses.
 */
function judge(error: unknown): MailOutcome {
  const {
    code = 'unknown',
    responseCode,
    response = '',
    command,
  } = error as { code?: string; responseCode?: number; response?: string; command?: string }
  if (code === 'EAUTH') return { state: 'failed', retry: true, reason: 'sign-in refused' }
  if (responseCode !== undefined) {
    const dead = deadAddress(responseCode, response, command)
    return {
      state: 'failed',
      retry: responseCode < 500,
      reason: `answer ${responseCode}`,
      ...(dead === undefined ? {} : { deadAddress: dead }),
    }
  }
  if (code === 'EENVELOPE') return { state: 'failed', retry: false, reason: 'address refused' }
  return { state: 'failed', retry: true, reason: `connection failed (${code})` }
}

/**
 * What says that there is no such address: an enhanced status code where there is one (RFC 3463), else a refusal of the
 * recipient. Servers refuse mails for other reasons with the same codes, and those say nothing of the address.
 */
function deadAddress(code: number, response: string, command: string | undefined): string | undefined {
  const status = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1]
  if (code < 500) return undefined
  if (status !== undefined) return isDeadAddress(status) ? status : undefined
  return command === 'RCPT TO' && REFUSES_RECIPIENT.has(code) ? String(code) : undefined
}
const REFUSES_RECIPIENT: ReadonlySet<number> = new Set([550, 551, 553])

/** For an installation without a mail server: every mail stays where its owner can read it. */
export const heldMailer: OpenMailer = {
  send: async (_mail: Mail) => ({ state: 'held' }),
  close() {},
}
