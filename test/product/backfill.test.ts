import { afterAll, expect, test } from 'vitest'
import { measureBackfill } from '../../bench/measure-backfill.ts'
import { killAllProducts } from './product-process.ts'

// Also of a run that took too long.
afterAll(() => killAllProducts())

test('a backfill of 20,000 events beside live ones: whoever earned it is awarded once, and nobody else', {
  timeout: 300_000,
}, async () => {
  // Two live events a second, which a machine keeps up with that has all other tests to run.
  const measured = await measureBackfill({
    events: 20_000,
    aloneMs: 1_000,
    everyMs: 500,
    progress: () => {},
  })
  expect(measured.wrong).toBe(0)
  expect(measured.history).toEqual({ people: 400, events: 20_000, earners: 40 })
  expect(measured.awarded).toBe(40 + measured.live)
  // Live events were sent all the while, and each of them was evaluated.
  expect(measured.during.events).toBeGreaterThan(0)
})
