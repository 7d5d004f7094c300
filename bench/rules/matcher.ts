import type { BenchRule } from './bench-rule.ts'
import type { BenchEvent } from './history.ts'

/** One side of the comparison: a named engine that says which rules an event meets, each event for itself. */
export interface Matcher {
  readonly name: string
  /** How often an event may meet a rule in one pass: what takes this engine some tenths of a second. */
  readonly questionsOfAPass: number
  compile(rules: readonly BenchRule[]): CompiledMatcher
}

export interface CompiledMatcher {
  /** Makes of the events what the engine wants to see. What comes back is to be measured: how many rules each meets. */
  counting(events: readonly BenchEvent[]): () => Promise<readonly number[]>
  /** The places of the rules that the event meets, in any order. */
  rulesOf(event: BenchEvent): Promise<readonly number[]>
}
