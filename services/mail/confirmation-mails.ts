import type { MailMessage } from './mail-message.ts'

interface Question {
  readonly url: string
  readonly language: string
  readonly achievement: string
  readonly issuer: string
  /** The identity that the earner shows. */
  readonly shown: string
}

/** To the address to which the badge was sent: nothing happens behind its back. */
export const confirmationNoticeMail = ({ url, language, ...values }: Question): MailMessage => ({
  kind: 'claim-confirmation-notice',
  language,
  url,
  values,
})

/** To both, once the awarder has decided. */
export const confirmationDecidedMail = (
  { url, language, ...values }: Question,
  decision: { readonly confirmed: boolean; readonly reason?: string },
): MailMessage => ({
  kind: 'claim-confirmation-decided',
  language,
  url,
  values: { ...values, ...decision },
})
