import type { Instant } from '#engine/shared/instant.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import { webhookDisabledMail } from '#services/mail/mail-texts.ts'
import { queueMail } from '#services/mail/queue-mail.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { Webhook } from '#services/ports/webhook-store.ts'

export interface DisableWebhookNeeds {
  readonly random: Random
  readonly audit: AuditTrail
  readonly origin: string
}

/** By ourselves, in the transaction of the attempt that was one too many: with a mail to who administers. */
export type DisableWebhook = (
  stores: Stores,
  webhook: Webhook,
  reason: 'gone' | 'failing',
  now: Instant,
) => Promise<void>

export const createDisableWebhook =
  ({ random, audit, origin }: DisableWebhookNeeds): DisableWebhook =>
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
    const host = URL.parse(webhook.url)?.host ?? ''
    for (const { email, language } of await stores.access.administrators(organisationId)) {
      const message = webhookDisabledMail({ url: `${origin}/console`, language, host, reason })
      await queueMail({ random, origin }, stores, { organisationId, to: email, now }, message)
    }
  }
