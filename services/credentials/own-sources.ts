import { WaarmerkError } from '#engine/errors/define-error.ts'
import { type AchievementId, type CredentialId, isUuid } from '#engine/shared/ids.ts'
import { isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import type { StandingDocument } from '#engine/verification/achievement-standing.ts'
import { isTestIssuer } from '#services/issuers/issuer-marks.ts'
import type { PublishedIssuers } from '#services/issuers/published-issuers.ts'
import type { SignedEdition } from '#services/ports/credential-store.ts'
import type { Database } from '#services/ports/database.ts'
import type { Stores } from '#services/ports/stores.ts'
import type {
  AchievementStandingSource,
  DidResolver,
  EditionStandings,
  IssuerTrust,
  StatusListSource,
} from '#services/ports/verification-sources.ts'
import { issuerIdOf } from '#services/verify/read-format.ts'

/** Our own DIDs come from the database; others from `foreign`, the guarded fetcher. */
export function ownDidsFirst(issuers: PublishedIssuers, foreign: DidResolver): DidResolver {
  return { resolve: async (did) => (await issuers.didDocumentByDid(did)) ?? foreign.resolve(did) }
}

/** Our own status lists come from the database; others from `foreign`. */
export function ownListsFirst(
  issuers: PublishedIssuers,
  origin: string,
  foreign: StatusListSource,
): StatusListSource {
  return {
    fetch: async (url) => {
      const own = url.startsWith(`${origin}/issuers/`)
        ? /^\/issuers\/([a-z0-9-]+)\/status\/(\d{1,9})$/.exec(url.slice(origin.length))
        : null
      const [, slug, number] = own ?? []
      if (slug === undefined || number === undefined) return foreign.fetch(url)
      try {
        return JSON.parse(
          new TextDecoder().decode(await issuers.statusList(slug, Number(number))),
        ) as JsonObject
      } catch (error) {
        if (error instanceof WaarmerkError && error.status < 500) return 'unavailable'
        throw error
      }
    },
  }
}

/** Issuers of this installation are known to it. */
export function ownIssuersTrusted(database: Database): IssuerTrust {
  return {
    look: (issuerId) =>
      database.asWorker(async (stores) => {
        const issuer = await stores.issuers.findByDid(issuerId)
        if (issuer === undefined || issuer.state === 'closed') return undefined
        const organisation = await stores.organisations.find(issuer.organisationId)
        return { by: 'registry', name: issuer.name, test: isTestIssuer(issuer, organisation) }
      }),
  }
}

/** Why the bit of an edition of ours is set, and where its badge stands now. */
export function ownEditions(database: Database, origin: string): EditionStandings {
  return {
    look: (digest, document) =>
      database.asWorker(async (stores) => {
        const edition =
          (await stores.credentials.editionByDigest(digest)) ??
          (await editionByStatus(stores, origin, document))
        if (edition?.endedBy === undefined) return undefined
        const reason = edition.revocationReason === undefined ? {} : { reason: edition.revocationReason }
        if (edition.endedBy !== 'superseded') return { kind: edition.endedBy, ...reason }
        return { kind: 'superseded', page: `${origin}/credentials/${edition.credentialId}` }
      }),
  }
}

/**
 * The edition that another form of a badge is of: both name the same place in a list of ours. Anybody can name that place,
 * so it counts for the issuer of the edition alone.
 */
async function editionByStatus(
  stores: Stores,
  origin: string,
  document: JsonObject,
): Promise<SignedEdition | undefined> {
  const { id, credentialStatus = null } = document
  const uuid = typeof id === 'string' ? /^urn:uuid:(.+)$/.exec(id)?.[1] : undefined
  const { statusListCredential: url, statusListIndex: index } = isJsonObject(credentialStatus)
    ? credentialStatus
    : {}
  if (uuid === undefined || !isUuid(uuid) || typeof url !== 'string' || !url.startsWith(`${origin}/issuers/`))
    return undefined
  const number = /\/status\/(\d{1,9})$/.exec(url)?.[1]
  const credential = await stores.credentials.find(uuid as CredentialId)
  if (number === undefined || credential === undefined) return undefined
  const issuer = await stores.issuers.find(credential.issuerId)
  if (issuer?.did !== issuerIdOf(document)) return undefined
  const list = await stores.credentials.list(credential.issuerId, Number(number))
  return (await stores.credentials.editions(credential.id))
    .filter((edition) => edition.state === 'signed')
    .find(
      ({ statusListId, statusIndex }) => statusListId === list?.id && String(statusIndex) === String(index),
    )
}

/** What our own issuers say of their achievements comes from the database; others from `foreign`. */
export function ownStandingsFirst(
  standingOf: (id: AchievementId) => Promise<StandingDocument>,
  origin: string,
  foreign: AchievementStandingSource,
): AchievementStandingSource {
  return {
    fetchStanding: async (url) => {
      const own = url.startsWith(`${origin}/achievements/`)
        ? /^\/achievements\/([^/]+)\/standing$/.exec(url.slice(origin.length))
        : null
      if (own === null) return foreign.fetchStanding(url)
      const [, id = ''] = own
      if (!isUuid(id)) return 'not_found'
      try {
        return await standingOf(id as AchievementId)
      } catch (error) {
        if (error instanceof WaarmerkError && error.status < 500) return 'not_found'
        throw error
      }
    },
  }
}
