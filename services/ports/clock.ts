import type { Instant } from '#engine/shared/instant.ts'

/** The time, handed in. */
export interface Clock {
  now(): Instant
}
