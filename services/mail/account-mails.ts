import type { MailMessage } from './mail-message.ts'

/** A code that proves an address, to write into the page that asked for it. */
export const identityCodeMail = ({
  code,
  url,
  language,
}: {
  readonly code: string
  readonly url: string
  readonly language: string
}): MailMessage => ({ kind: 'identity-code', language, url, values: { code } })

export type AccountChange = 'added' | 'removed' | 'merged'

/** Says at every address of an account that an identity came or went, or that two accounts became one. */
export const accountChangeMail = ({
  change,
  identity,
  url,
  language,
}: {
  readonly change: AccountChange
  readonly identity: string
  readonly url: string
  readonly language: string
}): MailMessage => ({ kind: 'account-notice', language, url, values: { identity, [change]: true } })
