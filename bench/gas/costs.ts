import type { Table } from '../benchmark.ts'
import { whole } from '../table.ts'
import type { Figures } from './figures.ts'

/** Examples, in gwei for a unit of gas. What a chain asks, it says itself. */
const PRICES = [0.01, 1, 30] as const

/** What operations come to at example prices, in a chain's own coin. */
export function costTableOf({ ours }: Figures): Pick<Table, 'columns' | 'rows'> {
  const anchor = ours.anchorRelayed[0] ?? Number.NaN
  const rows: readonly (readonly [string, number])[] = [
    ['deploy BadgeAnchor, once on a chain', ours.deploy],
    ['deploy AttestedAward, once on a chain', ours.deployAwards],
    ['register an issuer', ours.register],
    ['anchor a batch, whatever its size', anchor],
    ['of this, a badge of a full batch (4,096)', anchor / 4096],
    ['a batch every hour, for a year', anchor * 24 * 365],
    ['revoke one badge', ours.revokeOneRelayed],
    ['revoke a whole batch', ours.revokeBatchRelayed],
    ['an award attested by three, in one transaction', ours.awardTogether],
    ['grant a key, and give the old one an end', ours.grantKey + ours.narrowKey],
  ]
  return {
    columns: ['operation, relayed', 'gas', ...PRICES.map((price) => `at ${price} gwei`)],
    rows: rows.map(([what, gas]) => [what, whole(gas), ...PRICES.map((price) => coins(gas * price * 1e-9))]),
  }
}

const coins = (amount: number): string =>
  amount.toLocaleString('en', { maximumSignificantDigits: 3, maximumFractionDigits: 18 })
