import { CelFailure } from './value.ts'

/** Counts the steps of one evaluation down; below zero the evaluation gives up. */
export interface Meter {
  left: number
}

/** How many characters are looked at in one step. */
export const CHARACTERS_PER_STEP = 64

/** What one list or map may hold. The event parsers refuse more; beyond, the evaluation gives up. */
export const MAX_ELEMENTS = 1000

export const EXHAUSTED = new CelFailure('the expression took more steps than it may')

export const TOO_MANY = new CelFailure(`a list or a map has more than ${MAX_ELEMENTS} elements`)

/** Takes steps; false when there are none left. */
export function spend(meter: Meter, steps: number): boolean {
  meter.left -= steps
  return meter.left >= 0
}

/** Takes the steps for looking at so many characters or bytes once. */
export const spendText = (meter: Meter, length: number): boolean =>
  length < CHARACTERS_PER_STEP ? meter.left >= 0 : spend(meter, Math.ceil(length / CHARACTERS_PER_STEP))
