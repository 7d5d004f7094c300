import type { OrganisationId } from '#engine/shared/ids.ts'

/** Whose key it is, and for what: the same key of another caller or on another path is another key. */
export interface IdempotencyScope {
  /** Undefined for a person who signed in, or for nobody in particular. */
  readonly organisationId: OrganisationId | undefined
  /** `key:ID`, `account:ID` or `anonymous`. */
  readonly principal: string
  /** Method and path as called, without query: `POST /v1/achievements`. */
  readonly operation: string
}

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
 * Of any number of equal calls at once, exactly one is told `new`.
 */
export interface IdempotencyStore {
  /**
   * `requestDigest`: hexadecimal SHA-256 of what makes two requests the same.
   * A start that was neither completed nor abandoned within a minute (its process died) counts as abandoned.
   */
  begin(scope: IdempotencyScope, key: string, requestDigest: string): Promise<IdempotencyStart>
  /** Keeps the answer. Does nothing when the ticket was given up meanwhile. */
  complete(ticket: string, answer: StoredAnswer): Promise<void>
  /** The request came to nothing: the same key may be used again. */
  abandon(ticket: string): Promise<void>
}
