import { actorOf, type Principal } from '#engine/access/rights.ts'
import {
  type ExpertReviewMove,
  reviewAfter,
  reviewMovesFrom,
  reviewStateAt,
} from '#engine/achievements/expert-review.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { DAY_MS } from '#engine/shared/duration.ts'
import type { ExpertReviewId, OrganisationId } from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import { newToken } from '#services/access/secret-token.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import { expertReviewMail } from '#services/mail/expert-review-mail.ts'
import { queueMail } from '#services/mail/queue-mail.ts'
import type { AchievementVersion } from '#services/ports/achievement-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { ExpertAnswer, ExpertReview } from '#services/ports/expert-review-store.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { reviewsOf, type VersionReviews } from './expert-review-standing.ts'
import { achievementOf, versionOf } from './manage-achievements.ts'
import type { NamedVersion } from './review-achievements.ts'

/** For how many days the link of a request works. */
const REVIEW_DAYS = 14

/** How often one request is mailed, as for invitations. */
const SENDS_MAX = 10

/** Somebody may ask a few experts, and not fill the mailboxes of many. */
const OPEN_MAX = 50

export interface AskExpertsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly audit: AuditTrail
  readonly wakeUps: WakeUps
  /** PUBLIC_URL, without a slash at the end. */
  readonly origin: string
}

/** The side of the organisation: to ask, to look, to take back. The expert's is answer-expert-reviews.ts. */
export const createAskExperts = (needs: AskExpertsNeeds) => {
  const { database, clock, random, hashes, audit, wakeUps, origin } = needs

  const mail = async (
    stores: Stores,
    review: ExpertReview,
    { definition }: AchievementVersion,
    token: string,
  ): Promise<void> => {
    const { organisationId, language, address, message } = review
    const organisation = await stores.organisations.find(organisationId)
    const mail = expertReviewMail({
      // In the fragment: it reaches no server log and no referrer.
      url: `${origin}/expert-review#${token}`,
      language,
      organisation: organisation?.name ?? '',
      achievement: textIn(definition.name, language, definition.language),
      days: REVIEW_DAYS,
      ...(message === undefined ? {} : { message }),
    })
    await queueMail({ random, origin }, stores, { organisationId, to: address, now: review.sentAt }, mail)
  }

  return {
    /**
     * Asks somebody by mail, while the version is reviewed. Throws `version-not-in-review`, and `expert-review-open` where
     * that address is asked already.
     */
    ask: async (
      principal: Principal,
      organisationId: OrganisationId,
      named: NamedVersion,
      wanted: { readonly address: string; readonly language: string; readonly message?: string },
    ): Promise<ExpertReview> => {
      const asked = await database.inOrganisation(organisationId, async (stores) => {
        await achievementOf(stores, principal, 'update', named.id)
        await stores.achievements.lock(named.id)
        const version = await versionOf(stores, named.id, named.version)
        requireInReview(version)
        const now = clock.now()
        const address = wanted.address.toLowerCase()
        const before = await closeOverdue(stores, audit, version, now)
        const open = before.filter(({ state }) => state === 'requested' || state === 'viewed')
        const same = open.find((review) => review.address === address)
        if (same !== undefined) throw errors.expertReviewOpen({ expertReviewId: same.id })
        if (open.length >= OPEN_MAX)
          throw errors.conflict({ what: 'version', reason: `${OPEN_MAX} experts are asked already` })
        const { token, hash } = newToken(random, hashes.sha256)
        const review: ExpertReview = {
          ...wanted,
          organisationId,
          id: random.rowId() as ExpertReviewId,
          versionId: version.id,
          address,
          state: 'requested',
          requestedBy: actorOf(principal),
          requestedAt: now,
          sentAt: now,
          timesSent: 1,
          expiresAt: asInstant(now + REVIEW_DAYS * DAY_MS),
        }
        await stores.expertReviews.insert({ ...review, tokenHash: hash })
        await mail(stores, review, version, token)
        await recordReview(stores, audit, review, 'requested', { actor: actorOf(principal), at: now })
        return review
      })
      await wakeUps.wake('mail')
      return asked
    },

    list: (
      principal: Principal,
      organisationId: OrganisationId,
      named: NamedVersion,
    ): Promise<VersionReviews> =>
      database.inOrganisation(organisationId, async (stores) => {
        await achievementOf(stores, principal, 'read', named.id)
        const version = await versionOf(stores, named.id, named.version)
        await closeOverdue(stores, audit, version, clock.now())
        return reviewsOf(stores, version, hashes.sha256, clock.now())
      }),

    /**
     * Mails it again with a fresh link and a fresh end; the link before opens nothing any more.
     * Throws `expert-review-closed`, `version-not-in-review`, `sent-too-often`.
     */
    sendAgain: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: ExpertReviewId,
    ): Promise<ExpertReview> => {
      const sent = await database.inOrganisation(organisationId, async (stores) => {
        const { review, version } = await owned(stores, principal, organisationId, id)
        const now = clock.now()
        const state = reviewStateAt(review, now)
        if (reviewAfter(state, 'withdraw') === undefined)
          throw errors.expertReviewClosed({ state, possible: reviewMovesFrom(state) })
        requireInReview(version)
        if (review.timesSent >= SENDS_MAX) throw errors.sentTooOften({ most: SENDS_MAX })
        const { token, hash } = newToken(random, hashes.sha256)
        const again = { sentAt: now, expiresAt: asInstant(now + REVIEW_DAYS * DAY_MS) }
        if (!(await stores.expertReviews.sendAgain(review, { ...again, tokenHash: hash })))
          throw errors.conflict({ what: 'expert review', reason: 'somebody else was faster' })
        const fresh = { ...review, ...again, timesSent: review.timesSent + 1 }
        await mail(stores, fresh, version, token)
        await recordReview(stores, audit, fresh, 'sent_again', { actor: actorOf(principal), at: now })
        return fresh
      })
      await wakeUps.wake('mail')
      return sent
    },

    /** Takes a request back. Throws `expert-review-closed`. */
    withdraw: (
      principal: Principal,
      organisationId: OrganisationId,
      id: ExpertReviewId,
    ): Promise<ExpertReview> =>
      database.inOrganisation(organisationId, async (stores) => {
        const { review } = await owned(stores, principal, organisationId, id)
        return moveReview(stores, audit, review, 'withdraw', { actor: actorOf(principal), at: clock.now() })
      }),
  }
}

