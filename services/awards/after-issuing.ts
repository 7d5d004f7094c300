import { actorOf, type Principal } from '#engine/access/rights.ts'
import { type AwardCorrection, corrected } from '#engine/awards/award-correction.ts'
import { type AwardStep, currentEdition } from '#engine/awards/award-life.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AwardId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { requireSeen } from '#engine/shared/require-seen.ts'
import { requireRightOnAchievement } from '#services/access/authorise.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { CredentialEdition } from '#services/ports/credential-store.ts'
import type { Database } from '#services/ports/database.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { requireStep } from './award-life-of.ts'
import { requireChange, requireFitting } from './check-correction.ts'
import type { EndEditions } from './end-editions.ts'
import type { MailEarner } from './mail-earner.ts'
import { type AwardOverview, overview } from './manage-awards.ts'
import { type PrepareEditionNeeds, prepareNextEdition } from './prepare-edition.ts'

export interface AfterIssuingNeeds extends PrepareEditionNeeds {
  readonly database: Database
  readonly audit: AuditTrail
  readonly endEditions: EndEditions
  readonly mailEarner: MailEarner
  readonly wakeUps: WakeUps
}

/** What people want an award to say from its next edition on. */
export interface WantedChanges extends AwardCorrection {
  readonly validUntil?: Instant
}

/** Why: the reason is told to the earner; the note is for the organisation alone. */
interface Why {
  readonly reason: string
  readonly note?: string
}

/** The revision that the caller has seen, where they named one: `precondition-failed` where it has changed since. */
interface Seen {
  readonly seen?: number
}

/**
 * What people do with awards that have been issued. Each step is one transaction under the lock of the award. A step that
 * needs a new edition prepares it, and the issue step signs it: until then the edition before stays what it is.
 */
