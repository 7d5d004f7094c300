import { actorOf, holdsRight, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { OrganisationId, UnitId, WebhookDeliveryId, WebhookId } from '#engine/shared/ids.ts'
import { asInstant, formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { requireSeen } from '#engine/shared/require-seen.ts'
import { isEventPattern, TEST_EVENT_TYPE } from '#engine/webhooks/webhook-event-types.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Page, PageRequest } from '#services/ports/page.ts'
import type { Random } from '#services/ports/random.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import type { WebhookSender } from '#services/ports/webhook-sender.ts'
import type {
  Webhook,
  WebhookAttempt,
  WebhookDelivery,
  WebhookDeliveryState,
} from '#services/ports/webhook-store.ts'
import { newWebhookSecret, webhookSecret } from './webhook-secret.ts'

export interface ManageWebhooksNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly secretBox: SecretBox
  readonly sender: WebhookSender
  readonly audit: AuditTrail
  readonly wakeUps: WakeUps
}

export interface WebhookChange {
  readonly url?: string
  readonly description?: string
  readonly eventTypes?: readonly string[]
  readonly enabled?: boolean
}

/** Each transition asks each of them whether it wants to know. */
const MOST_WEBHOOKS = 50

/** All of it asks for the right `administer` on the endpoint's unit. */
export const createManageWebhooks = (needs: ManageWebhooksNeeds) => {
  const { database, clock, random, secretBox, sender, audit, wakeUps } = needs

  const record = (
    stores: Stores,
    principal: Principal,
    webhook: Pick<Webhook, 'organisationId' | 'id'>,
    action: string,
    detail?: JsonObject,
  ) =>
    audit(stores, {
      organisationId: webhook.organisationId,
      at: clock.now(),
      actor: actorOf(principal),
      action,
      targetType: 'webhook',
      targetId: webhook.id,
      ...(detail === undefined ? {} : { detail }),
    })

  /** Runs `work` on an endpoint that the caller administers; `lock`, as the only one who does so now. */
  const onOne = <T>(
    principal: Principal,
    organisationId: OrganisationId,
    id: WebhookId,
    how: 'find' | 'lock',
    work: (stores: Stores, webhook: Webhook) => Promise<T>,
  ): Promise<T> =>
    database.inOrganisation(organisationId, async (stores) => {
      const webhook = await stores.webhooks[how](organisationId, id)
      if (webhook === undefined) throw errors.notFound({ what: 'webhook', id })
      await requireRight(stores, principal, 'administer', organisationId, webhook.unitId)
      return work(stores, webhook)
    })

  return {
    /** Makes an endpoint. Its secret is handed out this once; afterwards it is only signed with. */
    create: (
      principal: Principal,
      organisationId: OrganisationId,
      wanted: {
        readonly url: string
        readonly description: string
        readonly eventTypes: readonly string[]
        readonly payloadVersion: Webhook['payloadVersion']
        readonly unitId?: UnitId
      },
    ): Promise<{ readonly webhook: Webhook; readonly text: string }> =>
      database.inOrganisation(organisationId, async (stores) => {
        // Then nobody else makes the fiftieth now, nor deletes the unit.
        await stores.organisations.lockPeople(organisationId)
        const unitId = wanted.unitId ?? (await stores.organisations.rootUnit(organisationId))
        if (unitId === undefined) throw errors.notFound({ what: 'organisation', id: organisationId })
        await requireRight(stores, principal, 'administer', organisationId, unitId)
        checkWanted(sender, wanted)
        if ((await stores.webhooks.list(organisationId)).length >= MOST_WEBHOOKS)
          throw errors.webhookLimit({ most: MOST_WEBHOOKS })

        const id = random.rowId() as WebhookId
        const { secret, text } = newWebhookSecret(random)
        const webhook: Webhook = {
          organisationId,
          id,
          unitId,
          url: wanted.url,
          description: wanted.description,
          eventTypes: wanted.eventTypes,
          payloadVersion: wanted.payloadVersion,
          state: 'enabled',
          sealedSecret: secretBox.seal(secret, webhookSecret(id)),
          revision: 1,
          createdAt: clock.now(),
        }
        await stores.webhooks.insert(webhook)
        await record(stores, principal, webhook, 'webhook.created', { eventTypes: [...webhook.eventTypes] })
        return { webhook, text }
      }),

    /** Those on units that the caller administers. */
    list: (principal: Principal, organisationId: OrganisationId): Promise<readonly Webhook[]> =>
      database.inOrganisation(organisationId, async (stores) => {
        const all = await stores.webhooks.list(organisationId)
        const administered = new Map<UnitId, boolean>()
        for (const { unitId } of all)
          if (!administered.has(unitId)) {
            const path = await stores.organisations.unitPath(organisationId, unitId)
            administered.set(unitId, holdsRight(principal, 'administer', path))
          }
        return all.filter(({ unitId }) => administered.get(unitId) === true)
      }),

    find: (principal: Principal, organisationId: OrganisationId, id: WebhookId): Promise<Webhook> =>
      onOne(principal, organisationId, id, 'find', async (_stores, webhook) => webhook),

    /** Throws `precondition-failed` when it was changed since revision `seen`, by a person or by being disabled. */
    change: (
      principal: Principal,
      organisationId: OrganisationId,
      id: WebhookId,
      seen: number,
      { enabled, ...change }: WebhookChange,
    ): Promise<Webhook> =>
      onOne(principal, organisationId, id, 'lock', async (stores, before) => {
        if (before.revision !== seen) throw errors.preconditionFailed({ current: before.revision })
        checkWanted(sender, change)
        const isElsewhere = change.url !== undefined && change.url !== before.url
        const known = isElsewhere ? withoutFailures(before) : before
        const after = { ...(enabled === undefined ? known : switched(known, enabled)), ...change }
        await stores.webhooks.replace(after, seen)
        if (enabled === false) await stores.webhooks.skipWaiting(before, clock.now())
        await record(stores, principal, before, 'webhook.changed', {
          changed: Object.keys({ ...change, ...(enabled === undefined ? {} : { enabled }) }),
          state: after.state,
        })
        return { ...after, revision: seen + 1 }
      }),

    /** Ends it for good; what waits for it is not sent. */
    delete: (
      principal: Principal,
      organisationId: OrganisationId,
      id: WebhookId,
      seen?: number,
    ): Promise<void> =>
      onOne(principal, organisationId, id, 'lock', async (stores, webhook) => {
        requireSeen(webhook, seen)
        await stores.webhooks.delete(webhook, clock.now())
        await record(stores, principal, webhook, 'webhook.deleted')
      }),

    /** A new secret; the one before signs too for as long as is said. One from before that one signs no more. */
    rotateSecret: (
      principal: Principal,
      organisationId: OrganisationId,
      id: WebhookId,
      { overlapMs, seen }: { readonly overlapMs: number; readonly seen?: number },
    ): Promise<{ readonly webhook: Webhook; readonly text: string }> =>
      onOne(principal, organisationId, id, 'lock', async (stores, before) => {
        requireSeen(before, seen)
        const { secret, text } = newWebhookSecret(random)
        const { previousSecret: _, previousUntil: __, ...rest } = before
        const after: Webhook = {
          ...rest,
          sealedSecret: secretBox.seal(secret, webhookSecret(id)),
          ...(overlapMs === 0
            ? {}
            : {
                previousSecret: before.sealedSecret,
                previousUntil: asInstant(clock.now() + overlapMs),
              }),
        }
        await stores.webhooks.replace(after, before.revision)
        await record(stores, principal, before, 'webhook.secret_rotated', { overlapMs })
        return { webhook: { ...after, revision: before.revision + 1 }, text }
      }),

    /** Sends it an event that says nothing but that it was sent. */
    test: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: WebhookId,
      seen?: number,
    ): Promise<WebhookDelivery> => {
      const delivery = await onOne(principal, organisationId, id, 'lock', async (stores, webhook) => {
        requireSeen(webhook, seen)
        requireEnabled(webhook)
        const now = clock.now()
        const deliveryId = random.rowId() as WebhookDeliveryId
        const event = { id: random.rowId(), type: TEST_EVENT_TYPE, at: now, data: { webhookId: id } }
        await stores.webhooks.tell(webhook, event, deliveryId, now)
        await record(stores, principal, webhook, 'webhook.tested')
        return known(await stores.webhooks.findDelivery(webhook, deliveryId), deliveryId)
      })
      await wakeUps.wake('webhooks')
      return delivery
    },

    deliveries: (
      principal: Principal,
      organisationId: OrganisationId,
      id: WebhookId,
      page: PageRequest,
      filter: { readonly state?: WebhookDeliveryState },
    ): Promise<Page<WebhookDelivery>> =>
      onOne(principal, organisationId, id, 'find', (stores, webhook) =>
        stores.webhooks.deliveries(webhook, page, filter),
      ),

    delivery: (
      principal: Principal,
      organisationId: OrganisationId,
      id: WebhookId,
      deliveryId: WebhookDeliveryId,
    ): Promise<{ readonly delivery: WebhookDelivery; readonly attempts: readonly WebhookAttempt[] }> =>
      onOne(principal, organisationId, id, 'find', async (stores, webhook) => {
        const delivery = known(await stores.webhooks.findDelivery(webhook, deliveryId), deliveryId)
        return { delivery, attempts: await stores.webhooks.attempts(delivery) }
      }),

    /** Sends one once more, with the id that it had. One that waits is attempted now. */
    replay: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: WebhookId,
      deliveryId: WebhookDeliveryId,
    ): Promise<WebhookDelivery> => {
      const delivery = await onOne(principal, organisationId, id, 'lock', async (stores, webhook) => {
        const before = known(await stores.webhooks.findDelivery(webhook, deliveryId), deliveryId)
        requireEnabled(webhook)
        await stores.webhooks.replay(before)
        await record(stores, principal, webhook, 'webhook.replayed', { deliveryId })
        return known(await stores.webhooks.findDelivery(webhook, deliveryId), deliveryId)
      })
      await wakeUps.wake('webhooks')
      return delivery
    },

    /** Sends what failed or was skipped, and was made since then, once more. Answers how many that are. */
    replaySince: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: WebhookId,
      since: Instant,
    ): Promise<number> => {
      const replayed = await onOne(principal, organisationId, id, 'lock', async (stores, webhook) => {
        requireEnabled(webhook)
        const count = await stores.webhooks.replaySince(webhook, since)
        await record(stores, principal, webhook, 'webhook.replayed', { since: formatInstant(since), count })
        return count
      })
      await wakeUps.wake('webhooks')
      return replayed
    },
  }
}

