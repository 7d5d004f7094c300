import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { MailMessage } from './mail-message.ts'

/** Offers a badge that a person or a program awarded, or reminds of it. The link and the code are the reader's alone. */
export const directAwardMail = ({
  reminder,
  url,
  language,
  expiresAt,
  ...values
}: {
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
}): MailMessage => ({
  kind: reminder === 0 ? 'direct-award' : 'direct-award-reminder',
  language,
  url,
  values: { ...values, until: formatInstant(expiresAt).slice(0, 10) },
})
