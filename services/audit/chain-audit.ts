import { type AuditHead, auditHeadDigest, linkEntry } from '#engine/audit/audit-chain.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { DAY_MS } from '#engine/shared/duration.ts'
import type { LeafId, OrganisationId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { AddLeaf } from '#services/anchoring/add-leaf.ts'
import type { Clock } from '#services/ports/clock.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Log } from '#services/ports/log.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'

const ORGANISATIONS_A_PASS = 20
const ENTRIES_A_PASS = 500
/** How long an end of a chain waits for a batch that closes anyway, before it makes one of its own. */
const MAX_HEAD_AGE_MS = DAY_MS

export interface ChainAuditNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly addLeaf: AddLeaf
  readonly log: Log
}

/**
 * The audit step: what business transactions wrote gets its place in the chain of its organisation, in an order of its
 * own: an entry that is committed late comes late. The end of the chain goes along with leaves that wait for a batch,
 * which costs nothing; once there is one, and no leaves wait, it becomes a leaf by itself after a day.
 */
export const createChainAudit = (needs: ChainAuditNeeds) => {
  const { database, clock, log } = needs
  return async (): Promise<{ readonly more: boolean }> => {
    const { unchained, behind } = await database.asWorker(async (stores) => ({
      unchained: await stores.audit.unchained(ORGANISATIONS_A_PASS),
      behind: await stores.audit.behindOnHeads(
        asInstant(clock.now() - MAX_HEAD_AGE_MS),
        ORGANISATIONS_A_PASS,
      ),
    }))
    let more = false
    for (const organisationId of new Set([...unchained, ...behind])) {
      try {
        const chained = await database.asWorker(async (stores) => {
          const count = await makeLonger(needs, stores, organisationId)
          crashPoint('audit.before-commit')
          return count
        })
        more ||= chained === ENTRIES_A_PASS
      } catch (error) {
        if (error instanceof WaarmerkError && error.code === 'database-unavailable') throw error
        // One organisation's trail holds up no other's.
        log.error('audit.not_chained', { organisation: organisationId, error })
      }
    }
    return { more }
  }
}

async function makeLonger(
  needs: ChainAuditNeeds,
  stores: Stores,
  organisationId: OrganisationId,
): Promise<number> {
  let head = await stores.audit.lockChain(organisationId)
  const entries = await stores.audit.oldestUnchained(organisationId, ENTRIES_A_PASS)
  const places = entries.map((entry) => {
    head = linkEntry(head, entry, needs.hashes.sha256)
    return { entry, head }
  })
  await stores.audit.chain(organisationId, places)
  await anchorHead(needs, stores, organisationId, head)
  return entries.length
}

async function anchorHead(
  { clock, random, hashes, addLeaf }: ChainAuditNeeds,
  stores: Stores,
  organisationId: OrganisationId,
  head: AuditHead,
): Promise<void> {
  const newest = await stores.audit.newestHead(organisationId)
  if (head.sequence === (newest?.sequence ?? 0)) return
  // One that waits for its batch is enough.
  if (newest !== undefined && (await stores.anchoring.findLeaf(newest.leafId))?.place === undefined) return
  const at = clock.now()
  const isOld = newest !== undefined && at - newest.madeAt >= MAX_HEAD_AGE_MS
  const issuer = await stores.issuers.withOpenLeaves(organisationId)
  const by = issuer ?? (isOld ? await stores.issuers.lastAnchored(organisationId) : undefined)
  if (by === undefined) return
  const leafId = random.rowId() as LeafId
  const digest = auditHeadDigest(head, hashes.sha256)
  await addLeaf(stores, { issuer: by, kind: 'audit-head', id: leafId, targetId: organisationId, digest, at })
  await stores.audit.insertHead(organisationId, { ...head, leafId, madeAt: at })
}
