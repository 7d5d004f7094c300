import { MINUTE_MS, SECOND_MS } from '#engine/shared/duration.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'

const MOST_ATTEMPTS = 8

/** When to try a row again after its nth failure: 1 s, 2 s, 4 s … up to 5 minutes; undefined: park it for a person. */
export function backOff(failedBefore: number, now: Instant): Instant | undefined {
  if (failedBefore + 1 >= MOST_ATTEMPTS) return undefined
  return asInstant(now + Math.min(SECOND_MS * 2 ** failedBefore, 5 * MINUTE_MS))
}
