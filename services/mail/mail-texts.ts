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

export const ruleSilentMail = ({
  url,
  language,
  name,
  days,
}: {
  readonly url: string
  readonly language: string
  readonly name: string
  readonly days: number
}): MailMessage => ({ kind: 'rule-silent', language, url, values: { name, days: String(days) } })

export const awardLapsedMail = ({
  url,
  language,
  ...values
}: {
  readonly url: string
  readonly language: string
  readonly name: string
  readonly awardId: string
}): MailMessage => ({ kind: 'award-lapsed', language, url, values })

export const webhookDisabledMail = ({
  url,
  language,
  host,
  reason,
}: {
  readonly url: string
  readonly language: string
  /** The server that was sent to. The rest of its URL may hold a secret. */
  readonly host: string
  readonly reason: 'gone' | 'failing'
}): MailMessage => ({ kind: 'webhook-disabled', language, url, values: { host, gone: reason === 'gone' } })