export const createAfterIssuing = (needs: AfterIssuingNeeds) => {
  const { database, clock, audit, endEditions, mailEarner, wakeUps } = needs

  /** Finds, locks, and refuses what the state does not allow. */
  const locked = async (
    stores: Stores,
    principal: Principal,
    id: AwardId,
    { step, seen }: { readonly step: AwardStep; readonly seen: number | undefined },
  ) => {
    const found = await stores.awards.find(id)
    if (found === undefined) throw errors.notFound({ what: 'award', id })
    await requireRightOnAchievement(stores, principal, 'award', found.organisationId, found.achievementId)
    // Whoever renews one award of a person and reinstates another at once: the second one sees what the first one did.
    if (step === 'reinstate') await stores.evaluation.lockSubjects(found.organisationId, [found.subjectId])
    const award = (await stores.awards.lock(id)) ?? found
    requireSeen(award, seen)
    const credential = await stores.credentials.findByAward(id)
    const editions = credential === undefined ? [] : await stores.credentials.editions(credential.id)
    requireStep(award, editions, step)
    return { award, credential, editions }
  }

  const told = (
    stores: Stores,
    principal: Principal,
    award: Award,
    action: string,
    { reason, note }: Why,
  ): Promise<void> =>
    audit(stores, {
      organisationId: award.organisationId,
      at: clock.now(),
      actor: actorOf(principal),
      action,
      targetType: 'award',
      targetId: award.id,
      detail: { reason, ...(note === undefined ? {} : { note }) },
    })

  /** Keeps what the next edition is to say. */
  const applied = async (stores: Stores, award: Award, changes: WantedChanges): Promise<Award> => {
    const { validUntil, ...more } = changes
    if (Object.keys(changes).length > 0) await requireFitting(stores, award, changes, clock.now())
    const correction = Object.keys(more).length === 0 ? {} : { correction: corrected(award.correction, more) }
    const end = validUntil === undefined ? {} : { validUntil }
    await stores.awards.change(award.id, { ...correction, ...end })
    return { ...award, ...correction, ...end }
  }

  const after = async (stores: Stores, id: AwardId): Promise<AwardOverview> => {
    const award = await stores.awards.find(id)
    if (award === undefined) throw errors.notFound({ what: 'award', id })
    return overview(stores, award)
  }

  const changing = async (
    organisationId: OrganisationId,
    work: (stores: Stores) => Promise<AwardOverview>,
  ): Promise<AwardOverview> => {
    const done = await database.inOrganisation(organisationId, work)
    for (const step of ['issue', 'send', 'mail'] as const) await wakeUps.wake(step)
    return done
  }

  return {
    /**
     * Throws `not-found`, `award-state`, `precondition-failed`, `correction-unfit`, `credential-unfit`. Once the next
     * edition is signed, the one before is valid no longer.
     */
    correct: (
      principal: Principal,
      organisationId: OrganisationId,
      id: AwardId,
      { seen, changes, ...why }: Why & { readonly seen: number; readonly changes: WantedChanges },
    ): Promise<AwardOverview> =>
      changing(organisationId, async (stores) => {
        const { award } = await locked(stores, principal, id, { step: 'correct', seen })
        if (Object.keys(changes).length === 0)
          throw errors.correctionUnfit({ pointer: '/changes', reason: 'names nothing' })
        await requireChange(stores, award, changes)
        const changed = await applied(stores, award, changes)
        await prepareNextEdition(needs, stores, changed, { cause: 'corrected', reason: why.reason })
        await told(stores, principal, award, 'award.correction_asked', why)
        return after(stores, id)
      }),

    /** The same badge once more, under the key that is active now. */
    reissue: (
      principal: Principal,
      organisationId: OrganisationId,
      id: AwardId,
      { seen, ...why }: Why & Seen,
    ): Promise<AwardOverview> =>
      changing(organisationId, async (stores) => {
        const { award } = await locked(stores, principal, id, { step: 'reissue', seen })
        await stores.awards.change(id, {})
        await prepareNextEdition(needs, stores, award, { cause: 'reissued', reason: why.reason })
        await told(stores, principal, award, 'award.reissue_asked', why)
        return after(stores, id)
      }),

    /** Sets the bit of the current edition. The award goes on to be held; only a new edition makes it valid again. */
    suspend: (
      principal: Principal,
      organisationId: OrganisationId,
      id: AwardId,
      { seen, ...why }: Why & Seen,
    ): Promise<AwardOverview> =>
      changing(organisationId, async (stores) => {
        const { award, credential } = await locked(stores, principal, id, { step: 'suspend', seen })
        const at = clock.now()
        if (credential !== undefined) await stores.credentials.dropPrepared(credential.id)
        const current = credential && currentEdition(await stores.credentials.editions(credential.id))
        if (current !== undefined)
          await endEditions(stores, [{ issuerId: award.issuerId, edition: current }], {
            ...{ by: 'suspended', at, reason: why.reason },
          })
        await stores.awards.change(id, { suspendedAt: at })
        await mailEarner(stores, { award, credential, at, kind: 'suspended', reason: why.reason })
        await told(stores, principal, award, 'award.suspended', why)
        return after(stores, id)
      }),

    /**
     * Makes a suspended or revoked badge valid again, by a new edition. Throws `award-replaced` where another award has
     * its place: nobody holds two.
     */
    reinstate: (
      principal: Principal,
      organisationId: OrganisationId,
      id: AwardId,
      { changes = {}, seen, ...why }: Why & Seen & { readonly changes?: WantedChanges },
    ): Promise<AwardOverview> =>
      changing(organisationId, async (stores) => {
        const { award } = await locked(stores, principal, id, { step: 'reinstate', seen })
        if (award.state === 'revoked') {
          const by = await stores.awards.standingBeside(award)
          if (by !== undefined) throw errors.awardReplaced({ awardId: id, by })
          await stores.awards.change(id, { takesPlace: true })
        }
        const changed = await applied(stores, award, changes)
        await prepareNextEdition(needs, stores, changed, { cause: 'reinstated', reason: why.reason })
        await told(stores, principal, award, 'award.reinstatement_asked', why)
        return after(stores, id)
      }),

    /** Every edition, oldest first. */
    editions: (
      principal: Principal,
      organisationId: OrganisationId,
      id: AwardId,
    ): Promise<readonly CredentialEdition[]> =>
      database.inOrganisation(organisationId, async (stores) => {
        const award = await stores.awards.find(id)
        if (award === undefined) throw errors.notFound({ what: 'award', id })
        await requireRightOnAchievement(stores, principal, 'read', organisationId, award.achievementId)
        const credential = await stores.credentials.findByAward(id)
        return credential === undefined ? [] : stores.credentials.editions(credential.id)
      }),
  }
}
