import * as z from 'zod'
import { Id, PageQuery, Time, text } from './common.ts'

export const Trace = z.record(z.string(), z.unknown()).meta({
  id: 'Trace',
  description: 'What was expected, what was found, which events, what is missing: a tree.',
})

export const EventMention = z
  .strictObject({ type: z.string(), time: Time, activity: z.string().nullable(), source: z.string() })
  .meta({ id: 'EventMention' })
const EventMentions = z
  .record(Id, EventMention)
  .describe('The events that the trace names, by id. One that was erased is missing.')

export const DecisionOutcome = z.enum(['award', 'blocked', 'needs_review', 'would_award', 'retracted'])
const Words = z
  .strictObject({ en: z.array(z.string()), nl: z.array(z.string()) })
  .describe('The trace in words: a line a part, indented by two spaces a level; then which events.')
export const DecisionQuery = PageQuery.extend({
  ruleId: Id.optional(),
  subjectId: Id.optional(),
  outcome: DecisionOutcome.optional(),
})
export const Decision = z
  .strictObject({
    id: Id,
    decidedAt: Time,
    ruleId: Id,
    ruleVersionId: Id,
    achievementId: Id,
    subjectId: Id,
    occurrence: z.string(),
    outcome: DecisionOutcome,
    metAt: Time.describe('When, in event time, the criteria were met.'),
    awardId: Id.nullable(),
    reason: z
      .enum(['cap', 'cap-per-person', 'cooldown', 'one-per-person'])
      .nullable()
      .describe('Of `blocked`: which limit of the rule forbade the award.'),
    results: z
      .array(
        z.strictObject({
          resultDescription: z.string(),
          value: z.union([z.string(), z.number(), z.boolean()]),
        }),
      )
      .describe('What the credential says about results, as the rule maps them.'),
    evidence: z.array(Id).describe('Events that the credential tells of.'),
    trace: Trace,
    words: Words,
    events: EventMentions,
  })
  .meta({ id: 'Decision' })

/** By its id, or by its slug in the organisation. */
export const AchievementName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?$/)
  .describe('Id or slug of the achievement.')
const RuleProgress = z.strictObject({ ruleId: Id, name: z.string(), trace: Trace, words: Words })
export const OwnProgress = z
  .strictObject({
    subjectId: Id,
    achievementId: Id,
    held: z.boolean(),
    rules: z
      .array(RuleProgress)
      .describe('Those in force. A paused rule decides nothing, and neither does a shadow.'),
  })
  .meta({ id: 'OwnProgress' })
export const Progress = OwnProgress.extend({ events: EventMentions }).meta({ id: 'Progress' })

export const SubjectQuery = z.strictObject({
  organisation: Id.optional(),
  identifier: z
    .string()
    .min(3)
    .max(2100)
    .describe('`email:ADDRESS`, `eppn:…`, `did:…`, `id:SOURCE#NUMBER`, …'),
})
export const Subject = z
  .strictObject({ id: Id, identifiers: z.array(z.strictObject({ type: z.string(), value: z.string() })) })
  .meta({ id: 'Subject' })

export const AwardState = z.enum([
  'granted',
  'awaiting_approval',
  'due',
  'awaiting_endorsement',
  'issued',
  'revoked',
  'expired',
  'superseded',
  'refused',
])
export const AwardQuery = PageQuery.extend({
  state: AwardState.optional(),
  subjectId: Id.optional(),
  achievementId: Id.optional(),
})
const AwardApproval = z.strictObject({
  by: z.string().describe('`account:ID`, `operator`, or `key:ID` of a key that no account made.'),
  decision: z.enum(['approved', 'refused']),
  reason: z.string().nullable(),
  hadAHand: z.boolean().describe('Had a hand in what led to the award.'),
  at: Time,
})
const ApprovalGate = z
  .strictObject({
    quorum: z.int(),
    have: z.int().describe('Different people who said yes.'),
    fourEyes: z.boolean(),
    needsOtherEyes: z.boolean().describe('All who said yes had a hand in it: somebody else must agree.'),
    said: z.array(AwardApproval),
  })
  .describe('Of an award that waits, or waited, for people.')
const AwardEndorsementGate = z
  .strictObject({
    quorum: z.int(),
    have: z.int().describe('Different endorsers who signed.'),
    of: z.array(z.strictObject({ did: z.string(), endorsementId: Id.nullable(), state: z.string() })),
  })
  .describe('Of an award that waits, or waited, for endorsers.')

export const AnchorState = z.enum(['waiting', 'sealed', 'signed', 'sent', 'mined', 'final'])
export const Award = z
  .strictObject({
    id: Id,
    achievementId: Id,
    achievementVersionId: Id,
    achievementName: z.string(),
    subjectId: Id,
    state: AwardState,
    origin: z.enum(['rule', 'direct']),
    ruleId: Id.nullable(),
    decisionId: Id.nullable(),
    occurrence: z
      .string()
      .nullable()
      .describe(
        'The occasion of an award by a rule: `once`, `renewal:1`, `period:2026-W48@Europe/Amsterdam`, `ctx:HASH` or `event:HASH`.',
      ),
    awardedAt: Time,
    grantedAt: Time,
    issuedAt: Time.nullable(),
    endedAt: Time.nullable(),
    reason: z.string().nullable(),
    validUntil: Time.nullable().describe('When the badge is over by itself.'),
    approval: ApprovalGate.nullable(),
    endorsement: AwardEndorsementGate.nullable(),
    results: z.array(z.strictObject({ resultDescription: z.string(), value: z.string() })),
    evidence: z.array(
      z.strictObject({ type: z.string(), on: z.iso.date(), activity: z.string().nullable() }),
    ),
    credentialId: Id.nullable(),
    claim: z.enum(['open', 'claimed', 'rejected', 'expired']).nullable(),
    anchor: AnchorState.nullable().describe(
      'Derived from the leaf and its batch; never a state of the award.',
    ),
  })
  .meta({ id: 'Award' })
export const Reason = z.strictObject({ reason: text(1000) })
