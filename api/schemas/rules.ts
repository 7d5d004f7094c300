import * as z from 'zod'
import { Id, Time, title } from './common.ts'

/** The document itself is checked by the rules engine: its faults have codes and places of their own. */
export const RuleDocument = z
  .record(z.string(), z.unknown())
  .meta({ id: 'RuleDocument', description: 'A rule document (`waarmerk-rule/1`), see docs/rules.md.' })

export const RuleFault = z
  .strictObject({
    code: z.string(),
    path: z.string().describe('JSON pointer into the document.'),
    message: z.string(),
  })
  .meta({ id: 'RuleFault' })
export const RuleCheck = z
  .strictObject({ faults: z.array(RuleFault), warnings: z.array(RuleFault) })
  .meta({ id: 'RuleCheck' })

export const NewRule = z.strictObject({ name: title(200), document: RuleDocument })
export const NewRuleVersion = z.strictObject({ document: RuleDocument })
export const RuleVersion = z
  .strictObject({
    id: Id,
    version: z.int(),
    state: z.enum(['draft', 'shadow', 'active', 'paused', 'retired']),
    document: RuleDocument,
    digest: z.string().nullable().describe('SHA-256 of the resolved document, from activation on.'),
    activatedAt: Time.nullable(),
    warnings: z.array(RuleFault).optional(),
  })
  .meta({ id: 'RuleVersion' })
export const Rule = z
  .strictObject({
    id: Id,
    name: z.string(),
    achievementId: Id,
    createdAt: Time,
    versions: z.array(RuleVersion),
    backfillJobId: Id.nullable().describe('The job that this call has started, for events from before.'),
  })
  .meta({ id: 'Rule' })
