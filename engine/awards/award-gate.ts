import type { Instant } from '#engine/shared/instant.ts'

/** What stands between a decision and its credential, as the rule version said when the award was granted. */
export interface AwardGate {
  readonly approval?: ApprovalGate
  readonly endorsement?: EndorsementGate
}

export interface ApprovalGate {
  readonly right: 'award'
  /** How many different people must say yes. */
  readonly quorum: number
  /** At least one of them had no hand in what led to the award. */
  readonly fourEyes?: boolean
}

export interface EndorsementGate {
  readonly quorum: number
  /** DIDs of those who are asked. */
  readonly of: readonly string[]
}

/** What one person said about an award that waits for people. */
export interface Approval {
  /** `key:ID`, `account:ID` or `operator`. */
  readonly by: string
  readonly decision: 'approved' | 'refused'
  readonly reason?: string
  /** This person had a hand in what led to the award. */
  readonly hadAHand: boolean
  /** Of an assessor. */
  readonly mandate?: ApprovalMandate
  readonly at: Instant
}

/** By which mandate an assessor said it. */
export interface ApprovalMandate {
  readonly id: string
  /** Ids of the criteria that this person could assess then; none: all of them. */
  readonly criteria: readonly string[]
}

export interface ApprovalStanding {
  /** Different people who said yes. */
  readonly have: number
  readonly need: number
  /** Enough may have said yes, and still all of them had a hand in it. */
  readonly needsOtherEyes: boolean
  /** Criteria that nobody who said yes may assess. */
  readonly unassessed: readonly string[]
  readonly isPassed: boolean
}

/** The gate of an award that waits for a person and whose rule says no more: one yes of anybody who may award. */
const ANYBODY: ApprovalGate = { right: 'award', quorum: 1 }

/** Where the award is of an achievement with criteria, each must have been assessed by somebody who may. */
export function approvalStanding(
  { quorum, fourEyes = false }: ApprovalGate = ANYBODY,
  approvals: readonly Approval[],
  criteria: readonly string[] = [],
): ApprovalStanding {
  const approved = approvals.filter(({ decision }) => decision === 'approved')
  const have = new Set(approved.map(({ by }) => by)).size
  const needsOtherEyes = fourEyes && approved.every(({ hadAHand }) => hadAHand)
  const unassessed = criteria.filter((id) => !approved.some(({ mandate }) => covers(mandate, id)))
  const isPassed = have >= quorum && !needsOtherEyes && unassessed.length === 0
  return { have, need: quorum, needsOtherEyes, unassessed, isPassed }
}

/** Who has no mandate said yes when the achievement had no assessors: to all of it. */
const covers = (mandate: ApprovalMandate | undefined, criterion: string): boolean =>
  mandate === undefined || mandate.criteria.length === 0 || mandate.criteria.includes(criterion)

export interface EndorsementStanding {
  /** Different endorsers of the gate whose signature is there. */
  readonly have: number
  readonly need: number
  /** `failed`: so many said no that the quorum cannot be reached any more. */
  readonly status: 'open' | 'passed' | 'failed'
}

/**
 * Whether enough of those who were asked have vouched for one credential. Each counts once, however often asked:
 * whoever said no and was asked again is open again.
 */
export function endorsementStanding(
  gate: EndorsementGate,
  endorsements: readonly { readonly endorserDid: string; readonly state: string }[],
): EndorsementStanding {
  const asked = new Set(gate.of)
  const inState = (...states: readonly string[]) =>
    new Set(
      endorsements
        .filter(({ endorserDid, state }) => asked.has(endorserDid) && states.includes(state))
        .map(({ endorserDid }) => endorserDid),
    )
  const signed = inState('signed', 'published')
  const reachable = inState('signed', 'published', 'requested', 'viewed')
  const status =
    signed.size >= gate.quorum ? 'passed' : reachable.size < gate.quorum ? 'failed' : ('open' as const)
  return { have: signed.size, need: gate.quorum, status }
}

/** What of a rule's gates an award takes with it; a claim code is a condition of the rule and asks nothing of an award. */
export function gateOf({ gate }: { readonly gate?: AwardGate }): AwardGate | undefined {
  if (gate?.approval === undefined && gate?.endorsement === undefined) return undefined
  return {
    ...(gate.approval === undefined ? {} : { approval: gate.approval }),
    ...(gate.endorsement === undefined ? {} : { endorsement: gate.endorsement }),
  }
}
