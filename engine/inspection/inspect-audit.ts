import {
  type AuditHead,
  auditDetailDigest,
  auditHeadDigest,
  type ChainedEntry,
  linkEntry,
} from '#engine/audit/audit-chain.ts'
import { equalBytes } from '#engine/shared/bytes.ts'
import type { Hash } from '#engine/shared/hash.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { type Finding, finding } from './finding.ts'

/** An entry with the place that it was given, and its words where they were not erased. */
export interface InspectedLink {
  readonly entry: ChainedEntry
  readonly head: AuditHead
  readonly detail?: { readonly salt: Uint8Array; readonly words: JsonObject }
}

export interface InspectedHead extends AuditHead {
  /** Digest of the leaf that it became. */
  readonly leafDigest?: Uint8Array
}

/**
 * Follows the links from an end of the chain on. `end` is where the next links go on: after a break it is what is stored,
 * so that one break is one finding.
 */
export function inspectLinks(
  from: AuditHead,
  links: readonly InspectedLink[],
  heads: ReadonlyMap<number, InspectedHead>,
  sha256: Hash,
): { readonly findings: Finding[]; readonly end: AuditHead } {
  const findings: Finding[] = []
  let end = from
  for (const { entry, head, detail } of links) {
    const reckoned = linkEntry(end, entry, sha256)
    if (reckoned.sequence !== head.sequence || !equalBytes(reckoned.hash, head.hash))
      findings.push(finding('audit-link-broken', entry.id, `sequence ${head.sequence}`))
    if (detail !== undefined && !isDigestOf(entry, detail, sha256))
      findings.push(finding('audit-detail-altered', entry.id))
    const anchored = heads.get(head.sequence)
    if (anchored !== undefined && !isHead(anchored, head, sha256))
      findings.push(finding('audit-head-wrong', entry.id, `sequence ${head.sequence}`))
    end = head
  }
  return { findings, end }
}

function isDigestOf(
  { detailDigest }: ChainedEntry,
  { salt, words }: NonNullable<InspectedLink['detail']>,
  sha256: Hash,
): boolean {
  return detailDigest !== undefined && equalBytes(auditDetailDigest(salt, words, sha256), detailDigest)
}

const isHead = (anchored: InspectedHead, head: AuditHead, sha256: Hash): boolean =>
  equalBytes(anchored.hash, head.hash) &&
  anchored.leafDigest !== undefined &&
  equalBytes(anchored.leafDigest, auditHeadDigest(head, sha256))
