import { currentEdition, mayTakeEdition } from '#engine/awards/award-life.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { SECOND_MS } from '#engine/shared/duration.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { AddLeaf } from '#services/anchoring/add-leaf.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { CredentialEdition } from '#services/ports/credential-store.ts'
import type { Database } from '#services/ports/database.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import type { RuleSets } from '#services/rules/rule-sets.ts'
import { backOff } from './back-off.ts'
import type { EndEdition } from './end-edition.ts'
import type { MailEarner } from './mail-earner.ts'
import { findPrepared, type Prepared, type PrepareEditionNeeds } from './prepare-edition.ts'
import { type Signed, type SignPreparedNeeds, signPrepared } from './sign-prepared.ts'
import { storeSigned } from './store-signed.ts'
import { wakeAskers } from './wake-askers.ts'

const PASS_SIZE = 25
const LEASE_MS = 5 * SECOND_MS

export interface SignEditionsNeeds extends PrepareEditionNeeds, SignPreparedNeeds {
  readonly database: Database
  readonly addLeaf: AddLeaf
  readonly endEdition: EndEdition
  readonly mailEarner: MailEarner
  readonly ruleSets: RuleSets
  readonly audit: AuditTrail
  readonly wakeUps: WakeUps
}

/**
 * The second half of the issue step: every further edition that was prepared is signed. In one transaction the signed
 * bytes are stored with their leaf, the edition before loses its validity, a reinstated award is issued again, and its
 * earner is told. Whoever comes back after a crash signs the document that was prepared.
 */
export const createSignEditions = (needs: SignEditionsNeeds) => {
  const { database, clock, endEdition, mailEarner, ruleSets, audit, wakeUps, log } = needs

  const sign = async (claimed: CredentialEdition): Promise<void> => {
    const prepared = await database.asWorker(async (stores) => {
      const credential = await stores.credentials.find(claimed.credentialId)
      const award = credential === undefined ? undefined : await stores.awards.find(credential.awardId)
      return award === undefined ? undefined : findPrepared(needs, stores, award, claimed)
    })
    if (prepared === undefined) return
    const about = { award: prepared.award.id, credentialId: claimed.credentialId, edition: claimed.edition }
    crashPoint('edition.before-sign')
    log.info('credential.signing', about)
    const signed = await signPrepared(needs, prepared)
    crashPoint('edition.before-store')
    await database.asWorker((stores) => store(stores, prepared, signed))
    log.info('credential.signed', about)
    crashPoint('edition.stored')
  }

  const store = async (stores: Stores, prepared: Prepared, signed: Signed): Promise<void> => {
    const { issuer, credential, edition, key } = prepared
    const now = clock.now()
    // 1. Nobody changes the award meanwhile; whoever was faster has changed what may become of it.
    const award = await stores.awards.lock(prepared.award.id)
    if (award === undefined) return
    // A rule may have renewed the badge meanwhile: nobody gets back what another award has taken the place of.
    const isReplaced = award.state === 'revoked' && (await stores.awards.standingBeside(award)) !== undefined
    if (isReplaced || !mayTakeEdition(award.state, edition.cause)) {
      await stores.credentials.dropPrepared(credential.id)
      return
    }

    // 2. The signed bytes and their leaf.
    const before = currentEdition(await stores.credentials.editions(credential.id))
    const ours = { issuer, edition: { ...edition, keyId: key.id }, ...signed }
    const isOurs = await storeSigned(needs, stores, [ours], now)
    if (!isOurs) throw new NotOurs()

    // 3. The edition before is over, and so is what was vouched for in it.
    if (before !== undefined) await endEdition(stores, issuer.id, before, { by: 'superseded', at: now })
    for (const { id, requestedAt } of await stores.endorsements.ofTarget(award.organisationId, credential.id))
      if (requestedAt < edition.preparedAt)
        await stores.endorsements.move(id, ['requested', 'viewed', 'signed', 'published'], 'stale')

    // 4. A reinstated award counts again.
    if (edition.cause === 'reinstated') {
      await stores.awards.move(award.id, ['revoked'], 'issued', {})
      await stores.awards.change(award.id, { suspendedAt: null })
      await wakeAskers(stores, ruleSets, award, now)
    }
    if (edition.cause !== 'issued')
      await mailEarner(stores, {
        award,
        credential,
        at: now,
        kind: edition.cause,
        ...(edition.reason === undefined ? {} : { reason: edition.reason }),
        ...(award.validUntil === undefined ? {} : { until: award.validUntil }),
      })
    await audit(stores, {
      organisationId: award.organisationId,
      at: now,
      actor: 'system',
      action: `award.${edition.cause}`,
      targetType: 'award',
      targetId: award.id,
      detail: { edition: edition.edition },
    })
  }

  return async (): Promise<{ readonly more: boolean }> => {
    const now = clock.now()
    const claimed = await database.asWorker((stores) =>
      stores.credentials.claimPrepared(PASS_SIZE, now, asInstant(now + LEASE_MS)),
    )
    for (const edition of claimed) {
      try {
        await sign(edition)
      } catch (error) {
        if (error instanceof NotOurs) continue
        if (error instanceof WaarmerkError && error.code === 'database-unavailable') throw error
        log.error('edition.sign_failed', { credentialId: edition.credentialId, error })
        const at = clock.now()
        await database.asWorker((stores) =>
          stores.credentials.failEdition(edition, {
            error: String(error),
            at,
            next: (attempts) => backOff(attempts, at),
          }),
        )
      }
    }
    if (claimed.length > 0) {
      await wakeUps.wake('anchor')
      await wakeUps.wake('send')
      await wakeUps.wake('mail')
      await wakeUps.wake('timers')
    }
    return { more: claimed.length === PASS_SIZE }
  }
}

/** Another worker signed it meanwhile, or it was dropped: nothing of ours is kept, the leaf included. */
class NotOurs extends Error {}
