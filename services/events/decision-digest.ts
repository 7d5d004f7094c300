import { utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { Hash } from '#engine/shared/hash.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import type { Decision } from '#services/ports/evaluation-store.ts'

/**
 * What is anchored of a decision: SHA-256 of the JCS of what was decided, by which rule version, with its trace.
 * The leaf's salt hides it; it names people and events by row id only.
 */
export function decisionDigest(decision: Decision, sha256: Hash): Uint8Array {
  return sha256(
    utf8(
      canonicalJson({
        schema: 'waarmerk-decision/1',
        id: decision.id,
        rule: decision.ruleId,
        ruleVersion: decision.ruleVersionId,
        achievement: decision.achievementId,
        subject: decision.subjectId,
        occurrence: decision.occurrence,
        outcome: decision.outcome,
        metAt: formatInstant(decision.metAt),
        trace: decision.trace as unknown as Json,
      }),
    ),
  )
}
