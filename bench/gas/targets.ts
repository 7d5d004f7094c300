import type { OurFigures } from './figures.ts'

/** What an operation may cost at most, whatever it cost before. */
export interface Target {
  readonly of: string
  readonly gas: number
  readonly most: number
  readonly why: string
}

export const targetsOf = ({ floor, ours }: OurFigures): readonly Target[] => [
  {
    of: 'anchor',
    gas: ours.anchor[0] ?? Number.NaN,
    most: Math.floor(floor.newSlot * 1.07),
    why: '7 % above one new slot',
  },
  { of: 'furtherAnchor', gas: ours.furtherAnchor, most: 33_500, why: 'a further one in the same call' },
  { of: 'revokeOne', gas: ours.revokeOne, most: 33_500, why: 'one leaf of the word of the batch' },
  { of: 'revokeBatch', gas: ours.revokeBatch, most: 33_500, why: 'a whole batch' },
  { of: 'verify', gas: ours.verify, most: 15_500, why: 'a leaf of 10,000' },
]

export const isReached = ({ gas, most }: Target): boolean => gas <= most
