import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countLatency, LATENCY_BOUNDS, latencyPercentile, noLatencies } from './latency.ts'

const top = LATENCY_BOUNDS.at(-1) ?? 0

test('a percentile of the buckets is the bucket of the percentile', () => {
  const latencies = fc.array(fc.integer({ min: 0, max: 2 * top }), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(latencies, fc.constantFrom(0.5, 0.95, 1), (all, share) => {
      const counts = noLatencies()
      for (const each of all) countLatency(counts, each)
      const sorted = [...all].sort((a, b) => a - b)
      const value = sorted[Math.max(1, Math.ceil(sorted.length * share)) - 1] ?? 0
      expect(latencyPercentile(counts, share)).toBe(LATENCY_BOUNDS.find((bound) => value <= bound))
    }),
  )
})

test('nothing counted has no percentile', () => {
  expect(latencyPercentile(noLatencies(), 0.5)).toBeUndefined()
})
