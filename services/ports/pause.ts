/** Waits, handed in: for a step that looks around while others' servers take their time. Ends at once with the signal. */
export type Pause = (ms: number, signal?: AbortSignal) => Promise<void>
