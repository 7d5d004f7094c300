/**
 * Whether moves, each as often as it was made, can be put in an order that a state machine allows, from one state to
 * another. Whoever pressed at once had no order; what was written down of it must have one.
 */
export function hasLegalOrder<State>(
  made: Readonly<Record<string, number>>,
  {
    from,
    isEnd,
    next,
  }: {
    readonly from: State
    readonly isEnd: (state: State) => boolean
    /** Undefined where the machine does not allow it. */
    readonly next: (state: State, move: string) => State | undefined
  },
): boolean {
  const moves = Object.keys(made)
  const tried = new Set<string>()
  const search = (state: State, left: readonly number[]): boolean => {
    if (left.every((count) => count === 0)) return isEnd(state)
    const key = JSON.stringify([state, left])
    if (tried.has(key)) return false
    tried.add(key)
    return moves.some((move, at) => {
      if (left[at] === 0) return false
      const after = next(state, move)
      return after !== undefined && search(after, left.with(at, (left[at] ?? 0) - 1))
    })
  }
  return search(from, Object.values(made))
}
