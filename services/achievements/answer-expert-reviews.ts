import { errors } from '#engine/errors/catalogue.ts'
import { toHex } from '#engine/shared/bytes.ts'
import { hashToken } from '#services/access/secret-token.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { AchievementVersion } from '#services/ports/achievement-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { ExpertAnswer, ExpertReview } from '#services/ports/expert-review-store.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Stores } from '#services/ports/stores.ts'
import { moveReview, requireInReview } from './ask-experts.ts'
import { definitionDigest } from './definition-digest.ts'

export interface AnswerExpertReviewsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly hashes: Hashes
  readonly audit: AuditTrail
}

/** What the link of a mail shows to the expert. */
export interface ReviewRequest {
  readonly review: ExpertReview
  readonly version: AchievementVersion
  readonly organisationName: string
  readonly issuerName: string
  /** Of what is shown: the answer names it. */
  readonly digest: Uint8Array
}

/** The side of the expert, who has a link and needs no account. The audit trail calls them `expert`. */
export const createAnswerExpertReviews = (needs: AnswerExpertReviewsNeeds) => {
  const { database, clock, hashes, audit } = needs

  const find = async (stores: Stores, token: string) => {
    const review = await stores.expertReviews.findByToken(hashToken(token, hashes.sha256))
    const version = review === undefined ? undefined : await stores.achievements.version(review.versionId)
    if (review === undefined || version === undefined) throw errors.expertReviewUnknown({})
    return { review, version, digest: definitionDigest(version.definition, hashes.sha256) }
  }

  const told = async (stores: Stores, found: Awaited<ReturnType<typeof find>>): Promise<ReviewRequest> => {
    const { review, version } = found
    const achievement = await stores.achievements.find(version.achievementId)
    const issuer = achievement === undefined ? undefined : await stores.issuers.find(achievement.issuerId)
    const organisation = await stores.organisations.find(review.organisationId)
    return { ...found, organisationName: organisation?.name ?? '', issuerName: issuer?.name ?? '' }
  }

  const now = () => ({ actor: 'expert', at: clock.now() })

  return {
    /**
     * What is to be reviewed, as it is now; that somebody has looked is noted. Throws `expert-review-unknown`,
     * `expert-review-closed`, and `version-not-in-review` while its authors work on it.
     */
    view: (token: string): Promise<ReviewRequest> =>
      database.asWorker(async (stores) => {
        const found = await find(stores, token)
        const review = await moveReview(stores, audit, found.review, 'view', now())
        requireInReview(found.version)
        return told(stores, { ...found, review })
      }),

    /** Besides: `expert-review-outdated` when `seen` is not what the version says now. */
    answer: (
      token: string,
      /** Digest of what was shown, in hexadecimal. */
      seen: string,
      said: Omit<ExpertAnswer, 'digest'>,
    ): Promise<ReviewRequest> =>
      database.asWorker(async (stores) => {
        const { version } = await find(stores, token)
        // Nobody edits it between the look and the word.
        await stores.achievements.lock(version.achievementId)
        const found = await find(stores, token)
        const review = await moveReview(stores, audit, found.review, 'answer', {
          ...now(),
          answer: { ...said, digest: found.digest },
        })
        requireInReview(found.version)
        if (toHex(found.digest).slice(2) !== seen) throw errors.expertReviewOutdated({})
        return told(stores, { ...found, review })
      }),

    decline: (token: string): Promise<void> =>
      database.asWorker(async (stores) => {
        const { review } = await find(stores, token)
        await moveReview(stores, audit, review, 'decline', now())
      }),
  }
}
