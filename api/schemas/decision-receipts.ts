import * as z from 'zod'
import { Receipt } from './credentials.ts'

const AnchoredText = z.strictObject({
  document: z.string().describe('The text whose SHA-256 is anchored.'),
  receipt: Receipt,
})
export const DecisionReceipt = z
  .strictObject({
    format: z.literal('waarmerk-decision-receipt/1'),
    issuer: z.string().describe('DID of who anchored.'),
    decision: AnchoredText,
    rule: AnchoredText,
  })
  .meta({ id: 'DecisionReceipt', description: 'All that a replay needs but the events (docs/replay.md).' })
