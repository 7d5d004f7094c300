import type { ExpertReviewState, Verdict } from '#engine/achievements/expert-review.ts'
import type { AchievementVersionId, ExpertReviewId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

/** Somebody from outside is asked what they think of a version before it is published. */
export interface ExpertReview {
  readonly organisationId: OrganisationId
  readonly id: ExpertReviewId
  readonly versionId: AchievementVersionId
  /** An e-mail address in lower case. */
  readonly address: string
  readonly language: string
  /** From whoever asks, in the mail. */
  readonly message?: string
  /** As in the books: one that is open may be over by the clock. */
  readonly state: ExpertReviewState
  readonly requestedBy: string
  readonly requestedAt: Instant
  readonly sentAt: Instant
  readonly timesSent: number
  readonly expiresAt: Instant
  readonly viewedAt?: Instant
  readonly closedAt?: Instant
  readonly answer?: ExpertAnswer
}

export interface ExpertAnswer {
  readonly verdict: Verdict
  readonly remarks?: string
  /** In the expert's own words. */
  readonly name: string
  readonly organisation?: string
  readonly qualification?: string
  /** SHA-256 of what it is about. */
  readonly digest: Uint8Array
}

export interface ExpertReviewStore {
  insert(review: ExpertReview & { readonly tokenHash: Uint8Array }): Promise<void>
  find(organisationId: OrganisationId, id: ExpertReviewId): Promise<ExpertReview | undefined>
  /** Across organisations: whoever shows the token belongs to none. */
  findByToken(tokenHash: Uint8Array): Promise<ExpertReview | undefined>
  /** Oldest first. */
  ofVersion(organisationId: OrganisationId, versionId: AchievementVersionId): Promise<readonly ExpertReview[]>
  /** Compare and set by state; false, and no change, when somebody was faster. */
  move(review: ExpertReview, to: ExpertReviewState, at: Instant, answer?: ExpertAnswer): Promise<boolean>
  /** Puts a fresh token in the place of the one before, where it is open and nobody was faster. */
  sendAgain(
    review: ExpertReview,
    to: { readonly tokenHash: Uint8Array; readonly sentAt: Instant; readonly expiresAt: Instant },
  ): Promise<boolean>
  /** Across organisations, for the clock: closes those whose time is over, at most so many, the oldest first. */
  expire(limit: number, now: Instant): Promise<readonly Pick<ExpertReview, 'organisationId' | 'id'>[]>
}
