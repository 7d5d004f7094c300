import { hmac } from '@noble/hashes/hmac'
import { sha256 } from '@noble/hashes/sha2'
import type { WebhookMac } from '#engine/webhooks/webhook-message.ts'

/** HMAC-SHA256 (RFC 2104) in Base64, as Standard Webhooks signs. */
export const webhookMac: WebhookMac = (secret, message) =>
  btoa(String.fromCharCode(...hmac(sha256, secret, message)))
