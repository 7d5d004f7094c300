import { actorOf, type Principal } from '#engine/access/rights.ts'
import { claimOver } from '#engine/claims/claim-over.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AwardId, OrganisationId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import { requireRightOnAchievement } from '#services/access/authorise.ts'
import { newToken } from '#services/access/secret-token.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import { wrongState } from '#services/awards/award-life-of.ts'
import { type AwardOverview, overview } from '#services/awards/manage-awards.ts'
import { CLAIM_MS } from '#services/awards/open-claims.ts'
import { claimMail } from '#services/mail/mail-texts.ts'
import { queueMail } from '#services/mail/queue-mail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Random } from '#services/ports/random.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'

/** How many mails one claim is sent by at most. */
const SENDS_MAX = 10

export interface ResendClaimNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly audit: AuditTrail
  readonly wakeUps: WakeUps
  readonly origin: string
}

/**
 * Mails the claim of an issued award once more. Links are kept as hashes, so it is another link, with all the time that
 * the first one had; the earlier one is over. Also of a claim for which the time is over: nothing else brings such a badge home.
 * Throws `not-found`, `forbidden`, `conflict`, `claim-over`, `sent-too-often`.
 */
export const createResendClaim =
  ({ database, clock, random, hashes, audit, wakeUps, origin }: ResendClaimNeeds) =>
  async (principal: Principal, organisationId: OrganisationId, awardId: AwardId): Promise<AwardOverview> => {
    const sent = await database.inOrganisation(organisationId, async (stores) => {
      // 1. Load. The award is held: two who press at once are counted one after the other.
      const found = await stores.awards.find(awardId)
      if (found === undefined) throw errors.notFound({ what: 'award', id: awardId })
      await requireRightOnAchievement(stores, principal, 'award', organisationId, found.achievementId)
      const award = (await stores.awards.lock(awardId)) ?? found
      const claim = await stores.claims.findByAward(awardId)
      const issuer = await stores.issuers.find(award.issuerId)
      const version = await stores.achievements.version(award.achievementVersionId)

      // 2. Decide.
      if (award.state !== 'issued') throw await wrongState(stores, award)
      if (claim?.state === 'claimed' || claim?.state === 'rejected') throw claimOver(claim.state)
      if (claim === undefined || claim.identifier.type !== 'email')
        throw errors.conflict({ what: 'award', reason: 'nothing is mailed to its identifier' })
      if (issuer === undefined || version === undefined) throw errors.notFound({ what: 'award', id: awardId })
      if ((await stores.claims.mails(claim.id)) >= SENDS_MAX) throw errors.sentTooOften({ most: SENDS_MAX })

      // 3. Save, and mail.
      const now = clock.now()
      const { token, hash } = newToken(random, hashes.sha256)
      if (!(await stores.claims.renew(claim.id, hash, asInstant(now + CLAIM_MS))))
        throw claimOver((await stores.claims.find(claim.id))?.state ?? claim.state)
      await audit(stores, {
        organisationId,
        at: now,
        actor: actorOf(principal),
        action: 'claim.sent_again',
        targetType: 'claim',
        targetId: claim.id,
      })
      const { definition } = version
      const language = award.correction?.language ?? definition.language
      const message = claimMail({
        url: `${origin}/claim#${token}`,
        language,
        achievement: textIn(definition.name, language, definition.language),
        issuer: issuer.name,
        byRule: award.byRule !== undefined,
      })
      const to = { organisationId, to: claim.identifier.value, now, aboutId: award.id }
      await queueMail({ random, origin }, stores, to, message)
      return overview(stores, award)
    })
    await wakeUps.wake('mail')
    return sent
  }
