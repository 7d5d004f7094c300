import { BEFORE_THE_FIRST } from '#engine/audit/audit-chain.ts'
import { type Finding, finding } from '#engine/inspection/finding.ts'
import { inspectLinks } from '#engine/inspection/inspect-audit.ts'
import { equalBytes } from '#engine/shared/bytes.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import type { InspectionNeeds } from './inspection-needs.ts'

const LINKS_A_PAGE = 500

/** Every link of an organisation's audit trail, its end, and the ends that were anchored. Gives how many links there are. */
export async function inspectAuditTrail(
  { database, hashes, progress }: InspectionNeeds,
  organisationId: OrganisationId,
  found: (findings: readonly Finding[]) => void,
): Promise<number> {
  // The end is read first: what is chained meanwhile stands behind it.
  const { stored, heads } = await database.asWorker(async (stores) => ({
    stored: await stores.audit.lockChain(organisationId),
    heads: await stores.inspection.auditHeads(organisationId),
  }))
  const headAt = new Map(heads.map((head) => [head.sequence, head]))
  let end = BEFORE_THE_FIRST
  while (end.sequence < stored.sequence) {
    const links = await database.asWorker((stores) =>
      stores.inspection.auditLinks(organisationId, end.sequence, LINKS_A_PAGE),
    )
    const upTo = links.filter(({ head }) => head.sequence <= stored.sequence)
    if (upTo.length === 0) break
    const inspected = inspectLinks(end, upTo, headAt, hashes.sha256)
    found(inspected.findings)
    end = inspected.end
    progress(`${end.sequence} audit links`)
  }
  if (end.sequence !== stored.sequence || !equalBytes(end.hash, stored.hash))
    found([finding('audit-end-differs', organisationId, `sequence ${stored.sequence}`)])
  const beyond = heads.filter(({ sequence }) => sequence > end.sequence)
  found(beyond.map(({ sequence }) => finding('audit-head-wrong', organisationId, `sequence ${sequence}`)))
  const known = new Set(heads.map(({ leafId }) => leafId))
  const leaves = await database.asWorker((stores) => stores.inspection.auditLeaves(organisationId))
  const lost = leaves.filter((id) => !known.has(id))
  found(lost.map((id) => finding('audit-head-wrong', organisationId, `leaf ${id}`)))
  return end.sequence
}
