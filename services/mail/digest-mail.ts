import type { DigestCadence } from '#engine/notifications/digest-period.ts'
import { mailLanguage } from '#engine/notifications/mail-kind.ts'
import { LINK_MARK } from '#engine/notifications/mail-template.ts'
import { wordNotification } from '#engine/notifications/word-notification.ts'
import type { Notification } from '#services/ports/notification-store.ts'
import { layOut, type MailText } from './mail-layout.ts'
import { type UnsubscribeLink, unsubscribeFooter } from './queue-mail.ts'

/** Several notifications in one mail. It is of the installation: they may be of several organisations. */
export function digestMail(
  notifications: readonly Notification[],
  about: {
    readonly cadence: DigestCadence
    readonly language: string
    readonly origin: string
    /** Whether more waited than one mail holds. */
    readonly more: boolean
    readonly unsubscribe: UnsubscribeLink
  },
): MailText {
  const { cadence, language, origin, more, unsubscribe } = about
  const reader = mailLanguage(language)
  const words = WORDS[reader]
  const lines = notifications.map(({ kind, data, organisation }) => {
    const { text } = wordNotification(kind, data, organisation, reader)
    return `${organisation.name}: ${text}`
  })
  return layOut(
    {
      subject: words.subject(notifications.length, cadence),
      paragraphs: [
        words.opening[cadence],
        ...lines,
        ...(more ? [words.more] : []),
        `${words.view}: ${LINK_MARK}`,
      ],
    },
    { url: `${origin}/notifications`, footer: unsubscribeFooter(unsubscribe, language) },
  )
}

const WORDS = {
  nl: {
    subject: (count: number, cadence: DigestCadence) =>
      `${count === 1 ? 'Eén melding' : `${count} meldingen`} van ${cadence === 'daily' ? 'de afgelopen dag' : 'de afgelopen week'}`,
    opening: {
      daily: 'Dit gebeurde de afgelopen dag:',
      weekly: 'Dit gebeurde de afgelopen week:',
    },
    more: 'En meer: dat staat bij je meldingen.',
    view: 'Meldingen bekijken',
  },
  en: {
    subject: (count: number, cadence: DigestCadence) =>
      `${count === 1 ? 'One notification' : `${count} notifications`} of the last ${cadence === 'daily' ? 'day' : 'week'}`,
    opening: {
      daily: 'This happened during the last day:',
      weekly: 'This happened during the last week:',
    },
    more: 'And more: see your notifications.',
    view: 'View notifications',
  },
}
