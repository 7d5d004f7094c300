import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import { type MailText, mail } from './mail-layout.ts'

/** Offers a badge that a person or a program awarded, or reminds of it. The link and the code are the reader's alone. */
export function directAwardMail(award: {
  /** 0: the offer itself. */
  readonly reminder: number
  readonly url: string
  readonly code: string
  readonly codeUrl: string
  readonly language: string
  readonly achievement: string
  readonly issuer: string
  readonly message?: string
  readonly expiresAt: Instant
}): MailText {
  const { reminder, url, code, codeUrl, language, achievement, issuer, message, expiresAt } = award
  const words = language.startsWith('nl') ? DUTCH : ENGLISH
  return mail(
    reminder === 0 ? words.subject(achievement) : words.reminderSubject(achievement),
    [
      reminder === 0 ? words.offered(issuer, achievement) : words.waiting(issuer, achievement),
      ...(message === undefined ? [] : [words.message(issuer), message]),
      words.until(formatInstant(expiresAt).slice(0, 10)),
      words.private,
    ],
    url,
    words.action,
    words.code(code, codeUrl),
  )
}

interface Words {
  readonly subject: (achievement: string) => string
  readonly reminderSubject: (achievement: string) => string
  readonly offered: (issuer: string, achievement: string) => string
  readonly waiting: (issuer: string, achievement: string) => string
  readonly message: (issuer: string) => string
  readonly until: (day: string) => string
  readonly private: string
  readonly action: string
  readonly code: (code: string, url: string) => string
}

const ENGLISH: Words = {
  subject: (achievement) => `You have earned a badge: ${achievement}`,
  reminderSubject: (achievement) => `Your badge is still waiting: ${achievement}`,
  offered: (issuer, achievement) => `${issuer} has awarded you the badge "${achievement}".`,
  waiting: (issuer, achievement) =>
    `${issuer} has awarded you the badge "${achievement}". You have not taken it home yet.`,
  message: (issuer) => `A message of ${issuer}:`,
  until: (day) => `You can accept or refuse it until ${day}.`,
  private: 'Nobody but you sees the badge until you share it.',
  action: 'View and claim the badge',
  code: (code, url) =>
    `Signed in with another address? Then type this code at ${url}: ${code}. Whoever has the link or the code can claim the badge: do not pass them on.`,
}

const DUTCH: Words = {
  subject: (achievement) => `Je hebt een badge: ${achievement}`,
  reminderSubject: (achievement) => `Je badge wacht nog op je: ${achievement}`,
  offered: (issuer, achievement) => `${issuer} heeft je de badge "${achievement}" toegekend.`,
  waiting: (issuer, achievement) =>
    `${issuer} heeft je de badge "${achievement}" toegekend. Je hebt hem nog niet opgehaald.`,
  message: (issuer) => `Een bericht van ${issuer}:`,
  until: (day) => `Je kunt hem aannemen of weigeren tot ${day}.`,
  private: 'De badge is alleen voor jou zichtbaar, tot je hem deelt.',
  action: 'Badge bekijken en ophalen',
  code: (code, url) =>
    `Ben je ingelogd met een ander adres? Typ dan deze code op ${url}: ${code}. Wie de link of de code heeft, kan de badge ophalen: geef ze niet door.`,
}
