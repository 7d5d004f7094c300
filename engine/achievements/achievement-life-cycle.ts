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

/** What people do with versions. To edit one leaves it a draft; a `new_version` leaves it as it is. */
export type VersionAct = VersionMove | 'edit' | 'new_version'

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

/** All that can be done with the newest version of an achievement. */
export const possibleActs = (state: VersionState, isReviewWanted: boolean): readonly VersionAct[] => [
  ...(state === 'draft' ? (['edit'] as const) : []),
  ...movesFrom(state, isReviewWanted),
  ...(isOpen(state) ? [] : (['new_version'] as const)),
]

/** Not published yet: an achievement has one such version at a time. */
const isOpen = (state: VersionState): boolean =>
  state === 'draft' || state === 'in_review' || state === 'approved'

/** The state after a move; undefined when it cannot be made. */
export const stateAfter = (
  state: VersionState,
  move: VersionMove,
  isReviewWanted: boolean,
): VersionState | undefined =>
  movesFrom(state, isReviewWanted).includes(move) ? MOVES[state][move] : undefined
