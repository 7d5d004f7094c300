/** One page of a collection, newest first; `next` is where the following page starts. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly next?: PageStart
}

export interface PageStart {
  /** Milliseconds and row id of the last item seen. */
  readonly at: number
  readonly id: string
}

export interface PageRequest {
  readonly limit: number
  readonly after?: PageStart
}
