/** draft → in_review → approved → published → retired | withdrawn. */
export type VersionState = 'draft' | 'in_review' | 'approved' | 'published' | 'retired' | 'withdrawn'

export type VersionMove =
  /** Asks for a review. */
  | 'submit'
  | 'approve'
  /** Back to its authors, with a reason. */
  | 'return'
  | 'publish'
  /** No new badges; those that were given stay what they are. */
  | 'retire'
  /** No new badges, and everybody who looks at one is told why. */
  | 'withdraw'

const MOVES: Readonly<Record<VersionState, Readonly<Partial<Record<VersionMove, VersionState>>>>> = {
  draft: { submit: 'in_review', publish: 'published' },
  in_review: { approve: 'approved', return: 'draft' },
  approved: { return: 'draft', publish: 'published' },
  published: { retire: 'retired', withdraw: 'withdrawn' },
  // What is not given any more may still turn out to be wrong.
  retired: { withdraw: 'withdrawn' },
  withdrawn: {},
}

/** What can be done with a version. Where a review is wanted, a draft is not published without one. */
export const movesFrom = (state: VersionState, isReviewWanted: boolean): readonly VersionMove[] =>
  (Object.keys(MOVES[state]) as VersionMove[]).filter(
    (move) => !(isReviewWanted && state === 'draft' && move === 'publish'),
  )

/** The state after a move; undefined when it cannot be made. */
export const stateAfter = (
  state: VersionState,
  move: VersionMove,
  isReviewWanted: boolean,
): VersionState | undefined =>
  movesFrom(state, isReviewWanted).includes(move) ? MOVES[state][move] : undefined
