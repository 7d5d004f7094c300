import { unitOfAchievement } from '#engine/access/achievement-unit.ts'
import { holdsRight, type Principal } from '#engine/access/rights.ts'
import type { Omission } from '#engine/credentials/attested-view.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { toHex } from '#engine/shared/bytes.ts'
import type { CollectionId, CredentialId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { unreachable } from '#engine/shared/never.ts'
import { hashToken } from '#services/access/secret-token.ts'
import type { PublishedVersion } from '#services/ports/achievement-store.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { Credential, ShareLink, SignedEdition } from '#services/ports/credential-store.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import type { Stores } from '#services/ports/stores.ts'

/** Who wants to read: a caller, or whoever holds the token of a share link or a collection. */
export interface Reader {
  readonly principal?: Principal
  readonly share?: string
  /** An earlier edition: its number, or the digest of the document that the reader holds. */
  readonly edition?: number | Uint8Array
  /** The collection through which it is looked at; `share` is then the token of that. */
  readonly collection?: CollectionId
}

export interface ReadableCredential {
  readonly credential: Credential
  readonly edition: SignedEdition
  /** The newest one that is signed. */
  readonly current: number
  readonly award: Award
  readonly issuer: Issuer
  readonly version: PublishedVersion
  readonly way: Way
  /** What is kept from this reader. Not empty: they see what the issuer says of the credential, and never the document. */
  readonly omits: readonly Omission[]
}

/** How somebody comes to read a credential. */
export type Way =
  | { readonly kind: 'earner' | 'issuer' | 'public' | 'collection' }
  | { readonly kind: 'link'; readonly link: ShareLink }

/**
 * The one place that says who may read a credential: anybody when its earner made it public, whoever holds a share
 * link or sees a collection that shows it, its earner, and who may read in the issuer's unit. For everybody else it does not exist.
 * Throws `not-found`, and `credential-not-signed` for the last two.
 */
export async function readCredential(
  stores: Stores,
  hashes: Hashes,
  id: CredentialId,
  reader: Reader,
  now: Instant,
): Promise<ReadableCredential> {
  const credential = await stores.credentials.find(id)
  if (credential === undefined) throw errors.notFound({ what: 'credential', id })
  const way = await wayTo(stores, hashes, credential, reader, now)
  if (way === undefined) throw errors.notFound({ what: 'credential', id })

  const signed = (await stores.credentials.editions(id)).filter((each) => each.state === 'signed')
  const current = signed.at(-1)
  const edition = reader.edition === undefined ? current : signed.find(isEdition(reader.edition))
  const award = await stores.awards.find(credential.awardId)
  const issuer = await stores.issuers.find(credential.issuerId)
  const version =
    award === undefined ? undefined : await stores.achievements.version(award.achievementVersionId)
  // A direct award that was claimed has a credential at once; it is signed a moment later, or never if it was revoked first.
  if (current === undefined && award !== undefined && (way.kind === 'earner' || way.kind === 'issuer'))
    throw errors.credentialNotSigned({ state: award.state })
  if (
    current === undefined ||
    edition === undefined ||
    award === undefined ||
    issuer === undefined ||
    version === undefined ||
    !('document' in version)
  )
    throw errors.notFound({ what: 'credential', id })
  return {
    credential,
    edition,
    current: current.edition,
    award,
    issuer,
    version,
    way,
    omits: omitsOn(way, credential),
  }
}

/** The same, for whoever wants the document or what tells of its bytes: it is not to be had where anything is left out. */
export async function readWholeCredential(
  stores: Stores,
  hashes: Hashes,
  id: CredentialId,
  reader: Reader,
  now: Instant,
): Promise<ReadableCredential> {
  const found = await readCredential(stores, hashes, id, reader, now)
  if (found.omits.length > 0) throw errors.notFound({ what: 'credential', id })
  return found
}

const isEdition = (wanted: number | Uint8Array) => (edition: SignedEdition) =>
  typeof wanted === 'number' ? edition.edition === wanted : toHex(edition.digest) === toHex(wanted)

export async function isEarner(
  stores: Stores,
  credential: Credential,
  principal: Principal | undefined,
): Promise<boolean> {
  if (principal?.kind !== 'session') return false
  const claim = await stores.claims.findByAward(credential.awardId)
  if (claim?.state !== 'claimed' || claim.accountId !== principal.accountId) return false
  // A claim link gives away one badge at most, and not the others of that person.
  return principal.scope === undefined || claim.sessionId === principal.sessionId
}

/** Whoever follows a link sees what the link shows, also where the public page shows more. */
async function wayTo(
  stores: Stores,
  hashes: Hashes,
  credential: Credential,
  { principal, share, collection }: Reader,
  now: Instant,
): Promise<Way | undefined> {
  if (await isEarner(stores, credential, principal)) return { kind: 'earner' }
  if (principal !== undefined && (await mayReadIssuer(stores, credential, principal)))
    return { kind: 'issuer' }
  const tokenHash = share === undefined ? undefined : hashToken(share, hashes.sha256)
  if (collection !== undefined) {
    const open = await stores.collections.open(collection, tokenHash, now)
    if (open?.items.some(({ credentialId, shown }) => shown && credentialId === credential.id) === true)
      return { kind: 'collection' }
  } else if (tokenHash !== undefined) {
    const link = await stores.credentials.openShareLink(credential.id, tokenHash, now)
    if (link !== undefined) return { kind: 'link', link }
  }
  return credential.visibility === 'public' ? { kind: 'public' } : undefined
}

async function mayReadIssuer(stores: Stores, credential: Credential, principal: Principal): Promise<boolean> {
  const award = await stores.awards.find(credential.awardId)
  if (award === undefined) return false
  const unit = unitOfAchievement(award.achievementId)
  return holdsRight(principal, 'read', await stores.organisations.unitPath(credential.organisationId, unit))
}

function omitsOn(way: Way, credential: Credential): readonly Omission[] {
  switch (way.kind) {
    case 'earner':
    case 'issuer':
      return []
    case 'link':
      return way.link.omits
    case 'public':
    case 'collection':
      return credential.publicOmits
    default:
      return unreachable(way)
  }
}
