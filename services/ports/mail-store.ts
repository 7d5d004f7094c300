import type { MailKindName } from '#engine/notifications/mail-kinds.ts'
import type { MailTrouble } from '#engine/notifications/mail-trouble.ts'
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
  /** What waits for what it says. */
  readonly aboutId?: string
  /** For one that may be turned off: where that is done. */
  readonly unsubscribeUrl?: string
}

export interface StoredMail extends OutgoingMail {
  readonly state: 'waiting' | 'sent' | 'held' | 'failed'
  readonly attempts: number
  readonly sentAt?: Instant
  /** Why it is held or failed, where that is known. */
  readonly reason?: string
}

/** Why nothing is sent to an address. */
export interface MailBlock {
  /** `refused`: when we sent something. `bounced`: by a report that came later. */
  readonly reason: 'refused' | 'bounced'
  /** What the other side answered: `550`, `5.1.1`. */
  readonly status: string
}

export interface MailStore {
  insert(...mails: readonly OutgoingMail[]): Promise<void>
  /**
   * Claims a mail that waits (`FOR UPDATE SKIP LOCKED`): the oldest of the `urgent` kinds, or else the oldest of whose turn
   * it is. Organisations take turns, and mail of none has its own: the first behind the mail `last`.
   */
  claim(
    urgent: readonly StoredMail['kind'][],
    now: Instant,
    last: Pick<StoredMail, 'organisationId'> | undefined,
  ): Promise<StoredMail | undefined>
  finish(id: string, state: 'sent' | 'held' | 'failed', at: Instant, reason?: string): Promise<void>
  /** Why nothing is sent there: for everybody, or for this organisation. */
  blockOf(address: string, organisationId: OrganisationId | undefined): Promise<MailBlock | undefined>
  /** Without an organisation: for everybody. Twice is once. */
  block(
    blocked: MailBlock & {
      readonly organisationId?: OrganisationId
      readonly id: string
      readonly address: string
      readonly at: Instant
    },
  ): Promise<void>
  /** Its owner has proven the address: what was held is sent, if it is no older than `since`. */
  unblock(address: string, since: Instant): Promise<void>
  findByMessageId(messageId: string): Promise<StoredMail | undefined>
  find(id: string): Promise<StoredMail | undefined>
  /** Of these, those whose newest mail did not arrive, and why. */
  troubles(
    organisationId: OrganisationId,
    aboutIds: readonly string[],
  ): Promise<ReadonlyMap<string, MailTrouble>>
  /** Says of one that was sent that it did not arrive. False where that is known, or it was not sent. */
  returned(id: string, reason: string, at: Instant): Promise<boolean>
  fail(id: string, failure: { readonly error: string; readonly next: Instant }): Promise<void>
  /**
   * Takes back those that still wait, or are held for their address: they are never sent. Waits for one that is being
   * sent, which stays.
   */
  withdraw(messageIds: readonly string[]): Promise<void>
  /** Forgets to whom these went and what they said. */
  forget(messageIds: readonly string[]): Promise<void>
  list(organisationId: OrganisationId, page: PageRequest): Promise<Page<StoredMail>>
}
