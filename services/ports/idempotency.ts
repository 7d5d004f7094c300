/** The answer as it went over the wire, without what belongs to one request (date, request id, rate limits). */
export interface StoredAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export type IdempotencyStart =
  /** Go ahead, and say with the ticket how it ended. */
  | { readonly kind: 'new'; readonly ticket: string }
  | { readonly kind: 'replay'; readonly answer: StoredAnswer }
  | { readonly kind: 'in-progress' }
  /** The key was used for another request. */
  | { readonly kind: 'mismatch' }

/**
 * Remembers what was answered to a request with an Idempotency-Key, for at least 24 hours.
 * `scope` says whose key it is and for what: the same key of another caller or on another path is another key.
 */
export interface IdempotencyStore {
  /**
   * `requestDigest`: SHA-256 of what makes two requests the same.
   * Of any number of equal calls at once, exactly one is told `new`. A start that was neither completed nor abandoned
   * within a minute (its process died) counts as abandoned: the next call gets a new ticket, the old one is void.
   */
  begin(scope: string, key: string, requestDigest: Uint8Array): Promise<IdempotencyStart>
  /** Keeps the answer. Does nothing when the ticket is void. */
  complete(scope: string, key: string, ticket: string, answer: StoredAnswer): Promise<void>
  /** The request came to nothing: the key may be used again. Does nothing when the ticket is void. */
  abandon(scope: string, key: string, ticket: string): Promise<void>
}
