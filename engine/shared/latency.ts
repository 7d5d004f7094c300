import type { Duration } from './duration.ts'

/**
 * Upper ends of the buckets in which latencies are counted, in milliseconds; what takes longer is in one bucket more.
 * Counts of any number of days and workers add up, which percentiles do not. Stored by place: never change the list.
 */
export const LATENCY_BOUNDS: readonly Duration[] = [
  5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000, 3_600_000,
]

export const noLatencies = (): number[] => new Array<number>(LATENCY_BOUNDS.length + 1).fill(0)

export function countLatency(counts: number[], latency: Duration): void {
  const found = LATENCY_BOUNDS.findIndex((bound) => latency <= bound)
  const place = found === -1 ? LATENCY_BOUNDS.length : found
  counts[place] = (counts[place] ?? 0) + 1
}

/**
 * The upper end of the bucket that holds the given share (0.95) of what was counted: the true value is that or less.
 * Undefined where nothing was counted, or where it lies above all bounds.
 */
export function latencyPercentile(counts: readonly number[], share: number): Duration | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const wanted = Math.max(1, Math.ceil(total * share))
  let seen = 0
  for (const [place, count] of counts.entries()) {
    seen += count
    if (total > 0 && seen >= wanted) return LATENCY_BOUNDS[place]
  }
  return undefined
}
