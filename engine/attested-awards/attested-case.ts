import type { Hex } from '#engine/shared/bytes.ts'
import { type AttestedRule, seatOf } from './attested-rule.ts'

/** What the contract tells of one case: a rule and a subject. */
export type CaseEvent =
  | { readonly kind: 'attested' | 'withdrawn'; readonly criterion: number; readonly attester: Hex }
  /** `at`: seconds since 1970. */
  | { readonly kind: 'awarded'; readonly at: number }

/** How a case stands after some of its events. */
export interface CaseState {
  /** The seats on which an attestation stands, numbered through the rule. */
  readonly standing: ReadonlySet<number>
  /** When the contract recorded the award, in seconds since 1970. */
  readonly awardedAt?: number
}

export const EMPTY_CASE: CaseState = { standing: new Set() }

/** Adds one event, in the order of the chain. After the award nothing changes any more. */
export function foldCase(rule: AttestedRule, state: CaseState, event: CaseEvent): CaseState {
  if (state.awardedAt !== undefined) return state
  if (event.kind === 'awarded') return { ...state, awardedAt: event.at }
  const seat = seatOf(rule, event.criterion, event.attester)
  if (seat === undefined) return state
  const standing = new Set(state.standing)
  if (event.kind === 'attested') standing.add(seat)
  else standing.delete(seat)
  return { standing }
}

export interface JudgedCase {
  readonly criteria: readonly {
    readonly isMet: boolean
    /** The attesters whose attestations stand. */
    readonly attestedBy: readonly Hex[]
  }[]
  /** How many criteria must still be met; 0 when the rule is fulfilled. */
  readonly missing: number
}

/** Which criteria are met, and how many are missing. That the award *is made*, only the contract says. */
export function judgeCase({ criteria, threshold }: AttestedRule, { standing }: CaseState): JudgedCase {
  let seat = 0
  const judged = criteria.map(({ attesters }) => {
    const attestedBy = attesters.filter(() => standing.has(seat++))
    return { isMet: attestedBy.length > 0, attestedBy }
  })
  const met = judged.filter(({ isMet }) => isMet).length
  return { criteria: judged, missing: Math.max(0, threshold - met) }
}

/** The seats of a word as the contract keeps them: bit i is seat i. */
export function seatsOf(word: bigint): ReadonlySet<number> {
  const seats = new Set<number>()
  for (let seat = 0; word >> BigInt(seat) !== 0n; seat++)
    if (((word >> BigInt(seat)) & 1n) === 1n) seats.add(seat)
  return seats
}
