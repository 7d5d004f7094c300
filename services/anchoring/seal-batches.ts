import { NO_PREVIOUS_ROOT, sealBatch } from '#engine/anchoring/batch.ts'
import { lastClosing } from '#engine/anchoring/batch-schedule.ts'
import { isLeafKind, type LeafPreimage } from '#engine/anchoring/leaf.ts'
import { concat, type Hex } from '#engine/shared/bytes.ts'
import type { BatchId, IssuerId, OrganisationId } from '#engine/shared/ids.ts'
import type { Leaf } from '#services/ports/anchoring-store.ts'
import type { Chain } from '#services/ports/chain.ts'
import type { Clock } from '#services/ports/clock.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Log } from '#services/ports/log.ts'
import type { Random } from '#services/ports/random.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { leafSalt } from './add-leaf.ts'

export interface SealBatchesNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly secretBox: SecretBox
  readonly chain: Chain
  readonly wakeUps: WakeUps
  readonly log: Log
  /** Batches close at multiples of this: on a schedule, not on the event. */
  readonly intervalMs: number
  readonly maxLeaves: number
}

/** With which id the salt of a batch's header leaf is sealed. */
export const headerSalt = (id: BatchId) => ({ keyId: 'header-salt', rowId: id })

/** The anchor step: open leaves of an issuer, by schedule or number, become a sealed batch with a task to anchor it. */
export const createSealBatches = (needs: SealBatchesNeeds) => {
  const { database, clock, wakeUps, log, intervalMs, maxLeaves } = needs
  return async (): Promise<{ readonly more: boolean }> => {
    const ready = await database.asWorker((stores) =>
      stores.anchoring.issuersToSeal(lastClosing(clock.now(), intervalMs), maxLeaves),
    )
    for (const { organisationId, issuerId } of ready) {
      const sealed = await database.asWorker(async (stores) => {
        const made = await seal(needs, stores, organisationId, issuerId)
        crashPoint('seal.before-commit')
        return made
      })
      crashPoint('seal.after-commit')
      if (sealed !== undefined)
        log.info('batch.sealed', { batch: sealed.id, issuer: issuerId, leaves: sealed.leaves })
    }
    if (ready.length > 0) await wakeUps.wake('send')
    return { more: ready.length === 100 }
  }
}

async function seal(
  { clock, random, hashes, secretBox, chain, maxLeaves }: SealBatchesNeeds,
  stores: Stores,
  organisationId: OrganisationId,
  issuerId: IssuerId,
): Promise<{ readonly id: BatchId; readonly leaves: number } | undefined> {
  const leaves = await stores.anchoring.lockOpenLeaves(issuerId, maxLeaves)
  const key = await stores.issuers.activeKey(issuerId, 'anchoring')
  if (leaves.length === 0 || key === undefined) return undefined
  const last = await stores.anchoring.lastBatch(issuerId)
  const previousRoot = last?.root ?? NO_PREVIOUS_ROOT
  const sequence = last === undefined ? 0 : last.sequence + 1

  const sealed = sealBatch(
    { previousRoot, sequence },
    leaves.map((leaf) => preimage(secretBox, leaf)),
    {
      keccak256: hashes.keccak256,
      sha256: hashes.sha256,
      randomBytes: (length) => random.bytes(length),
      randomInteger: (below) => random.integer(below),
    },
  )

  const id = random.rowId() as BatchId
  const now = clock.now()
  await stores.anchoring.insertBatch({
    organisationId,
    id,
    issuerId,
    sequence,
    signer: key.publicKey as Hex,
    chainId: chain.address.chainId,
    contract: chain.address.contract,
    root: sealed.root,
    previousRoot,
    size: sealed.size,
    realLeaves: leaves.length,
    sealedHeaderSalt: secretBox.seal(sealed.header.salt, headerSalt(id)),
    leafHashes: concat(...sealed.leaves),
    state: 'sealed',
    sealedAt: now,
  })
  await stores.anchoring.placeLeaves(
    id,
    leaves.map((leaf, at) => ({ leafId: leaf.id, position: sealed.positions[at] ?? 0 })),
  )
  const task = {
    organisationId,
    issuerId,
    batchId: id,
    state: 'queued',
    createdAt: now,
    attempts: 0,
  } as const
  await stores.anchoring.insertTask({ ...task, id: random.rowId(), kind: 'anchor' })
  const revoked = await stores.anchoring.revokedPositions(id)
  if (revoked.length > 0)
    await stores.anchoring.insertTask({ ...task, id: random.rowId(), kind: 'revoke', positions: revoked })
  return { id, leaves: leaves.length }
}

/** What a stored leaf hides, opened. */
export function preimage(secretBox: SecretBox, leaf: Leaf): LeafPreimage {
  const { kind, digest, sealedSalt, id } = leaf
  if (!isLeafKind(kind)) throw new Error(`A stored leaf has the unknown kind ${kind}.`)
  return { kind, digest, salt: secretBox.open(sealedSalt, leafSalt(id)) }
}
