import type { MailLanguage, MailTemplate } from '#engine/notifications/mail-kind.ts'
import type { MailKindName } from '#engine/notifications/mail-kinds.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

/** How an organisation words one kind of mail in one language. */
export interface StoredMailTemplate {
  readonly kind: MailKindName
  readonly language: MailLanguage
  /** Undefined where it was reset: ours counts. The row stays, so that no revision comes twice. */
  readonly texts?: MailTemplate
  readonly revision: number
  readonly changedAt: Instant
}

export interface MailTemplateStore {
  list(organisationId: OrganisationId): Promise<readonly StoredMailTemplate[]>
  find(
    organisationId: OrganisationId,
    kind: MailKindName,
    language: MailLanguage,
  ): Promise<StoredMailTemplate | undefined>
  /**
   * Compare and set: `seen` is 0 where nothing was ever written. The revision that it has now, or undefined where
   * somebody was faster.
   */
  write(
    organisationId: OrganisationId,
    seen: number,
    to: Omit<StoredMailTemplate, 'revision'>,
  ): Promise<number | undefined>
}
