/** Lets whatever else waits in this thread go on: what a stranger sends may cost much, but not all at once. */
export const nextTurn = (): Promise<void> => new Promise((go) => setTimeout(go, 0))
