import type { OrganisationId, UnitId, WebhookDeliveryId, WebhookId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { AfterAttempt } from '#engine/webhooks/webhook-delivery.ts'
import type { PayloadVersion } from '#engine/webhooks/webhook-event-types.ts'
import type { WebhookEvent } from '#engine/webhooks/webhook-message.ts'
import type { Page, PageRequest } from './page.ts'

/** Where an organisation, or a unit of it, is told what happens. */
export interface Webhook {
  readonly organisationId: OrganisationId
  readonly id: WebhookId
  readonly unitId: UnitId
  readonly url: string
  readonly description: string
  readonly eventTypes: readonly string[]
  readonly payloadVersion: PayloadVersion
  readonly state: 'enabled' | 'disabled'
  readonly disabledReason?: DisabledReason
  /** Sealed under the id of the endpoint. */
  readonly sealedSecret: Uint8Array
  readonly previousSecret?: Uint8Array
  /** Until when both secrets sign. */
  readonly previousUntil?: Instant
  readonly failingSince?: Instant
  readonly revision: number
  readonly createdAt: Instant
}

/** `by_person`; `gone`: it answered 410; `failing`: every attempt of five days failed. */
export type DisabledReason = 'by_person' | 'gone' | 'failing'

export type WebhookDeliveryState = 'waiting' | 'delivered' | 'failed' | 'skipped'

export interface WebhookDelivery {
  readonly organisationId: OrganisationId
  readonly id: WebhookDeliveryId
  readonly webhookId: WebhookId
  readonly event: WebhookEvent
  readonly state: WebhookDeliveryState
  /** Since it was made, or replayed. */
  readonly attempts: number
  readonly nextAt: Instant
  readonly createdAt: Instant
  readonly finishedAt?: Instant
}

/** One that this process may attempt until its claim runs out. */
export type ClaimedDelivery = WebhookDelivery & {
  readonly claimedUntil: Instant
  readonly webhook: Webhook
}

export interface WebhookAttempt {
  readonly id: string
  readonly at: Instant
  readonly latencyMs: number
  readonly status?: number
  readonly error?: string
  readonly answer?: string
}

export interface WebhookStore {
  insert(webhook: Webhook): Promise<void>
  list(organisationId: OrganisationId): Promise<readonly Webhook[]>
  find(organisationId: OrganisationId, id: WebhookId): Promise<Webhook | undefined>
  /** The same, locked until the transaction ends: whoever moves an endpoint or its deliveries as a whole goes first here. */
  lock(organisationId: OrganisationId, id: WebhookId): Promise<Webhook | undefined>
  /** Puts `after` where revision `seen` stood, as the next revision. False, and no change, if it is another by now. */
  replace(after: Webhook, seen: number): Promise<boolean>
  /** Ends it for good: its secrets are wiped, and what waits for it is skipped. */
  delete(webhook: Webhook, at: Instant): Promise<void>
  /** What waits for an endpoint is skipped: it was disabled. */
  skipWaiting(webhook: Pick<Webhook, 'organisationId' | 'id'>, at: Instant): Promise<void>

  /** Writes an event for one endpoint alone: a test. */
  tell(webhook: Webhook, event: WebhookEvent, deliveryId: WebhookDeliveryId, at: Instant): Promise<void>
  deliveries(
    webhook: Pick<Webhook, 'organisationId' | 'id'>,
    page: PageRequest,
    filter: { readonly state?: WebhookDeliveryState },
  ): Promise<Page<WebhookDelivery>>
  findDelivery(
    webhook: Pick<Webhook, 'organisationId' | 'id'>,
    id: WebhookDeliveryId,
  ): Promise<WebhookDelivery | undefined>
  /** Newest first, the last 100 of them. */
  attempts(delivery: Pick<WebhookDelivery, 'organisationId' | 'id'>): Promise<readonly WebhookAttempt[]>
  /** From the beginning, at once; one that waits already is only made due. */
  replay(delivery: Pick<WebhookDelivery, 'organisationId' | 'id'>): Promise<void>
  /** The same with all that failed or were skipped, and were made since then. Answers how many. */
  replaySince(webhook: Pick<Webhook, 'organisationId' | 'id'>, since: Instant): Promise<number>

  /**
   * Claims deliveries that are due until a moment: at most `perEndpoint` at a time for one endpoint, or one where it
   * fails, counted over all processes. The one that waits longest first.
   */
  claim(
    most: { readonly deliveries: number; readonly perEndpoint: number },
    now: Instant,
    until: Instant,
  ): Promise<readonly ClaimedDelivery[]>
  /** Lets a claimed one go as it was: whether it arrived is not known. */
  release(delivery: ClaimedDelivery): Promise<void>
  /** Moves a claimed one on. False, and no change, when the claim has run out and somebody else has taken it. */
  settle(delivery: ClaimedDelivery, after: AfterAttempt, at: Instant): Promise<boolean>
  insertAttempt(
    delivery: Pick<WebhookDelivery, 'organisationId' | 'id'>,
    attempt: WebhookAttempt,
  ): Promise<void>
  /** Notes that an attempt failed or, with undefined, that one arrived. Not for people to see: the revision stays. */
  setFailingSince(webhook: Pick<Webhook, 'organisationId' | 'id'>, since: Instant | undefined): Promise<void>
  /** Forgets some of what was made before a moment. Answers whether more may be left. */
  forget(before: Instant): Promise<boolean>
}
