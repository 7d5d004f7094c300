import { byId } from '#engine/shared/by-id.ts'
import { isTestIssuer } from '#services/issuers/issuer-marks.ts'
import type { PublishedVersion } from '#services/ports/achievement-store.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { Credential, SignedEdition } from '#services/ports/credential-store.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import type { Stores } from '#services/ports/stores.ts'

export interface LoadedCredential {
  readonly credential: Credential
  readonly award: Award
  readonly issuer: Issuer
  readonly version: PublishedVersion
  readonly test: boolean
  /** The newest one that is signed. None of a badge that was claimed and is still being issued. */
  readonly edition?: SignedEdition
}

/**
 * What stands behind credentials, in their order: five queries, however many there are. Asks for no right: whoever calls
 * knows that these may be read.
 */
export async function loadCredentials(
  stores: Stores,
  credentials: readonly Credential[],
): Promise<readonly LoadedCredential[]> {
  if (credentials.length === 0) return []
  const awards = byId(await stores.awards.findMany(credentials.map(({ awardId }) => awardId)))
  const issuers = byId(await stores.issuers.findMany(unique(credentials.map(({ issuerId }) => issuerId))))
  const versionIds = unique([...awards.values()].map(({ achievementVersionId }) => achievementVersionId))
  const versions = byId(await stores.achievements.findVersions(versionIds))
  const organisationIds = unique(credentials.map(({ organisationId }) => organisationId))
  const organisations = byId(await stores.organisations.findMany(organisationIds))
  const signed = await stores.credentials.currentEditions(credentials.map(({ id }) => id))
  const editions = new Map(signed.map((edition) => [edition.credentialId, edition]))

  return credentials.flatMap((credential) => {
    const award = awards.get(credential.awardId)
    const issuer = issuers.get(credential.issuerId)
    const version = award === undefined ? undefined : versions.get(award.achievementVersionId)
    const edition = editions.get(credential.id)
    if (award === undefined || issuer === undefined || version === undefined || !('document' in version))
      return []
    const test = isTestIssuer(issuer, organisations.get(credential.organisationId))
    return [{ credential, award, issuer, version, test, ...(edition === undefined ? {} : { edition }) }]
  })
}

const unique = <T>(all: readonly T[]): readonly T[] => [...new Set(all)]
