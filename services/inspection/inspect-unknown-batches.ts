import { type Finding, finding } from '#engine/inspection/finding.ts'
import { toHex } from '#engine/shared/bytes.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import type { InspectionNeeds } from './inspection-needs.ts'

/**
 * What the chain holds under the issuer's keys and the database has never heard of: a copy of the database from before
 * was put back, or somebody else has a key.
 */
export async function inspectUnknownBatches(
  { database, history }: InspectionNeeds,
  issuer: Issuer,
  found: (findings: readonly Finding[]) => void,
): Promise<void> {
  const keys = await database.asWorker((stores) => stores.issuers.keys(issuer.id))
  for (const { purpose, publicKey } of keys) {
    if (purpose !== 'anchoring') continue
    const signer = publicKey as `0x${string}`
    const anchored = await history.anchoredBy(signer)
    const known = await database.asWorker((stores) => stores.inspection.rootsOf(issuer.id))
    const ours = new Set(known.map(toHex))
    for (const { root, blockNumber } of anchored) {
      if (!ours.has(root))
        found([finding('chain-batch-unknown', `${signer}/${root}`, `block ${blockNumber}`)])
    }
  }
}
