import * as z from 'zod'
import { AwardState, Why } from './awards.ts'
import { Id, Time } from './common.ts'

export const RadiusCause = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('event'), id: Id }),
    z.strictObject({ kind: z.literal('source'), id: Id }),
    z.strictObject({ kind: z.literal('rule_version'), id: Id }),
    z.strictObject({
      kind: z.literal('assessor'),
      id: z
        .string()
        .regex(/^(?:account:|key:)[0-9a-f-]{36}$|^operator$/)
        .describe('`account:ID`, `key:ID` or `operator`, as `approval.said[].by` of an award names them.'),
    }),
    z.strictObject({ kind: z.literal('key'), id: Id }),
  ])
  .meta({ examples: [{ kind: 'event', id: '0198c1a0-0000-7000-8000-000000000001' }] })

const Verdict = z
  .enum(['stands', 'falls', 'unknown'])
  .describe(
    'Of an event or a source: whether the award would still be met without it. `unknown` of other causes, of awards by hand, and where the rule does not lead to it today.',
  )
const RestingAward = z.strictObject({
  awardId: Id,
  achievementId: Id,
  subjectId: Id,
  state: AwardState,
  revision: z.int(),
  grantedAt: Time,
  ruleVersionId: Id.nullable(),
  decisionId: Id.nullable(),
  events: z.array(Id).describe('What its decision names as evidence of what was asked about.'),
  verdict: Verdict,
})
export const BlastRadius = z
  .strictObject({
    total: z.int(),
    byState: z.record(z.string(), z.int()),
    items: z.array(RestingAward),
    next: z.string().nullable().describe('Cursor of the next page.'),
  })
  .meta({ id: 'BlastRadius' })

const RepairAction = z.enum(['revoke', 'reissue', 'leave'])
export const NewRepair = Why.extend({
  about: RadiusCause,
  perVerdict: z
    .strictObject({
      stands: RepairAction.default('leave'),
      falls: RepairAction.default('leave'),
      unknown: RepairAction.default('leave'),
    })
    .optional(),
  awards: z
    .array(z.strictObject({ awardId: Id, action: RepairAction }))
    .max(1000)
    .optional()
    .describe('Of single awards otherwise.'),
}).meta({
  examples: [
    {
      about: { kind: 'source', id: '0198c1a0-0000-7000-8000-000000000001' },
      perVerdict: { falls: 'revoke' },
      reason: 'The results of that exam were not real.',
    },
  ],
})
