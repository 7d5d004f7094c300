import { actorOf, type Principal } from '#engine/access/rights.ts'
import type { Approval } from '#engine/awards/award-gate.ts'
import { type AwardState, currentEdition, pendingEdition } from '#engine/awards/award-life.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { MailTrouble } from '#engine/notifications/mail-trouble.ts'
import type { AwardId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import { requireSeen } from '#engine/shared/require-seen.ts'
import { achievementsWith } from '#services/access/achievements-with.ts'
import { requireRightOnAchievement } from '#services/access/authorise.ts'
import type { BatchState } from '#services/ports/anchoring-store.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { Claim } from '#services/ports/claim-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Credential } from '#services/ports/credential-store.ts'
import type { Database } from '#services/ports/database.ts'
import type { Endorsement } from '#services/ports/endorsement-store.ts'
import type { Page, PageRequest } from '#services/ports/page.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import type { RuleSets } from '#services/rules/rule-sets.ts'
import { approvalsOfMany } from './approvals-of.ts'
import { wrongState } from './award-life-of.ts'
import type { AwardToDecide, DecideApproval } from './decide-approval.ts'
import { mandatesFor, rightToAssess } from './require-assessor.ts'
import type { RevokeIssued } from './revoke-issued.ts'
import { wakeShutOut } from './wake-askers.ts'

export interface ManageAwardsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly revokeIssued: RevokeIssued
  readonly decideApproval: DecideApproval
  readonly ruleSets: RuleSets
  readonly wakeUps: WakeUps
}

export interface AwardOverview {
  readonly award: Award
  readonly achievementName: string
  readonly credential?: Credential
  readonly claim?: Claim
  /** Why the newest mail about it did not arrive, where that is known. */
  readonly mailTrouble?: MailTrouble
  /** Where its leaf is: `waiting` for a batch, or the state of the batch. */
  readonly anchor?: 'waiting' | BatchState
  /** The edition of its credential that the world has, and one that is being signed. */
  readonly edition?: number
  readonly nextEdition?: number
  /** The award that renews it by hand. */
  readonly renewedBy?: AwardId
  /** What people said about it, oldest first. */
  readonly approvals: readonly Approval[]
  /** Ids of the criteria that it is assessed by. */
  readonly criteria: readonly string[]
  /** Of an award that its endorsers have been asked about. */
  readonly endorsements: readonly Endorsement[]
}

export const createManageAwards = ({
  database,
  clock,
  revokeIssued,
  decideApproval,
  ruleSets,
  wakeUps,
}: ManageAwardsNeeds) => ({
  /** Those of achievements that the caller may read. Throws `forbidden` where that is none anywhere. */
  list: (
    principal: Principal,
    organisationId: OrganisationId,
    page: PageRequest,
    filter: { readonly state?: AwardState; readonly subjectId?: SubjectId },
  ): Promise<Page<AwardOverview>> =>
    database.readingInOrganisation(organisationId, async (stores) => {
      const among = await achievementsWith(stores, principal, 'read', organisationId)
      const { items, next } = await stores.awards.list(organisationId, page, { ...filter, among })
      const shown = await overviews(stores, organisationId, items)
      return next === undefined ? { items: shown } : { items: shown, next }
    }),

  find: (principal: Principal, organisationId: OrganisationId, id: AwardId): Promise<AwardOverview> =>
    database.readingInOrganisation(organisationId, async (stores) =>
      overview(stores, await awardOf(stores, principal, 'read', id)),
    ),

  /** One person's yes to an award that waits for people. It goes on when its gate passes. */
  approve: async (
    principal: Principal,
    organisationId: OrganisationId,
    id: AwardId,
    seen?: number,
  ): Promise<AwardOverview> => {
    const approved = await database.inOrganisation(organisationId, async (stores) =>
      overview(
        stores,
        await decideApproval.approve(stores, await lockedAward(stores, principal, id, seen), principal),
      ),
    )
    await wakeUps.wake('issue')
    await wakeUps.wake('timers')
    return approved
  },

  /** Says no to an award that waits for people; the reason is kept. */
  refuse: (
    principal: Principal,
    organisationId: OrganisationId,
    id: AwardId,
    { reason, seen }: { readonly reason: string; readonly seen?: number },
  ): Promise<AwardOverview> =>
    database.inOrganisation(organisationId, async (stores) =>
      overview(
        stores,
        await decideApproval.refuse(
          stores,
          await lockedAward(stores, principal, id, seen),
          principal,
          reason,
        ),
      ),
    ),

  /** Takes an award back: status list, chain, page. */
  revoke: async (
    principal: Principal,
    organisationId: OrganisationId,
    id: AwardId,
    { reason, note, seen }: { readonly reason: string; readonly note?: string; readonly seen?: number },
  ): Promise<AwardOverview> => {
    const revoked = await database.inOrganisation(organisationId, async (stores) => {
      // The right itself: whoever may assess it has said yes or no, and takes nothing back.
      const found = await awardOf(stores, principal, 'award', id)
      const award = (await stores.awards.lock(id)) ?? found
      requireSeen(award, seen)
      const at = clock.now()
      const why = { at, reason, ...(note === undefined ? {} : { note }), actor: actorOf(principal) }
      if (!(await revokeIssued(stores, award, why))) throw await wrongState(stores, award)
      await wakeShutOut(stores, ruleSets, award, at)
      return overview(stores, (await stores.awards.find(id)) ?? award)
    })
    await wakeUps.wake('send')
    await wakeUps.wake('mail')
    await wakeUps.wake('timers')
    return revoked
  },
})

