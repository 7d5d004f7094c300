import type { JsonObject } from '#engine/shared/json.ts'
import { endorsableBytes } from './endorsable-bytes.ts'

/** Who issues, as it stands in every credential: an Open Badges 3.0 `Profile`. */
export interface IssuerProfile {
  /** `did:web:…`, or the did:key or did:web of an endorser. */
  readonly did: string
  readonly name: string
  readonly url?: string
  readonly email?: string
  readonly description?: string
  /** Address of a PNG or SVG. */
  readonly image?: string
}

/** The `Profile` as JSON, with a member for each thing that is known and no others. */
export function issuerProfileDocument(profile: IssuerProfile): JsonObject {
  return {
    id: profile.did,
    type: ['Profile'],
    name: profile.name,
    ...(profile.url === undefined ? {} : { url: profile.url }),
    ...(profile.description === undefined ? {} : { description: profile.description }),
    ...(profile.email === undefined ? {} : { email: profile.email }),
    ...(profile.image === undefined ? {} : { image: { id: profile.image, type: 'Image' } }),
  }
}

/** The profile as it is served at its own URL; what an endorser of the issuer signs over. */
export const issuerProfileBytes = (profile: IssuerProfile): Uint8Array =>
  endorsableBytes(issuerProfileDocument(profile))
