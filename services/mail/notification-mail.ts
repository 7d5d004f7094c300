import { mailLanguage } from '#engine/notifications/mail-kind.ts'
import { notificationKind } from '#engine/notifications/notification-kinds.ts'
import { valuesIn, wordNotification } from '#engine/notifications/word-notification.ts'
import type { Notification } from '#services/ports/notification-store.ts'
import type { MailMessage } from './mail-message.ts'

/** What stands in the application, by mail: in a mail of its own, or in one that says the sentence. */
export function notificationMail(
  { kind, data, organisation }: Notification,
  { language, origin }: { readonly language: string; readonly origin: string },
): MailMessage {
  const reader = mailLanguage(language)
  const { text, page } = wordNotification(kind, data, organisation, reader)
  const own = notificationKind(kind).mail
  return {
    language,
    url: `${origin}${page}`,
    ...(own === undefined
      ? { kind: 'notification', values: { notice: text } }
      : { kind: own.kind, values: valuesIn(data, reader) }),
  }
}
