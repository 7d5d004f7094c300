import type { OrganisationId, UnitId, WebhookDeliveryId, WebhookId } from '#engine/shared/ids.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { PayloadVersion } from '#engine/webhooks/webhook-event-types.ts'
import type { Prisma, webhook_endpoint, webhook_event } from '#prisma'
import type {
  DisabledReason,
  Webhook,
  WebhookDelivery,
  WebhookDeliveryState,
  WebhookStore,
} from '#services/ports/webhook-store.ts'
import {
  bytes,
  date,
  dateOrNull,
  instant,
  instantOrNull,
  known,
  newestFirst,
  page,
  type Transaction,
} from './rows.ts'

/** Due since ever, as the triggers write it: made when somebody looks, whatever their clock says. */
const DUE = new Date(0)
/** How many old events one pass forgets. */
const FORGET_SIZE = 1_000
/** How many attempts of a delivery are shown: replays begin anew, so that there may be any number. */
const ATTEMPTS_SHOWN = 100

export function webhookStore(tx: Transaction): WebhookStore {
  const keyOf = ({ organisationId, id }: { readonly organisationId: string; readonly id: string }) => ({
    organisation_id: organisationId,
    id,
  })
  const find = async (organisationId: OrganisationId, id: WebhookId) => {
    const row = await tx.webhook_endpoint.findFirst({
      where: { ...keyOf({ organisationId, id }), state: { not: 'deleted' } },
    })
    return row === null ? undefined : toWebhook(row)
  }
  const withEvents = async (rows: readonly DeliveryRow[]): Promise<readonly WebhookDelivery[]> => {
    const events = await tx.webhook_event.findMany({
      where: { id: { in: [...new Set(rows.map((row) => row.event_id))] } },
    })
    const eventOf = new Map(events.map((event) => [event.id, event]))
    return rows.flatMap((row) => {
      const event = eventOf.get(row.event_id)
      return event === undefined ? [] : [toDelivery(row, event)]
    })
  }
  const skipWaiting: WebhookStore['skipWaiting'] = async ({ organisationId, id }, at) => {
    await tx.webhook_delivery.updateMany({
      where: { organisation_id: organisationId, endpoint_id: id, state: 'waiting' },
      data: { state: 'skipped', finished_at: date(at) },
    })
  }

  return {
    insert: async (webhook) => {
      await tx.webhook_endpoint.create({
        data: {
          ...keyOf(webhook),
          unit_id: webhook.unitId,
          created_at: date(webhook.createdAt),
          revision: webhook.revision,
          ...toColumns(webhook),
        },
      })
    },
    list: async (organisationId) =>
      (
        await tx.webhook_endpoint.findMany({
          where: { organisation_id: organisationId, state: { not: 'deleted' } },
          orderBy: [{ created_at: 'desc' }, { id: 'desc' }],
        })
      ).map(toWebhook),
    find,
    lock: async (organisationId, id) => {
      await tx.$queryRaw`
        SELECT 1 FROM webhook_endpoint WHERE organisation_id = ${organisationId}::uuid AND id = ${id}::uuid FOR NO KEY UPDATE`
      return find(organisationId, id)
    },
    replace: async (webhook, seen) => {
      const { count } = await tx.webhook_endpoint.updateMany({
        where: { ...keyOf(webhook), revision: seen, state: { not: 'deleted' } },
        data: { ...toColumns(webhook), revision: seen + 1 },
      })
      return count === 1
    },
    delete: async (webhook, at) => {
      await tx.webhook_endpoint.updateMany({
        where: keyOf(webhook),
        data: {
          state: 'deleted',
          disabled_reason: null,
          sealed_secret: new Uint8Array(),
          previous_secret: null,
          previous_until: null,
        },
      })
      await skipWaiting(webhook, at)
    },
    skipWaiting,

    tell: async (webhook, event, deliveryId, at) => {
      await tx.webhook_event.create({
        data: {
          ...keyOf({ organisationId: webhook.organisationId, id: event.id }),
          type: event.type,
          at: date(event.at),
          data: event.data as Prisma.InputJsonValue,
        },
      })
      await tx.webhook_delivery.create({
        data: {
          ...keyOf({ organisationId: webhook.organisationId, id: deliveryId }),
          endpoint_id: webhook.id,
          event_id: event.id,
          state: 'waiting',
          next_at: DUE,
          created_at: date(at),
        },
      })
    },
    deliveries: async ({ organisationId, id }, request, { state }) => {
      const rows = await tx.webhook_delivery.findMany(
        newestFirst<Prisma.webhook_deliveryWhereInput>('created_at', request, {
          organisation_id: organisationId,
          endpoint_id: id,
          ...(state === undefined ? {} : { state }),
        }),
      )
      return page(await withEvents(rows), request.limit, (delivery) => delivery.createdAt)
    },
    findDelivery: async (webhook, id) => {
      const rows = await tx.webhook_delivery.findMany({
        where: { ...keyOf({ organisationId: webhook.organisationId, id }), endpoint_id: webhook.id },
      })
      return (await withEvents(rows))[0]
    },
    attempts: async ({ organisationId, id }) => {
      const rows = await tx.webhook_attempt.findMany({
        where: { organisation_id: organisationId, delivery_id: id },
        orderBy: [{ at: 'desc' }, { id: 'desc' }],
        take: ATTEMPTS_SHOWN,
      })
      return rows.map((row) => ({
        ...known({ status: row.status, error: row.error, answer: row.answer }),
        id: row.id,
        at: instant(row.at),
        latencyMs: row.latency_ms,
      }))
    },
    replay: async ({ organisationId, id }) => {
      await tx.$executeRaw`
        UPDATE webhook_delivery
        SET attempts = CASE state WHEN 'waiting' THEN attempts ELSE 0 END, state = 'waiting', finished_at = NULL, next_at = 'epoch'
        WHERE organisation_id = ${organisationId}::uuid AND id = ${id}::uuid`
    },
    replaySince: ({ organisationId, id }, since) => tx.$executeRaw`
        UPDATE webhook_delivery SET state = 'waiting', attempts = 0, finished_at = NULL, next_at = 'epoch'
        WHERE organisation_id = ${organisationId}::uuid AND endpoint_id = ${id}::uuid AND state IN ('failed', 'skipped')
          AND created_at >= ${date(since)}`,

    claim: async (most, now, until) => {
      // One process at a time, for a moment: what runs for an endpoint is counted over all of them.
      await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtext('waarmerk.webhooks'))::text`
      const rows = await tx.$queryRaw<{ id: string }[]>`
        UPDATE webhook_delivery SET claimed_until = ${date(until)} WHERE id IN (
          SELECT due.id FROM webhook_endpoint endpoint CROSS JOIN LATERAL (
            SELECT delivery.id, delivery.next_at FROM webhook_delivery delivery
            WHERE delivery.endpoint_id = endpoint.id AND delivery.state = 'waiting' AND delivery.next_at <= ${date(now)}
              AND (delivery.claimed_until IS NULL OR delivery.claimed_until <= ${date(now)})
            ORDER BY delivery.next_at, delivery.created_at
            LIMIT greatest(0, CASE WHEN endpoint.failing_since IS NULL THEN ${most.perEndpoint}::int ELSE 1 END - (
              SELECT count(*) FROM webhook_delivery running
              WHERE running.endpoint_id = endpoint.id AND running.claimed_until > ${date(now)}))
          ) due
          WHERE endpoint.state = 'enabled'
          ORDER BY due.next_at LIMIT ${most.deliveries}::int)
          -- Asked again of the row as it is once it is locked: it may have been skipped or settled meanwhile.
          AND state = 'waiting' AND (claimed_until IS NULL OR claimed_until <= ${date(now)})
        RETURNING id::text`
      if (rows.length === 0) return []
      const deliveries = await tx.webhook_delivery.findMany({
        where: { id: { in: rows.map(({ id }) => id) } },
      })
      const endpoints = await tx.webhook_endpoint.findMany({
        where: { id: { in: [...new Set(deliveries.map((row) => row.endpoint_id))] } },
      })
      const endpointOf = new Map(endpoints.map((row) => [row.id, toWebhook(row)]))
      return (await withEvents(deliveries)).flatMap((delivery) => {
        const webhook = endpointOf.get(delivery.webhookId)
        return webhook === undefined ? [] : [{ ...delivery, webhook, claimedUntil: until }]
      })
    },
    release: async (delivery) => {
      await tx.webhook_delivery.updateMany({
        where: { ...keyOf(delivery), claimed_until: date(delivery.claimedUntil) },
        data: { claimed_until: null },
      })
    },
    settle: async (delivery, outcome, at) => {
      const claimed = { ...keyOf(delivery), claimed_until: date(delivery.claimedUntil) }
      // Whose endpoint was disabled while the attempt ran is skipped already, and stays so unless it has arrived.
      if (outcome.state !== 'delivered') {
        const skipped = await tx.webhook_delivery.updateMany({
          where: { ...claimed, state: { not: 'waiting' } },
          data: { claimed_until: null, attempts: { increment: 1 } },
        })
        if (skipped.count === 1) return true
      }
      const { count } = await tx.webhook_delivery.updateMany({
        where: claimed,
        data: {
          state: outcome.state,
          claimed_until: null,
          attempts: { increment: 1 },
          ...(outcome.state === 'waiting' ? { next_at: date(outcome.nextAt) } : { finished_at: date(at) }),
        },
      })
      return count === 1
    },
    insertAttempt: async ({ organisationId, id }, attempt) => {
      await tx.webhook_attempt.create({
        data: {
          ...keyOf({ organisationId, id: attempt.id }),
          delivery_id: id,
          at: date(attempt.at),
          latency_ms: attempt.latencyMs,
          status: attempt.status ?? null,
          error: attempt.error ?? null,
          answer: attempt.answer ?? null,
        },
      })
    },
    setFailingSince: async (webhook, since) => {
      await tx.webhook_endpoint.updateMany({
        where: keyOf(webhook),
        data: { failing_since: dateOrNull(since) },
      })
    },
    forget: async (before) => {
      const forgotten = await tx.$executeRaw`
        DELETE FROM webhook_event WHERE id IN (
          SELECT event_id FROM webhook_delivery WHERE created_at < ${date(before)} ORDER BY created_at LIMIT ${FORGET_SIZE}::int)`
      return forgotten > 0
    },
  }
}

type DeliveryRow = Awaited<ReturnType<Transaction['webhook_delivery']['findMany']>>[number]

/** What may change of an endpoint. */
const toColumns = (webhook: Webhook) => ({
  url: webhook.url,
  description: webhook.description,
  event_types: [...webhook.eventTypes],
  payload_version: webhook.payloadVersion,
  state: webhook.state,
  disabled_reason: webhook.disabledReason ?? null,
  sealed_secret: bytes(webhook.sealedSecret),
  previous_secret: webhook.previousSecret === undefined ? null : bytes(webhook.previousSecret),
  previous_until: dateOrNull(webhook.previousUntil),
  failing_since: dateOrNull(webhook.failingSince),
})

const toWebhook = (row: webhook_endpoint): Webhook => ({
  ...known({
    disabledReason: row.disabled_reason as DisabledReason | null,
    previousSecret: row.previous_secret,
    previousUntil: instantOrNull(row.previous_until),
    failingSince: instantOrNull(row.failing_since),
  }),
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as WebhookId,
  unitId: row.unit_id as UnitId,
  url: row.url,
  description: row.description,
  eventTypes: row.event_types,
  payloadVersion: row.payload_version as PayloadVersion,
  state: row.state as Webhook['state'],
  sealedSecret: row.sealed_secret,
  revision: row.revision,
  createdAt: instant(row.created_at),
})

const toDelivery = (row: DeliveryRow, event: webhook_event): WebhookDelivery => ({
  ...known({ finishedAt: instantOrNull(row.finished_at) }),
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as WebhookDeliveryId,
  webhookId: row.endpoint_id as WebhookId,
  event: { id: event.id, type: event.type, at: instant(event.at), data: event.data as JsonObject },
  state: row.state as WebhookDeliveryState,
  attempts: row.attempts,
  nextAt: instant(row.next_at),
  createdAt: instant(row.created_at),
})
