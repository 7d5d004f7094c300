import { errors } from '#engine/errors/catalogue.ts'
import type { FactFault } from '#engine/facts/fact-faults.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { CLOCK_SKEW_MS } from '#services/events/ingest-events.ts'

/** What is wrong with saying at `now` that something holds since `at`: as an event, it may not lie ahead of our clock. */
export const factTimeFault = (at: Instant, now: Instant, path: string): FactFault | undefined =>
  at <= now + CLOCK_SKEW_MS
    ? undefined
    : { code: 'fact-time-future', path, message: 'It is not true yet at that time.' }

/** Since when a single fact holds: now, unless said otherwise. Throws `facts-invalid`. */
export function factTime(at: Instant | undefined, now: Instant): Instant {
  const fault = at === undefined ? undefined : factTimeFault(at, now, '/at')
  if (fault !== undefined) throw errors.factsInvalid({ faults: [fault] })
  return at ?? now
}
