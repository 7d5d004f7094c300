import type { MailKindName } from '#engine/notifications/mail-kinds.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Page, PageRequest } from './page.ts'

export interface OutgoingMail {
  readonly organisationId?: OrganisationId
  readonly id: string
  /** Stable, so that a second delivery can be recognised. */
  readonly messageId: string
  readonly kind: MailKindName | 'digest'
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly createdAt: Instant
  /** For one that may be turned off: where that is done. */
  readonly unsubscribeUrl?: string
}

export interface StoredMail extends OutgoingMail {
  readonly state: 'waiting' | 'sent' | 'held' | 'failed'
  readonly attempts: number
  readonly sentAt?: Instant
}

export interface MailStore {
  insert(mail: OutgoingMail): Promise<void>
  /** Claims waiting mail (`FOR UPDATE SKIP LOCKED`), oldest first. */
  claim(limit: number, now: Instant): Promise<readonly StoredMail[]>
  finish(id: string, state: 'sent' | 'held' | 'failed', at: Instant): Promise<void>
  fail(id: string, failure: { readonly error: string; readonly next: Instant }): Promise<void>
  list(organisationId: OrganisationId, page: PageRequest): Promise<Page<StoredMail>>
}
