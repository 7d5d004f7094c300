import * as z from 'zod'
import { AWARD_STATES } from '#engine/awards/award-life.ts'
import { Hex32, Id, LanguageTag, PageQuery, Time, text, webAddress } from './common.ts'
import { mailTroubleOf } from './mail-trouble.ts'
import { SubjectParticulars, SubjectParticularsShown } from './subject-particulars.ts'

export const Trace = z.record(z.string(), z.unknown()).meta({
  id: 'Trace',
  description: [
    'What was expected, what was found, which events, what is missing: a tree.',
    'Parts have `kind`, `status`, `have`, `need`; leaves `missing`, `evidence`, and where they apply `joined`,',
    '`expiresAt`, `settlesAt`, `nearMiss`.',
    'In progress also `missingEvents` (so many more before an average or a share says anything) and `tooLate`',
    '(met after the deadline or period); and on `not`: `against` { `since`, `eventId`, `until`, `forGood` }, and `until`:',
    'up to when it can still be broken.',
  ].join(' '),
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
const BlockReason = z.enum(['cap', 'cap-per-person', 'cooldown', 'one-per-person'])
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
    reason: BlockReason.nullable().describe('Of `blocked`: which limit of the rule forbade the award.'),
    blockedUntil: Time.nullable().describe(
      'Of `cooldown`: from when on the rule can be met again, by the awards that stand now.',
    ),
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
const ProgressPart = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('once') }),
    z.strictObject({
      kind: z.literal('renewal'),
      since: Time.describe('Of the badge that is renewed.'),
      until: Time.describe('When that badge is over.'),
      from: Time.describe('What happens from then on counts.'),
    }),
    z.strictObject({
      kind: z.literal('period'),
      unit: z.enum(['day', 'week', 'month', 'quarter', 'year']),
      zone: z.string(),
      name: z.string().describe('`2026-W48`, `2026-11`, `2026-Q4`, …'),
      title: z
        .strictObject({ en: z.string(), nl: z.string() })
        .describe('The same as people say it: `week 48 of 2026`.'),
      from: Time,
      until: Time.describe('The first moment after it.'),
    }),
    z.strictObject({
      kind: z.literal('context'),
      value: z.unknown().describe('What the contexts are told apart by; null where no event tells it.'),
    }),
    z.strictObject({
      kind: z.literal('completion'),
      isNext: z
        .boolean()
        .describe('The way to the next award; false: the last time that it was reached, without one.'),
      given: z.int().describe('How many awards stand.'),
    }),
  ])
  .describe('Which occasion this is: a rule may award once, once a period, once a context, or without limit.')
const RuleProgress = z.strictObject({
  ruleId: Id,
  name: z.string(),
  occurrence: z
    .string()
    .nullable()
    .describe('The name of the occasion, as in decisions; null where only what completes it gives it one.'),
  part: ProgressPart,
  state: z
    .enum([
      ...(['open', 'met', 'settling', 'closed', 'lost'] as const),
      ...(['awarded', 'in_review', 'suggested', 'blocked'] as const),
    ])
    .describe(
      [
        'What was decided stands, whatever the trace says now: `awarded`, `in_review`, `suggested`, `blocked`. Else `met`',
        '(to be decided in a moment), `settling` (met, unless something that speaks against it still comes), `open`;',
        '`closed`: the deadline or the period is over, and only what is told late, or is joined to what happened before, can change it; `lost`: something',
        'speaks against it for good.',
      ].join(' '),
    ),
  decided: z
    .strictObject({ outcome: DecisionOutcome, metAt: Time.nullable() })
    .nullable()
    .describe(
      'The last decision on this occasion, and when in event time the criteria were met; of `retracted`, when it was decided.',
    ),
  award: z
    .strictObject({ id: Id, state: z.string(), awardedAt: Time, endedAt: Time.nullable() })
    .nullable()
    .describe('What it led to; of a renewal without an award of its own, the award that it renews.'),
  closes: z
    .strictObject({ at: Time.describe('The last moment that counts.'), by: z.enum(['deadline', 'period']) })
    .nullable()
    .describe('When it cannot be met any more.'),
  limit: z
    .strictObject({ reason: BlockReason, until: Time.nullable() })
    .nullable()
    .describe(
      'Which limit forbade the award, or would forbid one that is met now; of `cooldown` until when. How much is left of a cap is certain only when an award is decided.',
    ),
  zone: z.string().describe('In which zone the words tell dates: that of the rule, or UTC.'),
  trace: Trace,
  words: Words,
})
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

