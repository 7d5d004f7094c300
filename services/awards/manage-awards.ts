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
import { approvalsOf } from './approvals-of.ts'
import { wrongState } from './award-life-of.ts'
import type { DecideApproval } from './decide-approval.ts'
import { rightToAssess } from './require-assessor.ts'
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
      const overviews: AwardOverview[] = []
      for (const award of items) overviews.push(await overview(stores, award))
      return next === undefined ? { items: overviews } : { items: overviews, next }
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
): Promise<Award> {
  const found = await stores.awards.find(id)
  const right = found === undefined ? 'award' : await rightToAssess(stores, found)
  const award = await awardOf(stores, principal, right, id)
  const locked = (await stores.awards.lock(id)) ?? award
  requireSeen(locked, seen)
  return locked
}

export async function overview(stores: Stores, award: Award): Promise<AwardOverview> {
  const version = await stores.achievements.version(award.achievementVersionId)
  const language = version?.definition.language ?? 'en'
  const credential = await stores.credentials.findByAward(award.id)
  const claim = await stores.claims.findByAward(award.id)
  const anchor = credential === undefined ? undefined : await anchorState(stores, credential.id)
  const editions = credential === undefined ? [] : await stores.credentials.editions(credential.id)
  const renewedBy = await stores.awards.renewalOf(award.id)
  const mailTrouble = (await stores.mail.troubles(award.organisationId, [award.id])).get(award.id)
  const [current, next] = [currentEdition(editions), pendingEdition(editions)]
  return {
    award,
    approvals: await approvalsOf(stores, award),
    criteria: version?.definition.criteriaItems?.map(({ id }) => id) ?? [],
    endorsements:
      credential === undefined || award.gate?.endorsement === undefined
        ? []
        : await stores.endorsements.ofTarget(award.organisationId, credential.id),
    achievementName: textIn(version?.definition.name ?? {}, language, language),
    ...(credential === undefined ? {} : { credential }),
    ...(claim === undefined ? {} : { claim }),
    ...(mailTrouble === undefined ? {} : { mailTrouble }),
    ...(anchor === undefined ? {} : { anchor }),
    ...(current === undefined ? {} : { edition: current.edition }),
    ...(next === undefined ? {} : { nextEdition: next.edition }),
    ...(renewedBy === undefined ? {} : { renewedBy }),
  }
}

/** Where the newest leaf of something is on its way to a final block. */
export async function anchorState(
  stores: Stores,
  targetId: string,
): Promise<'waiting' | BatchState | undefined> {
  const leaf = (await stores.anchoring.leavesOf(targetId)).at(-1)
  if (leaf === undefined) return undefined
  if (leaf.place === undefined) return 'waiting'
  return (await stores.anchoring.findBatch(leaf.place.batchId))?.state ?? 'waiting'
}
