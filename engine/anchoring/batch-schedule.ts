import { asInstant, type Instant } from '#engine/shared/instant.ts'

/**
 * When batches closed last: at whole multiples of the interval since 1970. What was open then is due now.
 * The time of a batch thus tells that something was issued in the interval before, and never at which moment of it; were
 * a batch closed when its oldest leaf has some age, its time would be that of the event, but for a constant.
 */
export const lastClosing = (now: Instant, intervalMs: number): Instant =>
  asInstant(Math.floor(now / intervalMs) * intervalMs)
