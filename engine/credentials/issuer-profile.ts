import type { JsonObject } from '#engine/shared/json.ts'
import { endorsableBytes } from './endorsable-bytes.ts'
import { type OtherIdentifier, otherIdentifierMember } from './identifier-entry.ts'
import { addressDocument, type PostalAddress } from './postal-address.ts'

/** Who issues, as it stands in every credential: an Open Badges 3.0 `Profile`. */
export interface IssuerProfile extends Institution {
  /** `did:web:…`, or the did:key or did:web of an endorser. */
  readonly did: string
  readonly name: string
  readonly url?: string
  readonly email?: string
  readonly description?: string
  /** Address of a PNG or SVG. */
  readonly image?: string
}

/** What an issuer says of itself as an institution. All of it is its own word. */
export interface Institution {
  /** The name that it is registered under. */
  readonly official?: string
  /** E.164. */
  readonly phone?: string
  readonly address?: PostalAddress
  readonly otherIdentifiers?: readonly OtherIdentifier[]
  /** What it is a part of. */
  readonly parentOrg?: NamedProfile
}

/** Somebody else, as a document names them. */
export interface NamedProfile {
  /** A DID, or an address. */
  readonly id: string
  readonly name: string
  readonly url?: string
  readonly official?: string
  readonly otherIdentifiers?: readonly OtherIdentifier[]
}

/** The `Profile` as JSON, with a member for each thing that is known and no others. */
export function issuerProfileDocument(profile: IssuerProfile): JsonObject {
  const { official, phone, address, otherIdentifiers, parentOrg } = profile
  return {
    id: profile.did,
    type: ['Profile'],
    name: profile.name,
    ...(profile.url === undefined ? {} : { url: profile.url }),
    ...(profile.description === undefined ? {} : { description: profile.description }),
    ...(profile.email === undefined ? {} : { email: profile.email }),
    ...(profile.image === undefined ? {} : { image: { id: profile.image, type: 'Image' } }),
    ...(official === undefined ? {} : { official }),
    ...(phone === undefined ? {} : { phone }),
    ...(address === undefined ? {} : { address: addressDocument(address) }),
    ...otherIdentifierMember(otherIdentifiers),
    ...(parentOrg === undefined ? {} : { parentOrg: namedProfileDocument(parentOrg) }),
  }
}

/** The profile as it is served at its own URL; what an endorser of the issuer signs over. */
export const issuerProfileBytes = (profile: IssuerProfile): Uint8Array =>
  endorsableBytes(issuerProfileDocument(profile))

export const namedProfileDocument = ({
  id,
  name,
  url,
  official,
  otherIdentifiers,
}: NamedProfile): JsonObject => ({
  id,
  type: ['Profile'],
  name,
  ...(url === undefined ? {} : { url }),
  ...(official === undefined ? {} : { official }),
  ...otherIdentifierMember(otherIdentifiers),
})
