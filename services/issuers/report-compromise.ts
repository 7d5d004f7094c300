import { actorOf, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { IssuerId, JobId, KeyId, OrganisationId } from '#engine/shared/ids.ts'
import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { StartJob } from '#services/job-control/start-job.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Issuer, IssuerKey } from '#services/ports/issuer-store.ts'
import type { KeyMaker } from '#services/ports/key-maker.ts'
import { issuerKeySecret, issuingCurveOf } from '#services/ports/key-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { useKeyChange } from './key-change.ts'

export interface ReportCompromiseNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly audit: AuditTrail
  readonly keyMaker: KeyMaker
  readonly secretBox: SecretBox
  readonly startJob: StartJob
  readonly wakeUps: WakeUps
}

export interface Compromise {
  readonly key: IssuerKey
  /** The key that signs from now on; absent where the compromised one was not in use any more. */
  readonly replacement?: IssuerKey
  /** What re-issues the badges that nobody witnessed in time; absent where the same was said before. */
  readonly jobId?: JobId
}

/**
 * Says that an issuing key is in wrong hands since a moment. In one transaction the key loses its word, another one takes
 * its place, the chain is told of both, signed status lists are forgotten so that they are signed anew, and a job begins
 * that re-issues what no block witnessed before that moment. What was signed over VC-API is counted: whoever had it signed does so again. Windows only shrink: an earlier moment may follow, a later
 * one changes nothing. Throws `not-found`, `second-person-needed`, and `compromise-in-future`.
 */
export const createReportCompromise = (needs: ReportCompromiseNeeds) => {
  const { database, clock, random, audit, keyMaker, secretBox, startJob, wakeUps } = needs

  const publish = (stores: Stores, { organisationId, id: issuerId }: Issuer, keyId: KeyId, at: Instant) =>
    stores.anchoring.insertTask({
      organisationId,
      id: random.rowId(),
      issuerId,
      kind: 'publish_key',
      keyId,
      state: 'queued',
      createdAt: at,
      attempts: 0,
    })

  return async (
    principal: Principal,
    organisationId: OrganisationId,
    { issuerId, keyId }: { readonly issuerId: IssuerId; readonly keyId: KeyId },
    { since, reason }: { readonly since: Instant; readonly reason: string },
  ): Promise<Compromise> => {
    const reported = await database.inOrganisation(organisationId, async (stores) => {
      // 1. Load, and refuse what is not possible.
      const issuer = await stores.issuers.find(issuerId)
      if (issuer === undefined) throw errors.notFound({ what: 'issuer', id: issuerId })
      await requireRight(stores, principal, 'administer', organisationId, issuer.unitId)
      const now = clock.now()
      if (since > now) throw errors.compromiseInFuture({ now: formatInstant(now) })
      const key = (await stores.issuers.keys(issuerId)).find(
        ({ id, purpose }) => id === keyId && purpose !== 'anchoring',
      )
      if (key === undefined) throw errors.notFound({ what: 'issuing key', id: keyId })
      if (key.state === 'compromised' && key.endedAt !== undefined && key.endedAt <= since) return { key }
      await useKeyChange(stores, principal, issuer, now)

      // 2. The key loses its word. A key that is being signed with is waited for.
      await stores.issuers.compromiseKey(keyId, since)
      let replacement: IssuerKey | undefined
      if (key.state === 'active') {
        const fresh = await keyMaker.newIssuingKey(issuingCurveOf(key.publicKey))
        const id = random.rowId() as KeyId
        replacement = {
          organisationId,
          id,
          issuerId,
          purpose: key.purpose,
          publicKey: fresh.publicKeyMultibase,
          sealedSecret: secretBox.seal(fresh.secretKey, issuerKeySecret(id)),
          state: 'active',
          createdAt: now,
        }
        await stores.issuers.insertKey(replacement)
      }
      await publish(stores, issuer, keyId, now)
      if (replacement !== undefined) await publish(stores, issuer, replacement.id, now)
      await stores.credentials.forgetSignedLists(issuerId)

      // 3. What it signed and nobody witnessed is signed once more.
      const job = await startJob(stores, {
        organisationId,
        kind: 'key_reissue',
        input: { issuerId, keyId, since: formatInstant(since), reason },
        createdBy: actorOf(principal),
        total: await stores.credentials.countHoldersUnderKey(keyId),
        // Only whoever had it signed knows to whom it went: that is told, and not done for them.
        result: { signedOverVcApi: await stores.vcApi.countUnderKey(keyId) },
      })
      await audit(stores, {
        organisationId,
        at: now,
        actor: actorOf(principal),
        action: 'issuer.key_compromised',
        targetType: 'issuer',
        targetId: issuerId,
        detail: { key: key.publicKey, since: formatInstant(since), reason },
      })
      const ended: IssuerKey = { ...key, state: 'compromised', endedAt: since }
      return { key: ended, jobId: job.id, ...(replacement === undefined ? {} : { replacement }) }
    })
    for (const step of ['jobs', 'send'] as const) await wakeUps.wake(step)
    return reported
  }
}
