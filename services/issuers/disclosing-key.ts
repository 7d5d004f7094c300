import type { KeyId } from '#engine/shared/ids.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Issuer, IssuerKey } from '#services/ports/issuer-store.ts'
import type { KeyMaker } from '#services/ports/key-maker.ts'
import { issuerKeySecret, issuingCurveOf } from '#services/ports/key-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import type { Stores } from '#services/ports/stores.ts'

export interface DisclosingKeyNeeds {
  readonly clock: Clock
  readonly random: Random
  readonly keyMaker: KeyMaker
  readonly secretBox: SecretBox
  readonly audit: AuditTrail
}

/** The key on P-256 that an issuer signs with what earners show parts of. */
export type DisclosingKey = (stores: Stores, issuer: Issuer) => Promise<IssuerKey | undefined>

/**
 * Finds it, or makes it in the transaction of the caller: the issuing key where that is on P-256, else one beside it. Nobody has to
 * know of curves to let earners show parts of a badge, and the key never leaves the key store, so nobody is given power
 * that they had not. Undefined where the issuer has no issuing key: it signs nothing any more.
 */
export const createDisclosingKey =
  ({ clock, random, keyMaker, secretBox, audit }: DisclosingKeyNeeds): DisclosingKey =>
  async (stores, issuer) => {
    const issuing = await stores.issuers.activeKey(issuer.id, 'issuing')
    if (issuing === undefined || issuingCurveOf(issuing.publicKey) === 'P-256') return issuing
    const before = await stores.issuers.activeKey(issuer.id, 'disclosing')
    if (before !== undefined) return before

    const { publicKeyMultibase, secretKey } = await keyMaker.newIssuingKey('P-256')
    const { organisationId } = issuer
    const now = clock.now()
    const id = random.rowId() as KeyId
    const key: IssuerKey = {
      organisationId,
      id,
      issuerId: issuer.id,
      purpose: 'disclosing',
      publicKey: publicKeyMultibase,
      sealedSecret: secretBox.seal(secretKey, issuerKeySecret(id)),
      state: 'active',
      createdAt: now,
    }
    // Somebody else may make one at the same moment: there is one of them, and both sign with that.
    if (!(await stores.issuers.insertFirstKey(key))) return stores.issuers.activeKey(issuer.id, 'disclosing')
    await stores.anchoring.insertTask({
      organisationId,
      id: random.rowId(),
      issuerId: issuer.id,
      kind: 'publish_key',
      keyId: id,
      state: 'queued',
      createdAt: now,
      attempts: 0,
    })
    await audit(stores, {
      organisationId,
      at: now,
      actor: 'system',
      action: 'issuer.disclosing_key_made',
      targetType: 'issuer',
      targetId: issuer.id,
      detail: { key: publicKeyMultibase },
    })
    return key
  }
