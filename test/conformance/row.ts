import { isDeepStrictEqual } from 'node:util'
import type { ConformanceStage } from './conformance-stage.ts'

/** A row of the certification guide of Open Badges 3.0, played against the running product. */
export interface Row {
  /** As the guide counts them: ISS, DIS, HST. */
  readonly id: string
  readonly title: string
  /** Says what it saw; throws where it is not as it should be. */
  readonly play: (stage: ConformanceStage) => Promise<string>
}

/** Throws with both values where they differ. */
export function expectSame(what: string, actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return
  throw new Error(`${what} is ${JSON.stringify(actual)} and should be ${JSON.stringify(expected)}`)
}

export function expectThat(what: string, holds: boolean): void {
  if (!holds) throw new Error(`${what}: it does not`)
}
