/** Bounds on one request body. `maxDepth`, `maxNodes` and `maxKeys` bound JSON only. */
export interface BodyLimit {
  readonly maxBytes: number
  /** Levels of arrays and objects; `[]` is 1. */
  readonly maxDepth: number
  /** Values of every kind in the document, arrays and objects included. */
  readonly maxNodes: number
  /** Members of objects in the whole document. */
  readonly maxKeys: number
  /** Documents to be looked at and nothing else: what is over a bound is refused with `document-too-large`, as the file alone is. */
  readonly isOfDocuments?: true
}

/** Which bound a route wants: `standard` unless it says otherwise. */
export type BodyLimitName =
  | 'standard'
  | 'document'
  | 'credential'
  | 'events'
  | 'upload'
  | 'verification'
  | 'table'

/** How many requests one caller may make within a minute. */
export interface RateLimits {
  /** Per API key or account. */
  readonly perPrincipal: number
  /** Per address, without or before authentication. */
  readonly perAddress: number
  /** Answers 401 per address, and per key prefix. */
  readonly wrongCredentials: number
  /** Applications that register, per address within an hour. */
  readonly registrations: number
}

export interface HttpLimits {
  readonly body: Readonly<Record<BodyLimitName, BodyLimit>>
  readonly rate: RateLimits
  /** For the headers of a request to arrive, milliseconds. */
  readonly headersTimeoutMs: number
  /** For a whole request to arrive, milliseconds. */
  readonly requestTimeoutMs: number
  /** For running requests to finish at close, milliseconds. */
  readonly closeTimeoutMs: number
}

/** The limits of the first release. app/config.ts may hand in others. */
export const defaultHttpLimits: HttpLimits = {
  body: {
    standard: { maxBytes: 100_000, maxDepth: 32, maxNodes: 10_000, maxKeys: 1000 },
    document: { maxBytes: 1_000_000, maxDepth: 64, maxNodes: 4000, maxKeys: 4000 },
    // A verifier bounds depth and values itself, with 413: a megabyte of values would be a tenth of a second of reading before.
    credential: {
      maxBytes: 1_100_000,
      maxDepth: 500,
      maxNodes: 20_000,
      maxKeys: 20_000,
      isOfDocuments: true,
    },
    events: { maxBytes: 4_000_000, maxDepth: 32, maxNodes: 400_000, maxKeys: 200_000 },
    upload: { maxBytes: 10_000_000, maxDepth: 64, maxNodes: 4000, maxKeys: 4000 },
    // A document at the bounds and what may come beside it, as a trust list; each is held to bounds of its own.
    verification: {
      maxBytes: 10 * 1024 * 1024,
      maxDepth: 70,
      maxNodes: 20_000,
      maxKeys: 20_000,
      isOfDocuments: true,
    },
    // Streamed: never whole in memory.
    table: { maxBytes: 60_000_000, maxDepth: 64, maxNodes: 4000, maxKeys: 4000 },
  },
  rate: { perPrincipal: 6000, perAddress: 1200, wrongCredentials: 20, registrations: 30 },
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  closeTimeoutMs: 10_000,
}