async function awardOf(
  stores: Stores,
  principal: Principal,
  right: 'read' | 'award',
  id: AwardId,
): Promise<Award> {
  const award = await stores.awards.find(id)
  if (award === undefined) throw errors.notFound({ what: 'award', id })
  await requireRightOnAchievement(stores, principal, right, award.organisationId, award.achievementId)
  return award
}

/** For whoever may assess it, and nobody else changes it meanwhile. */
async function lockedAward(
  stores: Stores,
  principal: Principal,
  id: AwardId,
  seen: number | undefined,
): Promise<AwardToDecide> {
  const award = await stores.awards.lock(id)
  if (award === undefined) throw errors.notFound({ what: 'award', id })
  const { organisationId, achievementId } = award
  const mandates = await mandatesFor(stores, award)
  await requireRightOnAchievement(stores, principal, rightToAssess(mandates), organisationId, achievementId)
  requireSeen(award, seen)
  return { award, mandates }
}

export async function overview(stores: Stores, award: Award): Promise<AwardOverview> {
  const [shown] = await overviews(stores, award.organisationId, [award])
  if (shown === undefined) throw errors.notFound({ what: 'award', id: award.id })
  return shown
}

/** Of many, each thing read once for all of them; but who had a hand in one that wants four eyes is read for each. */
async function overviews(
  stores: Stores,
  organisationId: OrganisationId,
  awards: readonly Award[],
): Promise<readonly AwardOverview[]> {
  if (awards.length === 0) return []
  const ids = awards.map(({ id }) => id)
  const found = await stores.achievements.findVersions([
    ...new Set(awards.map(({ achievementVersionId }) => achievementVersionId)),
  ])
  const versions = new Map(found.map((version) => [version.id, version]))
  const credentials = new Map(
    (await stores.credentials.findByAwards(ids)).map((credential) => [credential.awardId, credential]),
  )
  const credentialIds = [...credentials.values()].map(({ id }) => id)
  const claims = new Map((await stores.claims.findByAwards(ids)).map((claim) => [claim.awardId, claim]))
  const anchors = await stores.anchoring.anchorStates(organisationId, credentialIds)
  const editions = Map.groupBy(
    await stores.credentials.editionsOfMany(credentialIds),
    ({ credentialId }) => credentialId,
  )
  const renewals = await stores.awards.renewalsOf(ids)
  const troubles = await stores.mail.troubles(organisationId, ids)
  const approvals = await approvalsOfMany(stores, organisationId, awards)
  const endorsements = Map.groupBy(
    await stores.endorsements.ofTargets(
      organisationId,
      awards.flatMap(({ id, gate }) =>
        gate?.endorsement === undefined ? [] : (credentials.get(id)?.id ?? []),
      ),
    ),
    ({ targetId }) => targetId,
  )
  return awards.map((award) => {
    const definition = versions.get(award.achievementVersionId)?.definition
    const language = definition?.language ?? 'en'
    const credential = credentials.get(award.id)
    const claim = claims.get(award.id)
    const mailTrouble = troubles.get(award.id)
    const anchor = credential === undefined ? undefined : anchors.get(credential.id)
    const own = (credential === undefined ? undefined : editions.get(credential.id)) ?? []
    const [current, next] = [currentEdition(own), pendingEdition(own)]
    const renewedBy = renewals.get(award.id)
    return {
      award,
      approvals: approvals.get(award.id) ?? [],
      criteria: definition?.criteriaItems?.map(({ id }) => id) ?? [],
      endorsements: (credential === undefined ? undefined : endorsements.get(credential.id)) ?? [],
      achievementName: textIn(definition?.name ?? {}, language, language),
      ...(credential === undefined ? {} : { credential }),
      ...(claim === undefined ? {} : { claim }),
      ...(mailTrouble === undefined ? {} : { mailTrouble }),
      ...(anchor === undefined ? {} : { anchor }),
      ...(current === undefined ? {} : { edition: current.edition }),
      ...(next === undefined ? {} : { nextEdition: next.edition }),
      ...(renewedBy === undefined ? {} : { renewedBy }),
    }
  })
}
