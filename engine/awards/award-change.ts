import { utf8 } from '#engine/shared/bytes.ts'
import type { Hash } from '#engine/shared/hash.ts'
import type { AwardId } from '#engine/shared/ids.ts'

/** What may become of many awards at once. */
export const CHANGE_ACTIONS = ['revoke', 'reissue'] as const
export type ChangeAction = (typeof CHANGE_ACTIONS)[number]

/** One award of a change, as it was when it was seen. */
export interface SeenAward {
  readonly awardId: AwardId
  readonly revision: number
  readonly action: ChangeAction
}

/**
 * Names exactly what was seen: the awards, how often each had been changed, and what is to become of it. In whichever
 * order they come the digest is the same.
 */
export const changeDigest = (awards: readonly SeenAward[], sha256: Hash): Uint8Array =>
  sha256(
    utf8(
      awards
        .map(({ awardId, revision, action }) => `${awardId} ${revision} ${action}\n`)
        .sort()
        .join(''),
    ),
  )
