/** Lets everybody else have a turn: what computes for long asks for one between pieces of some milliseconds. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))
