import type { Instant } from '#engine/shared/instant.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { Webhook } from '#services/ports/webhook-store.ts'

export interface DisableWebhookNeeds {
  readonly audit: AuditTrail
}

/** By ourselves, in the transaction of the attempt that was one too many: a trigger tells who administers. */
export type DisableWebhook = (
  stores: Stores,
  webhook: Webhook,
  reason: 'gone' | 'failing',
  now: Instant,
) => Promise<void>

export const createDisableWebhook =
  ({ audit }: DisableWebhookNeeds): DisableWebhook =>
  async (stores, webhook, reason, now) => {
    const { organisationId } = webhook
    const disabled = { ...webhook, state: 'disabled', disabledReason: reason } as const
    // The caller holds the row: nobody else can be faster.
    await stores.webhooks.replace(disabled, webhook.revision)
    await stores.webhooks.skipWaiting(webhook, now)
    await audit(stores, {
      organisationId,
      at: now,
      actor: 'system',
      action: 'webhook.disabled',
      targetType: 'webhook',
      targetId: webhook.id,
      detail: { reason },
    })
  }
