import { isDeepStrictEqual } from 'node:util'

/** Says what was checked, line by line, and counts. */
export interface Checks {
  readonly journey: (name: string) => void
  /** True where it is as it should be. */
  readonly check: (what: string, actual: unknown, expected: unknown) => boolean
  readonly note: (line: string) => void
  readonly failed: () => number
  readonly passed: () => number
}

export function createChecks(print: (line?: string) => void): Checks {
  let [passed, failed, journeys] = [0, 0, 0]
  return {
    journey: (name) => {
      journeys += 1
      print()
      print(`${journeys}. ${name}`)
    },
    check: (what, actual, expected) => {
      const isSo = isDeepStrictEqual(actual, expected)
      if (isSo) passed += 1
      else failed += 1
      print(`  ${isSo ? '✓' : '✗'} ${what}`)
      if (!isSo) print(`      is ${JSON.stringify(actual)} and should be ${JSON.stringify(expected)}`)
      return isSo
    },
    note: (line) => print(`    ${line}`),
    failed: () => failed,
    passed: () => passed,
  }
}
