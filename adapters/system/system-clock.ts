import { asInstant } from '#engine/shared/instant.ts'
import type { Clock } from '#services/ports/clock.ts'

/** The time of this machine. */
export const systemClock: Clock = { now: () => asInstant(Date.now()) }
