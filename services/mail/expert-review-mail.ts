import type { MailMessage } from './mail-message.ts'

/** Asks an expert from outside what they think of a badge that is not published yet. The link is shown nowhere else. */
export const expertReviewMail = ({
  url,
  language,
  days,
  ...values
}: {
  readonly url: string
  readonly language: string
  readonly organisation: string
  readonly achievement: string
  /** In the words of whoever asks. */
  readonly message?: string
  readonly days: number
}): MailMessage => ({ kind: 'expert-review', language, url, values: { ...values, days: String(days) } })