function checkWanted(sender: WebhookSender, { url, eventTypes = [] }: WebhookChange): void {
  if (url !== undefined) sender.checkUrl(url)
  const unknown = eventTypes.find((type) => !isEventPattern(type))
  if (unknown !== undefined) throw errors.webhookEventTypeUnknown({ type: unknown })
}

/** What the address before answered is not held against the next one. */
const withoutFailures = ({ failingSince: _, ...rest }: Webhook): Webhook => rest

/** Who enables it gives it another five days. */
function switched({ disabledReason, failingSince, ...rest }: Webhook, enabled: boolean): Webhook {
  if (enabled) return { ...rest, state: 'enabled' }
  return {
    ...rest,
    state: 'disabled',
    disabledReason: disabledReason ?? 'by_person',
    ...(failingSince === undefined ? {} : { failingSince }),
  }
}

function requireEnabled({ state, disabledReason }: Webhook): void {
  if (state === 'enabled') return
  throw errors.webhookDisabled({
    state: 'disabled',
    reason: disabledReason ?? 'by_person',
    possible: ['enable it', 'change it', 'delete it'],
  })
}

function known(delivery: WebhookDelivery | undefined, id: WebhookDeliveryId): WebhookDelivery {
  if (delivery === undefined) throw errors.notFound({ what: 'delivery', id })
  return delivery
}
