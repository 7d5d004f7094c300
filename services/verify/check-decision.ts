import { LEAF_KINDS } from '#engine/anchoring/leaf.ts'
import type { DidDocument } from '#engine/credentials/did-document.ts'
import { parseDecisionDocument } from '#engine/decisions/decision-document.ts'
import type { DecisionReceipt } from '#engine/decisions/decision-receipt.ts'
import { replayDecision } from '#engine/decisions/replay-decision.ts'
import { type ReplayReport, reportReplay } from '#engine/decisions/replay-report.ts'
import type { GivenEvent } from '#engine/events/given-events.ts'
import { parseResolvedRule } from '#engine/rules/document/parse-rule.ts'
import type { ResolvedRule } from '#engine/rules/document/rule-document.ts'
import { toHex, utf8 } from '#engine/shared/bytes.ts'
import type { Hash } from '#engine/shared/hash.ts'
import type { Json } from '#engine/shared/json.ts'
import { parseStrictJson } from '#engine/shared/strict-json.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { AnchorReader } from '#services/ports/verification-sources.ts'
import { checkAnchor } from './check-anchor.ts'

export interface CheckDecisionNeeds {
  readonly sha256: Hash
  readonly keccak256: Hash
  readonly anchors: AnchorReader
  readonly findDid: (did: string) => Promise<DidDocument | 'not_found' | 'unavailable'>
  readonly clock: Clock
}

/** Follows a decision and its rule version to the chain, and judges the events again. Names nothing of Node. */
export async function checkDecision(
  { issuer: did, decision, rule }: DecisionReceipt,
  events: readonly GivenEvent[],
  { sha256, keccak256, anchors, findDid, clock }: CheckDecisionNeeds,
): Promise<ReplayReport> {
  // 1. Follow both receipts.
  const issuer = did === '' ? 'unavailable' : await findDid(did)
  const ruleDigest = sha256(utf8(rule.document))
  const follow = (receipt: unknown, digest: Uint8Array, kind: 4 | 5) =>
    checkAnchor(receipt as Json, { digest, kind, issuer }, { anchors, keccak256 })
  const decisionAnchor = await follow(decision.receipt, sha256(utf8(decision.document)), LEAF_KINDS.decision)
  const ruleAnchor = await follow(rule.receipt, ruleDigest, LEAF_KINDS['rule-version'])

  // 2. Read what they hold.
  const reading = parseDecisionDocument(decision.document)
  const facts = { checkedAt: clock.now(), issuer: did, decisionAnchor, ruleAnchor }
  if (!reading.ok)
    return reportReplay({ ...facts, decision: { unreadable: reading.member }, isNamedRule: false })
  const isNamedRule = reading.decision.ruleDigest === toHex(ruleDigest)

  // 3. Judge again.
  const read = readRule(rule.document)
  if ('reason' in read)
    return reportReplay({
      ...facts,
      decision: reading.decision,
      isNamedRule,
      replay: { kind: 'rule-unreadable', reason: read.reason },
    })
  const replay = replayDecision({ decision: reading.decision, rule: read, events }, sha256)
  const { slug } = read.achievement
  return reportReplay({ ...facts, decision: reading.decision, isNamedRule, slug, replay })
}

const RULE_LIMITS = { maxBytes: 1_000_000, maxDepth: 64, maxNodes: 100_000, maxKeys: 100_000 }

function readRule(text: string): ResolvedRule | { readonly reason: string } {
  const json = parseStrictJson(utf8(text), RULE_LIMITS)
  if (!json.ok) return { reason: `${json.detail} (${json.code}).` }
  const parsed = parseResolvedRule(json.value)
  if (parsed.ok) return parsed.document
  const [fault] = parsed.faults
  return { reason: `${fault?.message ?? 'unknown fault'} (${fault?.code ?? ''}).` }
}
