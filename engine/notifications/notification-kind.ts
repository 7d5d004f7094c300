import type { MailLanguage } from './mail-kind.ts'
import type { MailKindName } from './mail-kinds.ts'

/** How somebody is told of a kind by mail. */
export const EMAIL_CHOICES = ['at_once', 'daily', 'weekly', 'off'] as const
export type EmailChoice = (typeof EMAIL_CHOICES)[number]

export interface NotificationPreference {
  readonly inApp: boolean
  readonly email: EmailChoice
}

/** Of what somebody is told. What is in its data, the triggers of the migration `notifications` say. */
export interface NotificationKind {
  /** `member`: for those who still belong to the organisation. */
  readonly audience: 'member' | 'earner'
  readonly description: Readonly<Record<MailLanguage, string>>
  /** One sentence, as a template over the data. */
  readonly texts: Readonly<Record<MailLanguage, string>>
  /** The page of it, as a template over the data and `organisation`, the slug, and `organisationId`. */
  readonly page: string
  readonly standard: NotificationPreference
  /** Cannot be turned off. */
  readonly mandatory?: boolean
  /** By what mail; where there is none of its own, by one that says the sentence. */
  readonly mail?: { readonly kind: MailKindName }
}
