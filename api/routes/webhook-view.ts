import type * as z from 'zod'
import type { Webhook, WebhookDelivery, WebhookDeliveryDetail } from '#api/schemas/webhooks.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { PAYLOAD_VERSIONS } from '#engine/webhooks/webhook-event-types.ts'
import { webhookPayload } from '#engine/webhooks/webhook-message.ts'
import type {
  WebhookDelivery as StoredDelivery,
  Webhook as StoredWebhook,
  WebhookAttempt,
} from '#services/ports/webhook-store.ts'
import { timeOrNull } from './shown.ts'

/** Without its secrets: nobody sees them again. */
export const showWebhook = (webhook: StoredWebhook): z.input<typeof Webhook> => ({
  id: webhook.id,
  unitId: webhook.unitId,
  url: webhook.url,
  description: webhook.description,
  eventTypes: [...webhook.eventTypes],
  payloadVersion: webhook.payloadVersion,
  enabled: webhook.state === 'enabled',
  disabledReason: webhook.disabledReason ?? null,
  failingSince: timeOrNull(webhook.failingSince),
  revision: webhook.revision,
  previousSecretUntil: timeOrNull(webhook.previousUntil),
  createdAt: formatInstant(webhook.createdAt),
})

export const showDelivery = (delivery: StoredDelivery): z.input<typeof WebhookDelivery> => ({
  id: delivery.id,
  eventId: delivery.event.id,
  type: delivery.event.type as z.input<typeof WebhookDelivery>['type'],
  state: delivery.state,
  attempts: delivery.attempts,
  nextAttemptAt: delivery.state === 'waiting' && delivery.nextAt > 0 ? formatInstant(delivery.nextAt) : null,
  occurredAt: formatInstant(delivery.event.at),
  createdAt: formatInstant(delivery.createdAt),
  finishedAt: timeOrNull(delivery.finishedAt),
})

export const showDeliveryDetail = (
  delivery: StoredDelivery,
  log: readonly WebhookAttempt[],
): z.input<typeof WebhookDeliveryDetail> => ({
  ...showDelivery(delivery),
  payload: { ...webhookPayload(delivery.event, PAYLOAD_VERSIONS[0]) },
  log: log.map(({ at, latencyMs, status, error, answer }) => ({
    at: formatInstant(at),
    latencyMs,
    status: status ?? null,
    error: error ?? null,
    answer: answer ?? null,
  })),
})
