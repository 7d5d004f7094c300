import { expect, test } from 'vitest'
import type { AwardLife } from '#engine/awards/award-life.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { fateUnderCompromise } from './key-compromise.ts'

const SINCE = asInstant(1_000_000)
const issued: AwardLife = { state: 'issued', editions: [{ edition: 1, cause: 'issued', state: 'signed' }] }

test.each([
  ['before', SINCE - 1, 'anchored'],
  // A thief had the key in that very millisecond.
  ['in the moment itself', SINCE, 'reissue'],
  ['after', SINCE + 1, 'reissue'],
  ['not yet', undefined, 'reissue'],
] as const)('an issued badge that was anchored %s: %s', (_when, anchoredAt, fate) => {
  const at = anchoredAt === undefined ? undefined : asInstant(anchoredAt)
  expect(fateUnderCompromise(issued, at, SINCE)).toBe(fate)
})

test('what is over, suspended or on its way anyway is left', () => {
  const next = { edition: 2, cause: 'corrected', state: 'prepared' } as const
  for (const life of [
    { ...issued, state: 'revoked' },
    { ...issued, state: 'expired' },
    { ...issued, editions: [{ ...issued.editions[0], end: 'suspended' }] },
    { ...issued, editions: [...issued.editions, next] },
  ] as AwardLife[])
    expect(fateUnderCompromise(life, undefined, SINCE)).toBe('left')
})

test('an edition that could not be signed is in nobody’s way', () => {
  const parked = { edition: 2, cause: 'corrected', state: 'prepared', isParked: true } as const
  const life = { ...issued, editions: [...issued.editions, parked] }
  expect(fateUnderCompromise(life, undefined, SINCE)).toBe('reissue')
})
