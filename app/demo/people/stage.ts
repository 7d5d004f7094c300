import type { Caller } from './caller.ts'
import type { Checks } from './checks.ts'
import type { Operator } from './operator.ts'

/** What every journey has. */
export interface Stage {
  readonly url: string
  readonly operator: Operator
  readonly checks: Checks
  /** Makes the names of this run its own. */
  readonly stamp: string
}

/** What the first journey leaves for the others. */
export interface School {
  readonly slug: string
  readonly owner: Caller
  readonly designer: Caller
  readonly awarder: Caller
  readonly viewer: Caller
  readonly issuerId: string
  /** Addresses at the school. */
  readonly at: (name: string) => string
}
