import type { LeafId } from '#engine/shared/ids.ts'
import type { AddLeaf } from '#services/anchoring/add-leaf.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Endorsement } from '#services/ports/endorsement-store.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import { endorsementState } from './endorsement-state.ts'
import { requireNewProfile } from './profile-of-old.ts'

export interface PublishEndorsementNeeds {
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Pick<Hashes, 'sha256'>
  readonly addLeaf: AddLeaf
  readonly audit: AuditTrail
}

/** Shows a signed endorsement and puts it into the next batch, in the transaction of the caller. Throws `conflict`. */
export type PublishEndorsement = (
  stores: Stores,
  endorsement: Endorsement,
  by: { readonly issuer: Issuer; readonly actor: string },
) => Promise<void>

export const createPublishEndorsement =
  ({ clock, random, hashes, addLeaf, audit }: PublishEndorsementNeeds): PublishEndorsement =>
  async (stores, endorsement, { issuer, actor }) => {
    const { id, organisationId, digest, state } = endorsement
    const now = clock.now()
    const leafId = random.rowId() as LeafId
    if (digest === undefined) throw endorsementState(state)
    await requireNewProfile(stores, endorsement, hashes.sha256)
    await addLeaf(stores, { issuer, kind: 'endorsement', id: leafId, targetId: id, digest, at: now })
    if (!(await stores.endorsements.publish(id, leafId, now))) throw endorsementState(state)
    await audit(stores, {
      organisationId,
      at: now,
      actor,
      action: 'endorsement.published',
      targetType: 'endorsement',
      targetId: id,
    })
  }
