import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { VC_CONTEXT } from './contexts.ts'

/** Fewest entries of a list of ours, so that asking for it tells nothing (Bitstring Status List v1.0, section 6.1). */
export const STATUS_LIST_MIN_ENTRIES = 131_072

/**
 * Fewest entries of a list that counts. Bitstring Status List v1.0 (section 3.2, step 2) has 131,072 "unless a different lower bound is
 * established" by an ecosystem; the lists of the Digital Credentials Consortium, whose badges are to verify here, have 100,000.
 */
export const STATUS_LIST_LOWER_BOUND = 100_000

/**
 * For how long a verifier may keep a list of ours before it asks again, in milliseconds (`ttl`; Bitstring Status List v1.0, section
 * 2.2): a badge that is revoked counts for no longer than that anywhere.
 */
export const STATUS_LIST_TTL_MS = 300_000

/** What the lists of an issuer may be for (Bitstring Status List v1.0, section 2.1). Badges have entries for revocation. */
export const STATUS_PURPOSES = ['revocation', 'suspension', 'refresh', 'message'] as const
export type StatusListPurpose = (typeof STATUS_PURPOSES)[number]

/** Which bit of which list speaks for a credential. */
export interface StatusPlace {
  /** `ORIGIN/issuers/SLUG/status/N`. */
  readonly list: string
  readonly index: number
  /** `revocation` by default. */
  readonly purpose?: string
}

/** The `credentialStatus` of a credential: one object, with an id that differs from the list's. */
export function statusEntry({ list, index, purpose = 'revocation' }: StatusPlace): JsonObject {
  return {
    id: `${list}#${index}`,
    type: 'BitstringStatusListEntry',
    statusPurpose: purpose,
    statusListIndex: String(index),
    statusListCredential: list,
  }
}

/** Builds the unsigned BitstringStatusListCredential. The issuer is a string, as the W3C tests demand. */
export function buildStatusListCredential(list: {
  readonly url: string
  readonly issuerDid: string
  readonly validFrom: Instant
  /** `u` and base64url of the gzipped bitstring. */
  readonly encodedList: string
  /** `revocation` by default. */
  readonly statusPurpose?: string
}): JsonObject {
  return {
    '@context': [VC_CONTEXT],
    id: list.url,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: list.issuerDid,
    validFrom: formatInstant(list.validFrom),
    credentialSubject: {
      id: `${list.url}#list`,
      type: 'BitstringStatusList',
      statusPurpose: list.statusPurpose ?? 'revocation',
      ttl: STATUS_LIST_TTL_MS,
      encodedList: list.encodedList,
    },
  }
}

/** Whether the `ttl` of a list can be read: a number of milliseconds, or nothing. */
export const isTtl = (ttl: Json | undefined): boolean =>
  ttl === undefined || (typeof ttl === 'number' && Number.isSafeInteger(ttl) && ttl >= 0)

/** Reads one bit, the first being the highest of the first byte; undefined beyond the end. */
export function readStatusBit(bits: Uint8Array, index: number): boolean | undefined {
  const byte = bits[Math.floor(index / 8)]
  return byte === undefined ? undefined : (byte & (0x80 >> (index % 8))) !== 0
}

/** A copy with some bits set. Throws a RangeError beyond the end. */
export function withStatusBits(bits: Uint8Array, indexes: readonly number[]): Uint8Array {
  const copy = bits.slice()
  for (const index of indexes) {
    const at = Math.floor(index / 8)
    const byte = copy[at]
    if (byte === undefined || !Number.isInteger(index)) throw new RangeError(`There is no status ${index}`)
    copy[at] = byte | (0x80 >> (index % 8))
  }
  return copy
}

/** A copy with one bit cleared. Those of revocation never are. Throws a RangeError beyond the end. */
export function withoutStatusBit(bits: Uint8Array, index: number): Uint8Array {
  const copy = withStatusBits(bits, [index])
  const at = Math.floor(index / 8)
  copy[at] = (copy[at] ?? 0) & ~(0x80 >> (index % 8))
  return copy
}
