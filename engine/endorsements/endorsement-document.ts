import { BADGE_CONTEXTS } from '#engine/credentials/contexts.ts'
import { type IssuerProfile, issuerProfileDocument } from '#engine/credentials/issuer-profile.ts'
import { credentialDigest } from '#engine/credentials/prepared-credential.ts'
import type { Hash } from '#engine/shared/hash.ts'
import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'

/** What an endorser vouches for. */
export type EndorsementScope = 'criteria' | 'assessment' | 'issuer'

/** What is endorsed, by name and by digest: an endorsement of these bytes never shows on others. */
export interface EndorsementTarget {
  /** Id of the achievement version, the issuer profile (its DID) or the credential (`urn:uuid:…`). */
  readonly id: string
  readonly name: string
  /** Of `endorsableBytes`: an achievement version, an issuer profile, or a credential before it is signed. */
  readonly bytes: Uint8Array
  readonly mediaType: string
}

export interface Endorsement {
  /** Bare UUID. */
  readonly uuid: string
  /** Who signs: with a did:key or did:web of their own. */
  readonly endorser: IssuerProfile
  readonly target: EndorsementTarget
  readonly scope: EndorsementScope
  readonly comment: string
  readonly validFrom: Instant
  readonly validUntil?: Instant
}

/** What an endorser is shown, and signs outside the product. */
export interface EndorsementRequest {
  readonly unsigned: JsonObject
  /** `sha256-BASE64` of the endorsed bytes; it stands inside the document. */
  readonly targetDigest: string
  /** SHA-256 of the JCS of the unsigned document, so that two people can compare what they see. */
  readonly digest: Uint8Array
}

/**
 * Builds the unsigned EndorsementCredential (Open Badges 3.0). What was endorsed is inside the signature:
 * `relatedResource` holds its digest (VC Data Model 2.0, section 5.3).
 * `toBase64` is standard base64 with padding.
 */
export function buildEndorsement(
  endorsement: Endorsement,
  sha256: Hash,
  toBase64: (bytes: Uint8Array) => string,
): EndorsementRequest {
  const { endorser, target, scope, comment, validFrom, validUntil } = endorsement
  const targetDigest = `sha256-${toBase64(sha256(target.bytes))}`
  const unsigned: JsonObject = {
    '@context': [...BADGE_CONTEXTS],
    id: `urn:uuid:${endorsement.uuid}`,
    type: ['VerifiableCredential', 'EndorsementCredential'],
    name: `Endorsement of ${target.name}`,
    description: `Scope of this endorsement: ${scope}.`,
    issuer: issuerProfileDocument(endorser),
    validFrom: formatInstant(validFrom),
    awardedDate: formatInstant(validFrom),
    ...(validUntil === undefined ? {} : { validUntil: formatInstant(validUntil) }),
    credentialSubject: { id: target.id, type: ['EndorsementSubject'], endorsementComment: comment },
    relatedResource: [{ id: target.id, digestSRI: targetDigest, mediaType: target.mediaType }],
  }
  return { unsigned, targetDigest, digest: credentialDigest(unsigned, sha256) }
}
