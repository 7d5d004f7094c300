import type { MailKindName } from '#engine/notifications/mail-kinds.ts'
import type { MailValues } from '#engine/notifications/mail-template.ts'

/** What a mail says, before it is worded: see `queueMail`. */
export interface MailMessage {
  readonly kind: MailKindName
  /** Of its reader. */
  readonly language: string
  /** Where it leads to. */
  readonly url: string
  readonly values: MailValues
}
