import type { WebhookId } from '#engine/shared/ids.ts'
import type { Random } from '#services/ports/random.ts'
import type { SecretContext } from '#services/ports/secret-box.ts'

/** Where the secrets of an endpoint open, and nowhere else. */
export const webhookSecret = (id: WebhookId): SecretContext => ({ keyId: 'webhook-secret', rowId: id })

/** 256 bits, and how they are handed out once: `whsec_` and Base64, as Standard Webhooks writes a secret. */
export function newWebhookSecret(random: Random): { readonly secret: Uint8Array; readonly text: string } {
  const secret = random.bytes(32)
  return { secret, text: `whsec_${Buffer.from(secret).toString('base64')}` }
}
