import type { CaseResult } from './conformance.ts'

/** In percent: of the core cases that need no protobuf, and of the types that are officially known. */
export const THRESHOLDS = { passed: 99.5, types: 97 } as const

export interface Score {
  readonly applied: number
  readonly passed: number
  readonly typed: number
  readonly agreed: number
  readonly leftOut: number
}

export function scoreOf(results: readonly CaseResult[]): Score {
  const applied = results.filter(({ leftOut }) => leftOut === undefined)
  const typed = applied.flatMap(({ types }) => (types === undefined ? [] : [types]))
  return {
    applied: applied.length,
    passed: applied.filter(({ evaluation }) => evaluation === undefined).length,
    typed: typed.length,
    agreed: typed.filter(({ official, ours }) => official === ours).length,
    leftOut: results.length - applied.length,
  }
}

export function isGood(results: readonly CaseResult[]): boolean {
  const core = scoreOf(results.filter(({ isCore }) => isCore))
  const all = scoreOf(results)
  return (
    100 * core.passed >= THRESHOLDS.passed * core.applied && 100 * all.agreed >= THRESHOLDS.types * all.typed
  )
}
