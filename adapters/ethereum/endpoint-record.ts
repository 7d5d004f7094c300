import { MINUTE_MS } from '#engine/shared/duration.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Log } from '#services/ports/log.ts'
import type { EndpointWatch } from './endpoint-pool.ts'

/** Counts since the start of the process. */
export interface EndpointRecord extends EndpointWatch {
  /** By name of the endpoint; those that never failed are there with 0. */
  readonly failures: ReadonlyMap<string, number>
  /** By method. */
  readonly disagreements: ReadonlyMap<string, number>
}

/** Counts what goes wrong at endpoints, and logs it: the same once a minute at most, since it is asked about all the time. */
export function createEndpointRecord(
  names: readonly string[],
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): EndpointRecord {
  const failures = new Map(names.map((name) => [name, 0]))
  const disagreements = new Map<string, number>()
  const loggedAt = new Map<string, number>()
  const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1)
  const isNews = (key: string): boolean => {
    const now = clock.now()
    if (now - (loggedAt.get(key) ?? Number.NEGATIVE_INFINITY) < MINUTE_MS) return false
    loggedAt.set(key, now)
    return true
  }
  return {
    failures,
    disagreements,
    failed: (endpoint, method, reason) => {
      count(failures, endpoint)
      if (isNews(`failed ${endpoint}`)) log.warn('endpoint.failed', { endpoint, method, reason })
    },
    disagreed: (method, said) => {
      count(disagreements, method)
      if (isNews(`disagreed ${method}`)) log.error('endpoints.disagree', { method, said })
    },
  }
}
