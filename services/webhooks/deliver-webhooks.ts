import { HOUR_MS, SECOND_MS } from '#engine/shared/duration.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import {
  ATTEMPT_MS,
  afterAttempt,
  hasFailedTooLong,
  isDelivered,
  isGone,
  LOG_MS,
} from '#engine/webhooks/webhook-delivery.ts'
import { type WebhookMac, webhookBody, webhookHeaders } from '#engine/webhooks/webhook-message.ts'
import type { Clock } from '#services/ports/clock.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { Database } from '#services/ports/database.ts'
import type { Log } from '#services/ports/log.ts'
import type { Pause } from '#services/ports/pause.ts'
import type { Random } from '#services/ports/random.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import type { SentWebhook, WebhookSender } from '#services/ports/webhook-sender.ts'
import type { ClaimedDelivery, Webhook } from '#services/ports/webhook-store.ts'
import type { DisableWebhook } from './disable-webhook.ts'
import { webhookSecret } from './webhook-secret.ts'

export interface DeliverWebhooksNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly secretBox: SecretBox
  readonly mac: WebhookMac
  readonly sender: WebhookSender
  readonly pause: Pause
  readonly disableWebhook: DisableWebhook
  readonly wakeUps: WakeUps
  readonly log: Log
}

/** Attempts that run at a time in one process; and of those for one endpoint, over all processes. */
const MOST = { deliveries: 64, perEndpoint: 4 }
/** An attempt, and time to store what came of it. */
const CLAIM_MS = ATTEMPT_MS + 5 * SECOND_MS
/** How long the others may have to wait while attempts run: then it is looked for what else is due. */
const LOOK_MS = 250
/** How long attempts may still take when the process is about to end. */
const END_MS = 4 * SECOND_MS

/**
 * The webhook step: at least once, each time with the same id. A delivery is claimed until a moment, sent, and what came
 * of it is stored; a process that dies in between lets the claim run out. A pass goes on until nothing is due and nothing
 * runs. An endpoint that hangs holds up its own few attempts and nobody else's.
 */
export const createDeliverWebhooks = (needs: DeliverWebhooksNeeds) => {
  const { database, clock, pause, log } = needs
  const running = new Set<Promise<void>>()
  // Ends what runs, also what a pass that broke has left behind.
  let cut = new AbortController()
  const forget = createForget(database, clock)

  const claimSome = () => {
    const now = clock.now()
    const most = { ...MOST, deliveries: MOST.deliveries - running.size }
    return database.asWorker((stores) => stores.webhooks.claim(most, now, asInstant(now + CLAIM_MS)))
  }

  return async (signal?: AbortSignal): Promise<{ readonly more: boolean }> => {
    while (signal?.aborted !== true) {
      await forget()
      if (running.size < MOST.deliveries)
        for (const delivery of await claimSome()) {
          const attempt = attemptDelivery(needs, delivery, cut.signal)
            .catch((error) => log.error('webhook.attempt-lost', { delivery: delivery.id, error }))
            .finally(() => running.delete(attempt))
          running.add(attempt)
        }
      if (running.size === 0) return { more: false }
      await firstOf(pause, LOOK_MS, running)
    }
    await firstOf(pause, END_MS, [Promise.all(running)])
    cut.abort()
    await Promise.all(running)
    cut = new AbortController()
    return { more: false }
  }
}

/** Waits for the first of these, or for so long. */
async function firstOf(pause: Pause, ms: number, these: Iterable<Promise<unknown>>): Promise<void> {
  const over = new AbortController()
  await Promise.race([...these, pause(ms, over.signal)])
  over.abort()
}

async function attemptDelivery(
  needs: DeliverWebhooksNeeds,
  delivery: ClaimedDelivery,
  signal: AbortSignal,
): Promise<void> {
  const { database, clock, sender, wakeUps } = needs
  const { webhook, event } = delivery
  crashPoint('webhook.claimed')
  const at = clock.now()
  const body = webhookBody(event, webhook.payloadVersion)
  const headers = webhookHeaders(event.id, at, body, secretsOf(needs, webhook, at), needs.mac)
  let sent: SentWebhook
  try {
    sent = await sender.post({ url: webhook.url, headers, body, signal })
  } catch (error) {
    // Anything else is a fault of ours, and would only come again at once: its claim may run out.
    if (!signal.aborted) throw error
    await database.asWorker((stores) => stores.webhooks.release(delivery))
    return
  }
  crashPoint('webhook.sent')
  const isDisabled = await storeOutcome(needs, delivery, sent, at)
  if (isDisabled) await wakeUps.wake('mail')
  crashPoint('webhook.stored')
}

/** Both secrets sign until a rotation is over. */
function secretsOf(
  { secretBox }: DeliverWebhooksNeeds,
  webhook: Webhook,
  now: Instant,
): readonly Uint8Array[] {
  const { sealedSecret, previousSecret, previousUntil } = webhook
  const open = (sealed: Uint8Array) => secretBox.open(sealed, webhookSecret(webhook.id))
  return previousSecret !== undefined && previousUntil !== undefined && now < previousUntil
    ? [open(sealedSecret), open(previousSecret)]
    : [open(sealedSecret)]
}

/** Moves the delivery on, notes the attempt, and judges the endpoint. Answers whether that one was disabled by it. */
function storeOutcome(
  { database, clock, random, disableWebhook, log }: DeliverWebhooksNeeds,
  delivery: ClaimedDelivery,
  sent: SentWebhook,
  at: Instant,
): Promise<boolean> {
  const now = clock.now()
  const after = afterAttempt(delivery.attempts + 1, sent, now, random.integer(1_000) / 1_000)
  const attempt = {
    id: random.rowId(),
    at,
    latencyMs: now - at,
    ...(sent.kind === 'answered' ? { status: sent.status } : { error: sent.error }),
    ...(sent.answer === undefined ? {} : { answer: sent.answer }),
  }
  return database.asWorker(async ({ webhooks, ...stores }) => {
    const webhook = await webhooks.lock(delivery.organisationId, delivery.webhookId)
    // Where the claim has run out, the attempt was made all the same, and somebody else makes another.
    await webhooks.settle(delivery, after, now)
    await webhooks.insertAttempt(delivery, attempt)
    // What another address answered says nothing of the one that it has now.
    if (webhook?.url !== delivery.webhook.url) return false
    if (isDelivered(sent)) {
      if (webhook.failingSince !== undefined) await webhooks.setFailingSince(webhook, undefined)
      return false
    }
    log.info('webhook.attempt-failed', { delivery: delivery.id, webhook: webhook.id, state: after.state })
    if (webhook.state === 'disabled') return false
    const failingSince = webhook.failingSince ?? now
    if (isGone(sent) || hasFailedTooLong(failingSince, now)) {
      const reason = isGone(sent) ? 'gone' : 'failing'
      await disableWebhook({ webhooks, ...stores }, { ...webhook, failingSince }, reason, now)
      return true
    }
    if (webhook.failingSince === undefined) await webhooks.setFailingSince(webhook, now)
    return false
  })
}

/** Forgets what is older than the log is kept, once an hour in a process. */
function createForget(database: Database, clock: Clock): () => Promise<void> {
  let forgotAt: Instant | undefined
  return async () => {
    const now = clock.now()
    if (forgotAt !== undefined && now - forgotAt < HOUR_MS) return
    forgotAt = now
    const forgetSome = () => database.asWorker((stores) => stores.webhooks.forget(asInstant(now - LOG_MS)))
    while (await forgetSome());
  }
}
