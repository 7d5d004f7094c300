import { type ReviewStanding, reviewStanding, reviewStateAt } from '#engine/achievements/expert-review.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { equalBytes } from '#engine/shared/bytes.ts'
import type { Hash } from '#engine/shared/hash.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { AchievementVersion } from '#services/ports/achievement-store.ts'
import type { ExpertReview } from '#services/ports/expert-review-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import { definitionDigest } from './definition-digest.ts'

/** An answer about what has been edited since counts no more. */
export const isStale = ({ answer }: ExpertReview, digest: Uint8Array): boolean =>
  answer !== undefined && !equalBytes(answer.digest, digest)

export interface VersionReviews {
  readonly reviews: readonly ExpertReview[]
  readonly digest: Uint8Array
  readonly standing: ReviewStanding
}

/** What experts were asked and said about a version, and whether that is enough to publish it. */
export async function reviewsOf(
  stores: Stores,
  version: AchievementVersion,
  sha256: Hash,
  now: Instant,
): Promise<VersionReviews> {
  const { expertReviews, expertReviewsOfMicroCredential } = await stores.settings.find(version.organisationId)
  const isMicro = version.definition.badgeType === 'micro-credential'
  const need = isMicro ? Math.max(expertReviews, expertReviewsOfMicroCredential) : expertReviews
  const digest = definitionDigest(version.definition, sha256)
  const reviews = (await stores.expertReviews.ofVersion(version.organisationId, version.id)).map(
    (review) => ({ ...review, state: reviewStateAt(review, now) }),
  )
  const counted = reviews.map((review) => ({
    address: review.address,
    state: review.state,
    isStale: isStale(review, digest),
    ...(review.answer === undefined ? {} : { verdict: review.answer.verdict }),
  }))
  return { reviews, digest, standing: reviewStanding(need, counted) }
}

/** Throws `expert-reviews-missing` where the organisation wants more experts to agree than do. */
export async function requireExpertReviews(
  stores: Stores,
  version: AchievementVersion,
  sha256: Hash,
  now: Instant,
): Promise<void> {
  const { standing } = await reviewsOf(stores, version, sha256, now)
  const { isEnough, ...counts } = standing
  if (!isEnough) throw errors.expertReviewsMissing({ ...counts, missing: counts.need - counts.have })
}
