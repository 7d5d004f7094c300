export interface GuardedRequest {
  readonly method?: 'GET' | 'POST' | 'PUT'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** Ends it before its time: it fails with `connection`. */
  readonly signal?: AbortSignal
}

export interface GuardedResponse {
  readonly status: number
  /** Media type without parameters, in lower case; empty where the server named none. */
  readonly mediaType: string
  readonly body: Uint8Array
  /** In lower case; of a repeated one its values with commas between. */
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Fetches what a stranger's document names: https only, to public addresses only (checked when connecting),
 * no redirects, 5 s and 1 MB in all. Any status is an answer.
 * Throws `fetch-refused` (the address is not one that we go to) and `fetch-failed` (nothing usable came back).
 */
export type GuardedFetch = (url: string, request?: GuardedRequest) => Promise<GuardedResponse>
