import { keyRoles } from '#engine/anchoring/anchor-verdict.ts'
import { type Finding, finding, type OpenedLeaf } from '#engine/inspection/finding.ts'
import { type BatchBefore, compareWithChain, inspectBatch } from '#engine/inspection/inspect-batch.ts'
import { toHex } from '#engine/shared/bytes.ts'
import { DAY_MS } from '#engine/shared/duration.ts'
import { headerSalt, preimage } from '#services/anchoring/seal-batches.ts'
import type { Batch, Leaf } from '#services/ports/anchoring-store.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import type { InspectionNeeds } from './inspection-needs.ts'

const BATCHES_A_PAGE = 20

/** Every batch of an issuer, against its own leaves, the one before, and the chain. Gives how many there are. */
export async function inspectBatches(
  needs: InspectionNeeds,
  issuer: Issuer,
  found: (findings: readonly Finding[]) => void,
): Promise<number> {
  const { database } = needs
  let before: BatchBefore
  let next = 0
  let count = 0
  for (;;) {
    const page = await database.asWorker((stores) =>
      stores.inspection.batches(issuer.id, next, BATCHES_A_PAGE),
    )
    for (const batch of page) {
      found(await inspectStored(needs, batch, before))
      found(await inspectTwice(needs, issuer, batch))
      before = batch
      next = batch.sequence + 1
      count++
    }
    if (page.length < BATCHES_A_PAGE) return count
  }
}

async function inspectStored(
  { database, hashes, secretBox }: InspectionNeeds,
  batch: Batch,
  before: BatchBefore,
): Promise<readonly Finding[]> {
  const leaves = await database.asWorker((stores) => stores.inspection.leavesIn(batch.id))
  const opened: OpenedLeaf[] = []
  const findings: Finding[] = []
  for (const leaf of leaves) {
    const open = openLeaf(secretBox, leaf)
    if (open === undefined) findings.push(finding('unreadable', `leaf ${leaf.id}`))
    else opened.push(open)
  }
  if (findings.length > 0) return findings
  const salt = openSealed(() => secretBox.open(batch.sealedHeaderSalt, headerSalt(batch.id)))
  if (salt === undefined) return [finding('unreadable', `header of ${batch.id}`)]
  return inspectBatch({ ...batch, headerSalt: salt }, opened, before, hashes)
}

/** Beside a product that runs, a difference may be over a moment later: only what stays is a finding. */
async function inspectTwice(
  needs: InspectionNeeds,
  issuer: Issuer,
  batch: Batch,
): Promise<readonly Finding[]> {
  const first = await inspectOnChain(needs, issuer, batch)
  if (first.length === 0) return first
  const again = await needs.database.asWorker((stores) => stores.anchoring.findBatch(batch.id))
  return again === undefined ? first : inspectOnChain(needs, issuer, again)
}

async function inspectOnChain(
  { database, chain, clock }: InspectionNeeds,
  issuer: Issuer,
  batch: Batch,
): Promise<readonly Finding[]> {
  const { chainId, contract } = chain.address
  if (batch.chainId !== chainId || batch.contract.toLowerCase() !== contract.toLowerCase()) return []
  const record = await chain.batch(batch.signer, toHex(batch.root))
  const key = await chain.key(batch.signer)
  const issuerId = issuer.onchainId === undefined ? undefined : toHex(issuer.onchainId)
  const at = record?.anchoredAt ?? 0
  const authorised =
    key !== undefined &&
    key.issuerId.toLowerCase() === issuerId?.toLowerCase() &&
    (key.roles & keyRoles.anchor) !== 0 &&
    key.validFrom <= at &&
    at < key.validUntil
  const { revoked, underWay } = await database.asWorker(async (stores) => ({
    revoked: await stores.anchoring.revokedPositions(batch.id),
    underWay: await stores.inspection.revocationsUnderWay(batch.id),
  }))
  return compareWithChain(
    {
      id: batch.id,
      size: batch.size,
      ...(batch.block === undefined ? {} : { blockTime: batch.block.time }),
      isOverdue: clock.now() - batch.sealedAt > DAY_MS,
      revoked: new Set(revoked),
      revocationsUnderWay: new Set(underWay),
    },
    record,
    authorised,
  )
}

function openLeaf(secretBox: SecretBox, leaf: Leaf): OpenedLeaf | undefined {
  const opened = openSealed(() => preimage(secretBox, leaf))
  if (opened === undefined || leaf.place === undefined) return undefined
  return { id: leaf.id, hash: leaf.hash, position: leaf.place.position, preimage: opened }
}

/** What does not open was altered, or sealed under another key: both are findings, and no end of the inspection. */
function openSealed<T>(open: () => T): T | undefined {
  try {
    return open()
  } catch {
    return undefined
  }
}
