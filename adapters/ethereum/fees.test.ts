import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextFees } from './fees.ts'

const GWEI = 1_000_000_000n
const market = { baseFee: 10n * GWEI, suggestedTip: 2n * GWEI }

test('a first price is twice the base fee and the tip', () => {
  expect(nextFees(market, 500n * GWEI)).toEqual({ maxFeePerGas: 22n * GWEI, maxPriorityFeePerGas: 2n * GWEI })
})

test('a price never passes the cap', () => {
  expect(nextFees(market, 15n * GWEI)).toEqual({ maxFeePerGas: 15n * GWEI, maxPriorityFeePerGas: 2n * GWEI })
  expect(() => nextFees(market, 9n * GWEI)).toThrow(expect.objectContaining({ code: 'fee-cap-reached' }))
})

const fee = fc.bigInt({ min: 0n, max: 200n * GWEI })

test('a replacement offers at least an eighth more of both, whatever the market does', () => {
  fc.assert(
    fc.property(fee, fee, fee, fee, (baseFee, suggestedTip, oldRest, oldTip) => {
      const replaced = { maxFeePerGas: oldTip + oldRest, maxPriorityFeePerGas: oldTip }
      const cap = 10_000n * GWEI
      const next = nextFees({ baseFee, suggestedTip }, cap, replaced)
      expect(next.maxFeePerGas * 8n >= replaced.maxFeePerGas * 9n).toBe(true)
      expect(next.maxPriorityFeePerGas * 8n >= oldTip * 9n).toBe(true)
      expect(next.maxFeePerGas > replaced.maxFeePerGas).toBe(true)
      expect(next.maxPriorityFeePerGas > oldTip).toBe(true)
      expect(next.maxFeePerGas >= next.maxPriorityFeePerGas).toBe(true)
    }),
  )
})

test('a replacement follows a market that has risen by more', () => {
  const replaced = { maxFeePerGas: GWEI, maxPriorityFeePerGas: GWEI }
  expect(nextFees(market, 500n * GWEI, replaced)).toEqual(nextFees(market, 500n * GWEI))
})

test('a bump past the cap is refused, not trimmed: a trimmed one would be ignored', () => {
  const replaced = { maxFeePerGas: 15n * GWEI, maxPriorityFeePerGas: GWEI }
  expect(() => nextFees(market, 16n * GWEI, replaced)).toThrow(
    expect.objectContaining({ code: 'fee-cap-reached' }),
  )
})
