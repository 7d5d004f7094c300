import type { AttemptOutcome } from '#engine/webhooks/webhook-delivery.ts'

/** What came back: an outcome, and the first bytes of an answer as text. */
export type SentWebhook = AttemptOutcome & { readonly answer?: string }

/** Brings messages to the servers of others: public addresses only, no redirects, 15 s in all. */
export interface WebhookSender {
  /** Throws `webhook-url-refused` for a URL that is never sent to, whatever its name leads to. */
  checkUrl(url: string): void
  /** Never throws, but for what the signal ends: then it is not known whether it arrived. */
  post(request: {
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: Uint8Array
    readonly signal: AbortSignal
  }): Promise<SentWebhook>
}
