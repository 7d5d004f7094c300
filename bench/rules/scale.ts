import type { Pace } from '../benchmark.ts'

export interface Scale {
  readonly rules: readonly number[]
  readonly events: number
  readonly people: number
}

const WHOLE: Scale = { rules: [10, 1000, 10_000], events: 100_000, people: 10_000 }
/** Shows that everything works. */
const SMALL: Scale = { rules: [10, 300], events: 4000, people: 400 }

/** A pace with little time gets little to do. */
export const scaleOf = ({ sideMs }: Pace): Scale => (sideMs < 200 ? SMALL : WHOLE)