/** A request, for somebody who may ask for it. */
async function owned(
  stores: Stores,
  principal: Principal,
  organisationId: OrganisationId,
  id: ExpertReviewId,
): Promise<{ readonly review: ExpertReview; readonly version: AchievementVersion }> {
  const review = await stores.expertReviews.find(organisationId, id)
  const version = review === undefined ? undefined : await stores.achievements.version(review.versionId)
  if (review === undefined || version === undefined) throw errors.notFound({ what: 'expert review', id })
  await achievementOf(stores, principal, 'update', version.achievementId)
  return { review, version }
}

/** What is not under review is no text that would be published. Throws `version-not-in-review`. */
export function requireInReview({ version, state }: AchievementVersion): void {
  if (state !== 'in_review' && state !== 'approved')
    throw errors.versionNotInReview({ version, state, possible: state === 'draft' ? ['submit'] : [] })
}

/** Brings the books of a version up to the clock, for whoever looks before the expire step does. */
async function closeOverdue(
  stores: Stores,
  audit: AuditTrail,
  { organisationId, id }: AchievementVersion,
  now: Instant,
): Promise<readonly ExpertReview[]> {
  const reviews = await stores.expertReviews.ofVersion(organisationId, id)
  for (const review of reviews)
    if (review.state !== 'expired' && reviewStateAt(review, now) === 'expired')
      if (await stores.expertReviews.move(review, 'expired', review.expiresAt))
        await recordReview(stores, audit, review, 'expired', { actor: 'system', at: now })
  return reviews.map((review) => ({ ...review, state: reviewStateAt(review, now) }))
}

const recordReview = (
  stores: Stores,
  audit: AuditTrail,
  { organisationId, id }: ExpertReview,
  what: string,
  { actor, at }: { readonly actor: string; readonly at: Instant },
) =>
  audit(stores, {
    organisationId,
    at,
    actor,
    action: `expert_review.${what}`,
    targetType: 'expert_review',
    targetId: id,
  })

/** Makes one move, where the state allows it and nobody was faster. Throws `expert-review-closed`. */
export async function moveReview(
  stores: Stores,
  audit: AuditTrail,
  review: ExpertReview,
  move: ExpertReviewMove,
  by: { readonly actor: string; readonly at: Instant; readonly answer?: ExpertAnswer },
): Promise<ExpertReview> {
  const state = reviewStateAt(review, by.at)
  const to = reviewAfter(state, move)
  if (to === undefined) throw errors.expertReviewClosed({ state, possible: reviewMovesFrom(state) })
  if (to === state) return review
  if (!(await stores.expertReviews.move(review, to, by.at, by.answer)))
    throw errors.conflict({ what: 'expert review', reason: 'somebody else was faster' })
  await recordReview(stores, audit, review, to, by)
  return {
    ...review,
    state: to,
    ...(to === 'viewed' ? { viewedAt: by.at } : { closedAt: by.at }),
    ...(by.answer === undefined ? {} : { answer: by.answer }),
  }
}
