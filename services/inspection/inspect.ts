import { WaarmerkError } from '#engine/errors/define-error.ts'
import type { Finding } from '#engine/inspection/finding.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { createFindDid } from '#services/verify/resolve-key.ts'
import { inspectAuditTrail } from './inspect-audit-trail.ts'
import { inspectBatches } from './inspect-batches.ts'
import { inspectCredentials, inspectEndorsements } from './inspect-documents.ts'
import { inspectForms } from './inspect-forms.ts'
import { inspectStatusLists } from './inspect-status-lists.ts'
import { inspectUnknownBatches } from './inspect-unknown-batches.ts'
import { inspectVcApiCredentials } from './inspect-vc-api-credentials.ts'
import type { InspectionNeeds } from './inspection-needs.ts'

export interface InspectionReport {
  readonly inspectedAt: Instant
  readonly organisations: readonly {
    readonly slug: string
    readonly credentials: number
    /** JWT forms of editions. */
    readonly tokens: number
    /** Base proofs of editions, of which earners show parts. */
    readonly bases: number
    /** What other software had signed. */
    readonly signedOverVcApi: number
    readonly endorsements: number
    readonly batches: number
    readonly statusLists: number
    readonly auditLinks: number
    readonly findings: readonly Finding[]
  }[]
  /** What could not be looked at, and why: such a report proves nothing of it. */
  readonly unchecked: readonly string[]
}

/**
 * Verifies again everything that was ever issued, anchored, published or logged, from the stored bytes up, and compares it
 * with the chain in both directions. Reads only. A chain that does not answer leaves batches unchecked, not wrong.
 */
export async function inspect(needs: InspectionNeeds): Promise<InspectionReport> {
  const { database, clock, suite, resolver, progress } = needs
  const inspectedAt = clock.now()
  const unchecked: string[] = []
  const organisations = []
  for (const { id, slug } of await database.asWorker((stores) => stores.inspection.organisations())) {
    progress(slug)
    const findings: Finding[] = []
    const found = (more: readonly Finding[]) => {
      for (const each of more) findings.push(each)
    }
    const findDid = createFindDid(suite, resolver)
    const issuers = await database.asWorker((stores) => stores.issuers.list(id))
    const credentials = await inspectCredentials(needs, id, findDid, found)
    const tokens = await inspectForms(needs, 'jwt', id, findDid, found)
    const bases = await inspectForms(needs, 'base', id, findDid, found)
    const signedOverVcApi = await inspectVcApiCredentials(needs, id, findDid, found)
    const endorsements = await inspectEndorsements(needs, id, found)
    const statusLists = await inspectStatusLists(needs, id, findDid, found)
    const auditLinks = await inspectAuditTrail(needs, id, found)
    let batches = 0
    for (const issuer of issuers) {
      try {
        batches += await inspectBatches(needs, issuer, found)
        await inspectUnknownBatches(needs, issuer, found)
      } catch (error) {
        if (!(error instanceof WaarmerkError) || error.code !== 'chain-unavailable') throw error
        unchecked.push(`batches of ${issuer.slug}: ${error.message}`)
      }
    }
    organisations.push({
      slug,
      credentials,
      tokens,
      bases,
      signedOverVcApi,
      endorsements,
      batches,
      statusLists,
      auditLinks,
      findings,
    })
  }
  return { inspectedAt, organisations, unchecked }
}
