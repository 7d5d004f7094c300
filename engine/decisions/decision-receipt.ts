import { parseReceipt, type Receipt } from '#engine/anchoring/receipt.ts'
import { isJsonObject, type Json } from '#engine/shared/json.ts'

export const DECISION_RECEIPT_FORMAT = 'waarmerk-decision-receipt/1'

/** A document, as the text that is digested, with the receipt of its leaf. */
export interface AnchoredText {
  readonly document: string
  readonly receipt: Receipt
}

/**
 * All that a replay of a decision needs beside the events: docs/replay.md,
 * docs/schemas/decision-receipt.schema.json. Like every receipt it holds salts, and is for whoever may read the decision.
 */
export interface DecisionReceipt {
  readonly format: typeof DECISION_RECEIPT_FORMAT
  /** The DID of who anchored, so that it can be looked up. The chain says whether it is so, and not this text. */
  readonly issuer: string
  readonly decision: AnchoredText
  readonly rule: AnchoredText
}

export type DecisionReceiptReading =
  | { readonly ok: true; readonly receipt: DecisionReceipt }
  /** `member` is a JSON pointer. */
  | { readonly ok: false; readonly member: string }

/** Reads a decision receipt strictly: every member there, none besides. */
export function parseDecisionReceipt(value: Json | undefined): DecisionReceiptReading {
  if (!isJsonObject(value)) return { ok: false, member: '' }
  if (value['format'] !== DECISION_RECEIPT_FORMAT) return { ok: false, member: '/format' }
  const surplus = Object.keys(value).find((name) => !['format', 'issuer', 'decision', 'rule'].includes(name))
  if (surplus !== undefined) return { ok: false, member: `/${surplus}` }
  const { issuer } = value
  if (typeof issuer !== 'string') return { ok: false, member: '/issuer' }
  const decision = readAnchored(value['decision'], '/decision')
  if (typeof decision === 'string') return { ok: false, member: decision }
  const rule = readAnchored(value['rule'], '/rule')
  if (typeof rule === 'string') return { ok: false, member: rule }
  return { ok: true, receipt: { format: DECISION_RECEIPT_FORMAT, issuer, decision, rule } }
}

/** Gives where it is at fault instead. */
function readAnchored(value: Json | undefined, path: string): AnchoredText | string {
  if (!isJsonObject(value)) return path
  const surplus = Object.keys(value).find((name) => name !== 'document' && name !== 'receipt')
  if (surplus !== undefined) return `${path}/${surplus}`
  const { document } = value
  if (typeof document !== 'string') return `${path}/document`
  const reading = parseReceipt(value['receipt'])
  return reading.ok ? { document, receipt: reading.receipt } : `${path}/receipt/${reading.fault.member}`
}
