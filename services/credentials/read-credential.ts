import { holdsRight, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { toHex } from '#engine/shared/bytes.ts'
import type { CredentialId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { hashToken } from '#services/access/secret-token.ts'
import type { PublishedVersion } from '#services/ports/achievement-store.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { Credential, SignedEdition } from '#services/ports/credential-store.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import type { Stores } from '#services/ports/stores.ts'

/** Who wants to read: a caller, or whoever holds the token of a share link. */
export interface Reader {
  readonly principal?: Principal
  readonly share?: string
  /** An earlier edition: its number, or the digest of the document that the reader holds. */
  readonly edition?: number | Uint8Array
}

export interface ReadableCredential {
  readonly credential: Credential
  readonly edition: SignedEdition
  /** The newest one that is signed. */
  readonly current: number
  readonly award: Award
  readonly issuer: Issuer
  readonly version: PublishedVersion
  /** The caller claimed it. */
  readonly mine: boolean
}

/**
 * The one place that says who may read a credential: anybody when its earner made it public, whoever holds a share
 * link, its earner, and who may read in the issuer's unit. For everybody else it does not exist.
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
  const mine = await isEarner(stores, credential, reader.principal)
  if (!mine && !(await mayRead(stores, hashes, credential, reader, now)))
    throw errors.notFound({ what: 'credential', id })

  const signed = (await stores.credentials.editions(id)).filter((each) => each.state === 'signed')
  const current = signed.at(-1)
  const edition = reader.edition === undefined ? current : signed.find(isEdition(reader.edition))
  const award = await stores.awards.find(credential.awardId)
  const issuer = await stores.issuers.find(credential.issuerId)
  const version =
    award === undefined ? undefined : await stores.achievements.version(award.achievementVersionId)
  if (
    current === undefined ||
    edition === undefined ||
    award === undefined ||
    issuer === undefined ||
    version === undefined ||
    !('document' in version)
  )
    throw errors.notFound({ what: 'credential', id })
  return { credential, edition, current: current.edition, award, issuer, version, mine }
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
  return claim?.state === 'claimed' && claim.accountId === principal.accountId
}

async function mayRead(
  stores: Stores,
  hashes: Hashes,
  credential: Credential,
  { principal, share }: Reader,
  now: Instant,
): Promise<boolean> {
  if (credential.visibility === 'public') return true
  if (
    share !== undefined &&
    (await stores.credentials.isShared(credential.id, hashToken(share, hashes.sha256), now))
  )
    return true
  if (principal === undefined) return false
  const issuer = await stores.issuers.find(credential.issuerId)
  if (issuer === undefined) return false
  return holdsRight(
    principal,
    'read',
    await stores.organisations.unitPath(credential.organisationId, issuer.unitId),
  )
}
