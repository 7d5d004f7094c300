import * as z from 'zod'
import { Id, OrganisationQuery, Time, text } from './common.ts'
import { RuleDocument } from './rules.ts'

const VersionNumber = z.int().min(1).max(100_000)
const VersionInQuery = z.coerce.number().int().min(1).max(100_000)

export const DryRunRequest = z
  .strictObject({
    document: RuleDocument.optional(),
    ruleId: Id.optional().describe('With `version`: that version. With `document`: as its next version.'),
    version: VersionNumber.optional(),
    from: Time.optional().describe('Only events from then on.'),
    to: Time.optional().describe('Only events up to then; default: now.'),
  })
  .refine(
    ({ document, ruleId, version }) =>
      document === undefined ? ruleId !== undefined && version !== undefined : version === undefined,
    'Either a document, or a ruleId and a version.',
  )
  .meta({ id: 'DryRunRequest' })

export const ActivationRequest = z
  .strictObject({ backfill: z.boolean().default(true).describe('Whether events from before count too.') })
  .optional()
export const ShadowRequest = z
  .strictObject({
    backfill: z.boolean().default(false).describe('Whether to begin with what happened before.'),
  })
  .optional()
export const RollbackRequest = z.strictObject({
  version: VersionNumber.describe('The version whose document comes back.'),
  backfill: z.boolean().default(true),
})

export const ShadowReport = z
  .strictObject({
    version: z.int(),
    since: Time,
    both: z.int().describe('People for whom both decided.'),
    onlyShadow: z.int(),
    onlyActive: z.int().describe('Since the shadow began.'),
    sample: z.strictObject({ onlyShadow: z.array(Id), onlyActive: z.array(Id) }),
    items: z.array(z.strictObject({ decisionId: Id, subjectId: Id, decidedAt: Time, metAt: Time })),
    next: z.string().nullable().describe('Cursor of the next page.'),
  })
  .meta({ id: 'ShadowReport' })

export const CompareQuery = OrganisationQuery.extend({ from: VersionInQuery, to: VersionInQuery })
export const RuleComparison = z
  .strictObject({
    from: z.int(),
    to: z.int(),
    differences: z.array(
      z.strictObject({
        path: z.string().describe('JSON pointer.'),
        before: z.unknown().optional().describe('Missing where it was added.'),
        after: z.unknown().optional().describe('Missing where it was removed.'),
      }),
    ),
    leaves: z.array(
      z.strictObject({
        change: z.enum(['same', 'changed', 'added', 'removed']),
        id: z.string().nullable(),
        path: z.string(),
        keepsProgress: z.boolean(),
      }),
    ),
    words: z.strictObject({ en: z.array(z.string()), nl: z.array(z.string()) }),
  })
  .meta({ id: 'RuleComparison' })

export const HealthQuery = OrganisationQuery.extend({
  days: z.coerce.number().int().min(1).max(366).default(30).describe('Over the last so many days, UTC.'),
})
const LatencyMs = z
  .strictObject({ p50: z.int().nullable(), p95: z.int().nullable() })
  .describe('Milliseconds from receipt to decision: the upper end of a bucket.')
export const RuleHealth = z
  .strictObject({
    ruleId: Id,
    name: z.string(),
    versionId: Id,
    version: z.int(),
    state: z.enum(['active', 'paused', 'shadow']),
    seen: z.int().describe('Events that came since the day on which the version began.'),
    matched: z.int(),
    nearMisses: z
      .int()
      .describe('Events that failed on one condition only; those of another type are not looked at.'),
    awarded: z.int(),
    needsReview: z.int(),
    blocked: z.int(),
    retracted: z.int(),
    wouldAward: z.int(),
    errors: z.int(),
    leftOut: z
      .int()
      .describe(
        'Entries of events where the rule looks for people and that lead to nobody; `GET /v1/events/{id}` says why.',
      ),
    latency: LatencyMs,
    lastMatchAt: Time.nullable(),
    lastAwardAt: Time.nullable(),
    alarm: z.enum(['dead']).nullable().describe('`dead`: no event matches it any more.'),
    deadSince: Time.nullable(),
    backfillJobId: Id.nullable(),
  })
  .meta({ id: 'RuleHealth' })
export const RuleHealthReport = z
  .strictObject({
    days: z.int(),
    organisation: z.strictObject({
      seen: z.int(),
      errors: z.int(),
      parked: z.int().describe('Events that wait for a person: `GET /v1/events?parked=true`.'),
      latency: LatencyMs,
    }),
    items: z.array(RuleHealth),
  })
  .meta({ id: 'RuleHealthReport' })

export const OrganisationSettings = z
  .strictObject({
    secondPerson: z.strictObject({
      activateRule: z.boolean().describe('Whoever wrote a rule version does not activate it.'),
      publishAchievement: z
        .boolean()
        .describe('An achievement version is published after somebody else than its authors approved it.'),
      changeKey: z.boolean().describe('Whoever asks for a new issuing key does not make it.'),
      bulkRevoke: z.boolean().describe('Whoever prepares to revoke many awards does not confirm it.'),
    }),
    expertReviews: z
      .strictObject({
        all: z.int(),
        microCredential: z.int().describe('Of a micro-credential, where it is more.'),
      })
      .describe('How many experts from outside must agree with a version before it is published.'),
    deadRuleDays: z
      .int()
      .describe('For how many days no event may match an active rule before a mail is sent.'),
    expiryReminderDays: z
      .array(z.int())
      .describe('How many days before a badge is over its earner gets a mail.'),
    eventRetention: z
      .string()
      .nullable()
      .describe(
        'Events older than this may be removed, and no rule may look further back; null: they are kept for ever.',
      ),
    revision: z.int().describe('What If-Match names: `"v1"` for 1.'),
  })
  .meta({ id: 'OrganisationSettings' })
export const SettingsChange = z.strictObject({
  secondPerson: z
    .strictObject({
      activateRule: z.boolean().optional(),
      publishAchievement: z.boolean().optional(),
      changeKey: z.boolean().optional(),
      bulkRevoke: z.boolean().optional(),
    })
    .optional(),
  expertReviews: z
    .strictObject({
      all: z.int().min(0).max(20).optional(),
      microCredential: z.int().min(0).max(20).optional(),
    })
    .optional(),
  deadRuleDays: z.int().min(1).max(3650).optional(),
  expiryReminderDays: z
    .array(z.int().min(1).max(3650))
    .max(5)
    .optional()
    .describe('How many days before a badge is over its earner gets a mail; none: never.'),
  eventRetention: text(40)
    .nullable()
    .optional()
    .describe('An ISO 8601 duration of fixed length, such as P2Y or P400D, at least a day; null: for ever.'),
})

export const RetryRequest = z
  .strictObject({
    code: text(100).optional().describe('Only those that failed with this code.'),
    type: text(500).optional().describe('Only events of this type.'),
  })
  .optional()
export const RetryReport = z.strictObject({ retried: z.int() }).meta({ id: 'RetryReport' })
