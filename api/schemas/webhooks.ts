import * as z from 'zod'
import { SECOND_MS } from '#engine/shared/duration.ts'
import { OVERLAP_MS } from '#engine/webhooks/webhook-delivery.ts'
import { TEST_EVENT_TYPE, WEBHOOK_EVENT_NAMES } from '#engine/webhooks/webhook-event-types.ts'
import { Id, OrganisationQuery, PageQuery, Time, text } from './common.ts'

const Url = z
  .string()
  .min(1)
  .max(2_000)
  .describe('https, of a public server. Not a secret: administrators see it.')
const EventTypes = z
  .array(z.string().min(1).max(100))
  .min(1)
  .max(100)
  .describe('Types, families such as `award.*`, or `*`: see listWebhookEventTypes.')
const Description = text(200)
const PayloadVersion = z.enum(['1'])

export const WebhookEventType = z
  .strictObject({ type: z.string(), description: z.string() })
  .meta({ id: 'WebhookEventType' })

export const NewWebhook = z
  .strictObject({
    url: Url,
    description: Description,
    eventTypes: EventTypes,
    unitId: Id.optional().describe(
      'It is told what happens on this unit and below. Default: the whole organisation.',
    ),
    payloadVersion: PayloadVersion.default('1').describe('The layout of the payloads. It stays.'),
  })
  .meta({
    examples: [
      {
        url: 'https://lms.example.org/hooks/waarmerk',
        description: 'Shows badges in the learning platform',
        eventTypes: ['award.issued', 'award.revoked', 'credential.*'],
      },
    ],
  })

export const WebhookChange = z
  .strictObject({
    url: Url.optional(),
    description: Description.optional(),
    eventTypes: EventTypes.optional(),
    enabled: z
      .boolean()
      .optional()
      .describe('False: nothing is sent. What happens meanwhile is in the log and can be replayed.'),
  })
  .meta({ examples: [{ enabled: true }] })

export const Webhook = z
  .strictObject({
    id: Id,
    unitId: Id,
    url: z.string(),
    description: z.string(),
    eventTypes: z.array(z.string()),
    payloadVersion: PayloadVersion,
    enabled: z.boolean(),
    disabledReason: z
      .enum(['by_person', 'gone', 'failing'])
      .nullable()
      .describe('`gone`: it answered 410. `failing`: every attempt of five days failed.'),
    failingSince: Time.nullable().describe('Since when every attempt has failed.'),
    revision: z.int().describe('For If-Match.'),
    previousSecretUntil: Time.nullable().describe(
      'Until when the secret before the last rotation signs too.',
    ),
    createdAt: Time,
  })
  .meta({
    id: 'Webhook',
    examples: [
      {
        id: '0195f3a0-7c1e-7b52-9d3e-2f6b8c1d4e5f',
        unitId: '0195f39e-1a2b-7c3d-8e4f-5a6b7c8d9e0f',
        url: 'https://lms.example.org/hooks/waarmerk',
        description: 'Shows badges in the learning platform',
        eventTypes: ['award.issued', 'award.revoked', 'credential.*'],
        payloadVersion: '1',
        enabled: true,
        disabledReason: null,
        failingSince: null,
        revision: 1,
        previousSecretUntil: null,
        createdAt: '2026-11-26T09:00:00Z',
      },
    ],
  })

export const WebhookWithSecret = z.strictObject({
  webhook: Webhook,
  secret: z
    .string()
    .nullable()
    .describe('`whsec_…`, as Standard Webhooks writes it. Shown this once.')
    .meta({ examples: ['whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'] }),
})

export const SecretRotation = z
  .strictObject({
    overlapSeconds: z
      .int()
      .min(0)
      .max(OVERLAP_MS / SECOND_MS)
      .default(OVERLAP_MS / SECOND_MS)
      .describe('How long the secret before signs too. 0 where it has leaked.'),
  })
  .meta({ examples: [{ overlapSeconds: 86_400 }] })

const DeliveryState = z
  .enum(['waiting', 'delivered', 'failed', 'skipped'])
  .describe('`failed`: given up after about three days. `skipped`: the endpoint was disabled.')

export const DeliveryQuery = PageQuery.extend({ state: DeliveryState.optional() })
export const DeliveryParams = z.strictObject({ id: Id, deliveryId: Id })
export const WebhookParams = z.strictObject({ id: Id })
export const WebhookQuery = OrganisationQuery

const delivery = {
  id: Id,
  eventId: Id.describe('The `webhook-id` of every attempt.'),
  type: z.enum([...WEBHOOK_EVENT_NAMES, TEST_EVENT_TYPE]),
  state: DeliveryState,
  attempts: z.int().describe('Since it was made, or replayed.'),
  nextAttemptAt: Time.nullable().describe('Null: at once, or never more.'),
  occurredAt: Time,
  createdAt: Time,
  finishedAt: Time.nullable(),
}

export const WebhookDelivery = z.strictObject(delivery).meta({ id: 'WebhookDelivery' })

export const WebhookDeliveryDetail = z
  .strictObject({
    ...delivery,
    payload: z.record(z.string(), z.unknown()).describe('What is sent: the same at every attempt.'),
    log: z
      .array(
        z.strictObject({
          at: Time,
          latencyMs: z.int(),
          status: z.int().nullable().describe('Null where no answer came: see `error`.'),
          error: z
            .string()
            .nullable()
            .describe('`timeout`, `redirect`, `connection`, `address` (not a public one), `unresolvable` …'),
          answer: z.string().nullable().describe('The first 1,000 bytes.'),
        }),
      )
      .describe('Newest first, the last 100.'),
  })
  .meta({
    id: 'WebhookDeliveryDetail',
    examples: [
      {
        id: '0195f3a1-2b3c-4d5e-8f60-718293a4b5c6',
        eventId: '0f8b1c4e-9a53-4e0f-b1de-3f6d7c9b2a10',
        type: 'award.issued',
        state: 'waiting',
        attempts: 1,
        nextAttemptAt: '2026-11-26T09:00:05Z',
        occurredAt: '2026-11-26T08:59:59Z',
        createdAt: '2026-11-26T08:59:59Z',
        finishedAt: null,
        payload: {
          type: 'award.issued',
          timestamp: '2026-11-26T08:59:59Z',
          version: '1',
          data: {
            awardId: '0195f3a1-0000-7000-8000-000000000001',
            state: 'issued',
            origin: 'rule',
            issuerId: '0195f3a1-0000-7000-8000-000000000002',
            achievementId: '0195f3a1-0000-7000-8000-000000000003',
            achievementVersionId: '0195f3a1-0000-7000-8000-000000000004',
            ruleId: '0195f3a1-0000-7000-8000-000000000005',
            credentialId: '0195f3a1-0000-7000-8000-000000000006',
          },
        },
        log: [
          {
            at: '2026-11-26T09:00:00Z',
            latencyMs: 41,
            status: 503,
            error: null,
            answer: 'Down for maintenance',
          },
        ],
      },
    ],
  })

export const ReplaySince = z
  .strictObject({ since: Time.describe('What was made since then, and failed or was skipped.') })
  .meta({ examples: [{ since: '2026-11-25T00:00:00Z' }] })
export const Replayed = z.strictObject({ replayed: z.int() })
