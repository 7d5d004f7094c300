import * as z from 'zod'
import { Why } from './awards.ts'
import { Hex32, Id, PageQuery, Time } from './common.ts'

const AwardFilter = z
  .strictObject({
    achievementId: Id.optional(),
    achievementVersionId: Id.optional(),
    issuerId: Id.optional(),
    ruleId: Id.optional(),
    ruleVersionId: Id.optional(),
    grantedFrom: Time.optional(),
    grantedBefore: Time.optional(),
  })
  .refine((filter) => Object.keys(filter).length > 0, 'At least one condition')
  .describe('Awards that meet every condition.')

export const NewRevocation = Why.extend({
  awardIds: z.array(Id).min(1).max(10_000).optional(),
  filter: AwardFilter.optional(),
})
  .refine(
    ({ awardIds, filter }) => (awardIds === undefined) !== (filter === undefined),
    'Send either awardIds or filter',
  )
  .meta({
    examples: [
      {
        filter: {
          achievementId: '0198c1a0-0000-7000-8000-000000000001',
          grantedFrom: '2026-11-01T00:00:00Z',
          grantedBefore: '2026-12-01T00:00:00Z',
        },
        reason: 'The exam of November was held with questions that had leaked.',
        note: 'Board decision 2026-31.',
      },
    ],
  })

export const ChangeAction = z.enum(['revoke', 'reissue'])
export const AwardChangeItem = z
  .strictObject({
    awardId: Id,
    subjectId: Id,
    action: ChangeAction,
    revision: z.int().describe('Of the award when it was seen.'),
    outcome: z.enum(['done', 'left']).nullable().describe('`left`: it had changed since it was seen.'),
  })
  .meta({ id: 'AwardChangeItem' })

export const AwardChangeState = z.enum(['prepared', 'confirmed', 'withdrawn', 'expired'])
export const AwardChange = z
  .strictObject({
    id: Id,
    kind: z.enum(['revocation', 'repair']),
    state: AwardChangeState,
    selection: z.record(z.string(), z.unknown()).describe('By what the awards were chosen.'),
    reason: z.string(),
    note: z.string().nullable(),
    digest: Hex32.describe('Names exactly what was seen: give it back to confirm.'),
    count: z.int(),
    actions: z.strictObject({ revoke: z.int(), reissue: z.int() }),
    outcome: z.strictObject({
      done: z.int(),
      left: z.int().describe('They had changed since they were seen.'),
      open: z.int(),
    }),
    needsSecondPerson: z.boolean().describe('Whoever prepared it does not confirm it.'),
    preparedBy: z.string(),
    createdAt: Time,
    expiresAt: Time,
    decidedBy: z.string().nullable(),
    decidedAt: Time.nullable(),
    jobId: Id.nullable(),
  })
  .meta({ id: 'AwardChange' })

export const AwardChangeQuery = PageQuery.extend({
  state: z.enum(['prepared', 'confirmed', 'withdrawn']).optional(),
})
export const ChangeConfirmation = z
  .strictObject({ digest: Hex32 })
  .meta({ examples: [{ digest: `0x${'ab'.repeat(32)}` }] })
