import { concat, utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { PayloadVersion } from './webhook-event-types.ts'

/** What happened, as it is told. */
export interface WebhookEvent {
  readonly id: string
  readonly type: string
  readonly at: Instant
  readonly data: JsonObject
}

/** Base64 of the HMAC-SHA256 of a message. */
export type WebhookMac = (secret: Uint8Array, message: Uint8Array) => string

export const webhookPayload = ({ type, at, data }: WebhookEvent, version: PayloadVersion): JsonObject => ({
  type,
  timestamp: formatInstant(at),
  version,
  data,
})

/** The body: the same bytes at every attempt. */
export const webhookBody = (event: WebhookEvent, version: PayloadVersion): Uint8Array =>
  utf8(canonicalJson(webhookPayload(event, version)))

/**
 * The headers of one attempt after Standard Webhooks: its moment in whole seconds, and a signature for every secret over
 * `id.timestamp.body`.
 */
export function webhookHeaders(
  eventId: string,
  at: Instant,
  body: Uint8Array,
  secrets: readonly Uint8Array[],
  mac: WebhookMac,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at / 1000))
  const signed = concat(utf8(`${eventId}.${timestamp}.`), body)
  return {
    'content-type': 'application/json',
    'webhook-id': eventId,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((secret) => `v1,${mac(secret, signed)}`).join(' '),
  }
}
