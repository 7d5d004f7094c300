import { type Instant, parseInstant } from '#engine/shared/instant.ts'
import { isJsonObject, type JsonObject } from '#engine/shared/json.ts'

/** What makes two documents the same badge, and which of the two is the newer one. */
export interface HostedCredential {
  /** Issuer and id, as the Open Badges API compares them. */
  readonly key: string
  readonly validFrom?: Instant
}

/**
 * Reads a credential as its host keeps it. Two are the same badge when `issuer.id` and `id` are equal, percent-decoded and
 * trimmed (Open Badges 3.0, section "Credential equality"). Undefined where one of the two is missing.
 */
export function hostedCredential(document: JsonObject): HostedCredential | undefined {
  const { id, issuer, validFrom, issuanceDate } = document
  const issuerId = isJsonObject(issuer) ? issuer['id'] : issuer
  if (typeof id !== 'string' || typeof issuerId !== 'string') return undefined
  const since = typeof validFrom === 'string' ? validFrom : issuanceDate
  const at = typeof since === 'string' ? parseInstant(since) : undefined
  const key = equalityKey(issuerId, id)
  return at === undefined ? { key } : { key, validFrom: at }
}

export const equalityKey = (issuer: string, id: string): string => JSON.stringify([plain(issuer), plain(id)])

/** What is pushed replaces what is kept unless it is older. One that does not say is older than one that does. */
export const isOlder = (pushed: Instant | undefined, kept: Instant | undefined): boolean =>
  kept !== undefined && (pushed === undefined || pushed < kept)

function plain(text: string): string {
  try {
    return decodeURIComponent(text).trim()
  } catch {
    // No percent-encoding: it stands for itself.
    return text.trim()
  }
}
