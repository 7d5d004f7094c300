import type { MailMessage } from './mail-message.ts'

export const signInMail = ({
  url,
  language,
}: {
  readonly url: string
  readonly language: string
}): MailMessage => ({ kind: 'sign-in', language, url, values: {} })

export const claimMail = ({
  url,
  language,
  ...values
}: {
  readonly url: string
  readonly language: string
  readonly achievement: string
  readonly issuer: string
  readonly byRule: boolean
}): MailMessage => ({ kind: 'claim', language, url, values })

export const endorsementRequestMail = ({
  url,
  language,
  ...values
}: {
  readonly url: string
  readonly language: string
  readonly issuer: string
  readonly what: string
}): MailMessage => ({ kind: 'endorsement-request', language, url, values })
