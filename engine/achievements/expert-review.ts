import type { Instant } from '#engine/shared/instant.ts'

/** `requested → viewed → answered | declined | expired | withdrawn`: closed once, and for good. */
export const EXPERT_REVIEW_STATES = [
  'requested',
  'viewed',
  'answered',
  'declined',
  'expired',
  'withdrawn',
] as const
export type ExpertReviewState = (typeof EXPERT_REVIEW_STATES)[number]

/** By the expert: view, answer, decline. By the organisation: withdraw. By the clock: expire. */
export const EXPERT_REVIEW_MOVES = ['view', 'answer', 'decline', 'withdraw', 'expire'] as const
export type ExpertReviewMove = (typeof EXPERT_REVIEW_MOVES)[number]

export const VERDICTS = ['agrees', 'agrees_with_remarks', 'disagrees'] as const
export type Verdict = (typeof VERDICTS)[number]

const CLOSING = { decline: 'declined', withdraw: 'withdrawn', expire: 'expired' } as const
const MOVES: Readonly<
  Record<ExpertReviewState, Readonly<Partial<Record<ExpertReviewMove, ExpertReviewState>>>>
> = {
  requested: { view: 'viewed', ...CLOSING },
  // To look again changes nothing. Nobody answers about what they have not seen.
  viewed: { view: 'viewed', answer: 'answered', ...CLOSING },
  answered: {},
  declined: {},
  expired: {},
  withdrawn: {},
}

/** The state after a move; undefined when it cannot be made. */
export const reviewAfter = (
  state: ExpertReviewState,
  move: ExpertReviewMove,
): ExpertReviewState | undefined => MOVES[state][move]

/** What can be done with a review in this state, for the one who is refused. */
export const reviewMovesFrom = (state: ExpertReviewState): readonly string[] => {
  const moves = Object.keys(MOVES[state]).filter((move) => move !== 'expire')
  return moves.length === 0 ? ['ask again'] : [...moves, 'resend']
}

/** By the clock, whatever the books still say. */
export const reviewStateAt = (
  { state, expiresAt }: { readonly state: ExpertReviewState; readonly expiresAt: Instant },
  now: Instant,
): ExpertReviewState => (reviewAfter(state, 'expire') !== undefined && expiresAt <= now ? 'expired' : state)

export interface ReviewStanding {
  readonly need: number
  /** Different experts who agree with what the version says today, with remarks or without. */
  readonly have: number
  readonly disagree: number
  /** Asked, and not answered yet. */
  readonly open: number
  /** Answered about what has been edited since. */
  readonly stale: number
  readonly isEnough: boolean
}

/** How far the reviews of a version are. Of each address the last answer about today's text counts. */
export function reviewStanding(
  need: number,
  reviews: readonly {
    readonly address: string
    readonly state: ExpertReviewState
    readonly verdict?: Verdict
    readonly isStale: boolean
  }[],
): ReviewStanding {
  const said = new Map<string, Verdict>()
  for (const { address, state, verdict, isStale } of reviews)
    if (state === 'answered' && verdict !== undefined && !isStale) said.set(address, verdict)
  const disagree = [...said.values()].filter((verdict) => verdict === 'disagrees').length
  const have = said.size - disagree
  return {
    need,
    have,
    disagree,
    open: reviews.filter(({ state }) => state === 'requested' || state === 'viewed').length,
    stale: reviews.filter(({ state, isStale }) => state === 'answered' && isStale).length,
    isEnough: have >= need,
  }
}
