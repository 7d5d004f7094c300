import { type MailText, mail } from './mail-layout.ts'

/** Asks an expert from outside what they think of a badge that is not published yet. The link is shown nowhere else. */
export function expertReviewMail(request: {
  readonly url: string
  readonly language: string
  readonly organisation: string
  readonly achievement: string
  /** In the words of whoever asks. */
  readonly message?: string
  readonly days: number
}): MailText {
  const { url, language, organisation, achievement, message, days } = request
  const words = language.startsWith('nl') ? DUTCH : ENGLISH
  return mail(
    words.subject(organisation),
    [
      words.asks(organisation, achievement),
      ...(message === undefined ? [] : [words.message(message)]),
      words.how,
      words.lasts(days),
    ],
    url,
    words.action,
    words.closing,
  )
}

const ENGLISH = {
  subject: (organisation: string) => `${organisation} asks for your view of a new badge`,
  asks: (organisation: string, achievement: string) =>
    `${organisation} is making the badge ${achievement}, and would like to know what you think of it before it is published.`,
  message: (message: string) => `They write: ${message}`,
  how: 'You see the whole badge and say whether you agree, with remarks if you like. You need no account.',
  lasts: (days: number) => `The link works for ${days} days. Do not pass it on.`,
  action: 'View the badge',
  closing: 'Would you rather not? On the same page you can decline.',
}

const DUTCH: typeof ENGLISH = {
  subject: (organisation) => `${organisation} vraagt je oordeel over een nieuwe badge`,
  asks: (organisation, achievement) =>
    `${organisation} maakt de badge ${achievement}, en hoort graag wat jij ervan vindt voordat die wordt gepubliceerd.`,
  message: (message) => `Zij schrijven: ${message}`,
  how: 'Je ziet de hele badge en zegt of je het ermee eens bent, met opmerkingen als je wilt. Je hebt geen account nodig.',
  lasts: (days) => `De link werkt ${days} dagen. Geef hem niet door.`,
  action: 'Badge bekijken',
  closing: 'Liever niet? Op dezelfde pagina kun je bedanken.',
}
