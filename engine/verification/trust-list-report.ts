import type { Hex } from '#engine/shared/bytes.ts'
import type { Instant } from '#engine/shared/instant.ts'

/** What came of looking at one trust list. One that did not pass counts for nothing. */
export interface TrustListReport {
  /** The file or the place that it came from, as whoever gave it calls it. */
  readonly from: string
  readonly outcome: 'passed' | 'failed' | 'unknown'
  readonly code: TrustListCode
  /** One English sentence. */
  readonly detail: string
  /** What follows is what the list says of itself; absent when it could not be read. */
  readonly id?: string
  readonly name?: string
  readonly version?: number
  readonly publisher?: { readonly id: string; readonly name?: string; readonly domain?: string }
  readonly validFrom?: Instant
  readonly validUntil?: Instant
  /** When it was signed, as its proof says. */
  readonly signedAt?: Instant
  readonly issuers?: number
  /** `0x…` SHA-256 of its canonical form, proof included. */
  readonly digest?: Hex
}

export type TrustListCode =
  | 'trust-list-holds'
  | 'trust-list-unreadable'
  | 'trust-list-malformed'
  | 'trust-list-unsigned'
  | 'trust-list-altered'
  | 'trust-list-proof-refused'
  | 'trust-list-key-unnamed'
  | 'trust-list-key-unavailable'
  | 'trust-list-not-begun'
  | 'trust-list-expired'