export const AwardState = z.enum(AWARD_STATES)
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
  mandate: z
    .strictObject({ id: Id, criteria: z.array(z.string()).describe('Those it covered then; none: all.') })
    .nullable()
    .describe('By which mandate an assessor said it.'),
  at: Time,
})
const ApprovalGate = z
  .strictObject({
    quorum: z.int(),
    have: z.int().describe('Different people who said yes.'),
    fourEyes: z.boolean(),
    needsOtherEyes: z.boolean().describe('All who said yes had a hand in it: somebody else must agree.'),
    unassessed: z
      .array(z.string())
      .describe(
        'Ids of the criteria that nobody who said yes has a mandate for: an assessor of them must agree too.',
      ),
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
const NarratedEvidence = z
  .strictObject({
    id: webAddress(2000).optional().describe('Where it can be looked at.'),
    name: text(200).optional(),
    description: text(2000).optional(),
    narrative: text(10_000).optional(),
    genre: text(200).optional(),
    audience: text(200).optional().describe('For whom it is meant.'),
  })
  .refine((evidence) => Object.keys(evidence).length > 0, 'At least one member')
const StatedResult = z.strictObject({ resultDescription: z.string().max(100), value: text(1000) })
export const AwardCorrectionShown = z.strictObject({
  narrative: z.string().nullable(),
  evidence: z
    .array(
      z.strictObject({
        id: z.string().optional(),
        name: z.string().optional(),
        description: z.string().optional(),
        narrative: z.string().optional(),
        genre: z.string().optional(),
        audience: z.string().optional(),
      }),
    )
    .nullable(),
  results: z.array(z.strictObject({ resultDescription: z.string(), value: z.string() })).nullable(),
  particulars: SubjectParticularsShown.nullable(),
  language: z.string().nullable(),
})
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
    revision: z.int().describe('For `If-Match`.'),
    suspendedAt: Time.nullable().describe('Since when it is suspended: still held, and not valid.'),
    edition: z.int().nullable().describe('The edition of its credential that counts.'),
    nextEdition: z.int().nullable().describe('One that is being signed.'),
    renews: Id.nullable().describe('The award whose place it takes.'),
    renewedBy: Id.nullable().describe('The award that takes its place, where somebody renewed it by hand.'),
    correction: AwardCorrectionShown.nullable().describe('What was corrected since it was granted.'),
    validUntil: Time.nullable().describe('When the badge is over by itself.'),
    approval: ApprovalGate.nullable(),
    endorsement: AwardEndorsementGate.nullable(),
    results: z.array(z.strictObject({ resultDescription: z.string(), value: z.string() })),
    evidence: z.array(
      z.strictObject({ type: z.string(), on: z.iso.date(), activity: z.string().nullable() }),
    ),
    narrative: z.string().nullable().describe('Why this person: of a direct award.'),
    givenEvidence: z
      .array(
        z.strictObject({
          url: z.string().optional(),
          name: z.string().optional(),
          description: z.string().optional(),
          narrative: z.string().optional(),
          genre: z.string().optional(),
          audience: z.string().optional(),
        }),
      )
      .describe('What the awarder of a direct award named.'),
    particulars: SubjectParticularsShown.nullable().describe('What the subject of the badge says besides.'),
    credentialId: Id.nullable(),
    claim: z.enum(['open', 'claimed', 'rejected', 'expired']).nullable(),
    mailTrouble: mailTroubleOf('it'),
    anchor: AnchorState.nullable().describe(
      'Derived from the leaf and its batch; never a state of the award.',
    ),
  })
  .meta({ id: 'Award' })
export const Reason = z.strictObject({ reason: text(1000) })
export const Why = Reason.extend({
  note: text(2000)
    .optional()
    .describe('For the organisation alone: kept in its audit trail, told to nobody.'),
}).meta({ examples: [{ reason: 'The exam was sat by somebody else.', note: 'See case 2026-118.' }] })

const AwardChanges = z
  .strictObject({
    narrative: text(10_000).optional().describe('Why this person: Markdown.'),
    evidence: z.array(NarratedEvidence).max(50).optional().describe('In place of all that it told before.'),
    results: z.array(StatedResult).max(100).optional().describe('In place of all that it told before.'),
    particulars: SubjectParticulars.optional().describe('In place of all that it told before.'),
    validUntil: Time.optional(),
    language: LanguageTag.optional().describe('One in which the achievement is described.'),
  })
  .describe('What is not named stays as it was.')
export const Correction = Why.extend({ changes: AwardChanges }).meta({
  examples: [
    {
      changes: { results: [{ resultDescription: 'exam', value: '8.5' }], validUntil: '2029-11-26T00:00:00Z' },
      reason: 'The mark was entered wrongly.',
    },
  ],
})
export const Reinstatement = Why.extend({ changes: AwardChanges.optional() }).meta({
  examples: [{ reason: 'The complaint was unfounded.' }],
})
export const Renewal = Why.extend({
  validUntil: Time.optional().describe('Default: as long as the achievement says, from today.'),
}).meta({ examples: [{ reason: 'Passed the refresher course.', validUntil: '2029-11-26T00:00:00Z' }] })
export const AwardEdition = z
  .strictObject({
    edition: z.int(),
    cause: z.enum(['issued', 'corrected', 'reinstated', 'reissued']),
    reason: z.string().nullable().describe('Why it was made, as the earner was told.'),
    state: z.enum(['prepared', 'signed']),
    validFrom: Time,
    signedAt: Time.nullable(),
    digest: Hex32.nullable().describe('SHA-256 of the signed document.'),
    keyId: Id.describe('The issuing key that signs it.'),
    statusIndex: z.int(),
    endedBy: z.enum(['revoked', 'suspended', 'superseded']).nullable().describe('Why its bit is set.'),
    endedAt: Time.nullable(),
    endReason: z.string().nullable().describe('As verifiers are told.'),
    isParked: z.boolean().describe('It could not be signed; the next step makes another one in its place.'),
  })
  .meta({ id: 'AwardEdition' })
