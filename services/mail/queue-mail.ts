import { type MailTemplate, mailLanguage } from '#engine/notifications/mail-kind.ts'
import { mailKind } from '#engine/notifications/mail-kinds.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { OutgoingMail } from '#services/ports/mail-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import { composeMail } from './compose-mail.ts'
import type { MailMessage } from './mail-message.ts'

export interface MailQueueing {
  readonly random: Random
  /** PUBLIC_URL, without a slash at the end. */
  readonly origin: string
}

/** Where a mail goes, and in whose name. */
export interface MailAddressing {
  readonly organisationId?: OrganisationId
  readonly to: string
  readonly now: Instant
  /** Where the sender numbers its mails, so that none is written twice. Default: a fresh one. */
  readonly messageId?: string
  /** The invitation, direct award or award that waits for what this mail says: there it is shown if it does not arrive. */
  readonly aboutId?: string
  /** For one that may be turned off. */
  readonly unsubscribe?: UnsubscribeLink
}

/** `post`: for mail programs (RFC 8058). `page`: for people; opening it changes nothing yet. */
export interface UnsubscribeLink {
  readonly post: string
  readonly page: string
}

/**
 * Puts a mail into the outbox, in the transaction of what it tells of, worded as the organisation wants it now. The mail
 * step sends it: wake `mail` after the commit.
 */
export const queueMail = (
  queueing: MailQueueing,
  stores: MailStores,
  addressing: MailAddressing,
  message: MailMessage,
): Promise<void> => queueMails(queueing, stores, [{ addressing, message }])

type MailStores = Pick<Stores, 'mail' | 'mailTemplates' | 'organisations'>

/** The same for many mails: what an organisation wants is looked up once. */
export async function queueMails(
  queueing: MailQueueing,
  stores: MailStores,
  mails: readonly { readonly addressing: MailAddressing; readonly message: MailMessage }[],
): Promise<void> {
  if (mails.length === 0) return
  const styles = new Map<string, Promise<MailStyle>>()
  const written: OutgoingMail[] = []
  for (const { addressing, message } of mails) {
    const name = `${addressing.organisationId} ${message.kind} ${message.language}`
    const style = styles.get(name) ?? styleOf(stores, addressing.organisationId, message)
    styles.set(name, style)
    written.push(writeMail(queueing, addressing, message, await style))
  }
  await stores.mail.insert(...written)
}

/** How an organisation wants its mails of a kind to be. */
interface MailStyle {
  readonly template?: MailTemplate
  readonly sender?: string
}

async function styleOf(
  stores: MailStores,
  organisationId: OrganisationId | undefined,
  message: MailMessage,
): Promise<MailStyle> {
  if (organisationId === undefined || !mailKind(message.kind).changeable) return {}
  const template = await stores.mailTemplates.find(
    organisationId,
    message.kind,
    mailLanguage(message.language),
  )
  const sender = (await stores.organisations.find(organisationId))?.name
  return {
    ...(template?.texts === undefined ? {} : { template: template.texts }),
    ...(sender === undefined ? {} : { sender }),
  }
}

function writeMail(
  { random, origin }: MailQueueing,
  { organisationId, to, now, unsubscribe, messageId, aboutId }: MailAddressing,
  message: MailMessage,
  style: MailStyle,
): OutgoingMail {
  const id = random.rowId()
  return {
    id,
    messageId: messageId ?? `<${message.kind}.${id}@${new URL(origin).hostname}>`,
    kind: message.kind,
    to,
    createdAt: now,
    ...composeMail(message, {
      ...style,
      ...(unsubscribe === undefined ? {} : { footer: unsubscribeFooter(unsubscribe, message.language) }),
    }),
    ...(unsubscribe === undefined ? {} : { unsubscribeUrl: unsubscribe.post }),
    ...(organisationId === undefined ? {} : { organisationId }),
    ...(aboutId === undefined ? {} : { aboutId }),
  }
}

export const unsubscribeFooter = ({ page }: UnsubscribeLink, language: string) => ({
  label: mailLanguage(language) === 'nl' ? 'Deze mails niet meer ontvangen' : 'No longer receive these mails',
  url: page,
})
