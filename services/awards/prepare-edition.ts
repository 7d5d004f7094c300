import { type AchievementDefinition, validUntil } from '#engine/achievements/achievement-definition.ts'
import { withImageReached } from '#engine/achievements/image-level.ts'
import { evidenceEntry } from '#engine/awards/award-evidence.ts'
import type { EditionCause } from '#engine/awards/award-life.ts'
import { resultEntries } from '#engine/awards/award-results.ts'
import { buildBadgeCredential } from '#engine/credentials/badge-credential.ts'
import { credentialBytes } from '#engine/credentials/prepared-credential.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { CredentialId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import { describeAchievement } from '#services/achievements/describe-achievement.ts'
import { isTestIssuer } from '#services/issuers/issuer-marks.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Credential, CredentialEdition } from '#services/ports/credential-store.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { Issuer, IssuerKey } from '#services/ports/issuer-store.ts'
import type { Log } from '#services/ports/log.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import { allocateStatus } from './allocate-status.ts'
import { publishedEndorsements } from './embed-endorsements.ts'

export interface PrepareEditionNeeds {
  readonly clock: Clock
  readonly random: Random
  readonly suite: CredentialSuite
  readonly log: Log
}

/** What an edition is made of, whichever it is. */
interface EditionParts {
  readonly award: Award
  readonly issuer: Issuer
  readonly credential: Credential
  readonly key: IssuerKey
  readonly definition: AchievementDefinition
  readonly version: number
  readonly achievementName: string
  readonly language: string
}

/** A document that is about to be signed, with all that signing it needs. */
export interface Prepared extends EditionParts {
  readonly edition: CredentialEdition
}

/**
 * Records what will be signed, in the transaction of the caller, or finds what was recorded before a crash.
 * Undefined when it is signed already. Throws `conflict`, `credential-unfit`.
 */
export async function prepareEdition(
  needs: PrepareEditionNeeds,
  stores: Stores,
  award: Award,
): Promise<Prepared | undefined> {
  const parts = await partsOf(needs, stores, award)
  const existing = (await stores.credentials.editions(parts.credential.id)).at(-1)
  if (existing === undefined) {
    const edition = await insertEdition(needs, stores, parts, {
      edition: 1,
      cause: 'issued',
      preparedAt: needs.clock.now(),
      // Nobody is asked to vouch for what cannot be signed.
      isLinted: award.gate?.endorsement !== undefined,
    })
    return { ...parts, edition }
  }
  if (existing.state === 'signed') return undefined
  // Endorsers may take months. The document names no key, so it is signed with the one that is active then.
  if (award.gate?.endorsement !== undefined)
    return { ...parts, edition: { ...existing, keyId: parts.key.id } }
  const key = await keyOf(stores, parts, existing)
  return { ...parts, edition: { ...existing, keyId: key.id }, key }
}

/**
 * Records the next edition of what has been signed, in the transaction of the caller, who has locked the award. The
 * issue step signs it. Throws `conflict`, `credential-unfit`.
 */
export async function prepareNextEdition(
  needs: PrepareEditionNeeds,
  stores: Stores,
  award: Award,
  { cause, reason }: { readonly cause: EditionCause; readonly reason: string },
): Promise<CredentialEdition> {
  const parts = await partsOf(needs, stores, award)
  // One that could not be signed makes room.
  await stores.credentials.dropPrepared(parts.credential.id)
  const before = (await stores.credentials.editions(parts.credential.id)).at(-1)
  return insertEdition(needs, stores, parts, {
    edition: (before?.edition ?? 0) + 1,
    cause,
    reason,
    // Newer in each edition, also where the clock stands still.
    preparedAt: asInstant(Math.max(needs.clock.now(), (before?.preparedAt ?? 0) + 1)),
    isLinted: true,
  })
}

/** What was recorded, with all that signing it needs. Throws `conflict`. */
export async function findPrepared(
  needs: PrepareEditionNeeds,
  stores: Stores,
  award: Award,
  edition: CredentialEdition,
): Promise<Prepared> {
  const parts = await partsOf(needs, stores, award)
  return { ...parts, edition, key: await keyOf(stores, parts, edition) }
}

/** Its key may have been rotated since: whoever prepared it meant that key, and it is still published. */
async function keyOf(
  stores: Stores,
  { issuer, key }: EditionParts,
  { keyId }: CredentialEdition,
): Promise<IssuerKey> {
  const preparedWith = (await stores.issuers.keys(issuer.id)).find(({ id }) => id === keyId)
  return preparedWith === undefined || preparedWith.state === 'compromised' ? key : preparedWith
}

async function partsOf(
  { clock, random, log }: PrepareEditionNeeds,
  stores: Stores,
  award: Award,
): Promise<EditionParts> {
  const issuer = await stores.issuers.find(award.issuerId)
  const version = await stores.achievements.version(award.achievementVersionId)
  const key = await stores.issuers.activeKey(award.issuerId, 'issuing')
  if (issuer === undefined || version === undefined || key === undefined) {
    log.error('award.unissuable', { award: award.id })
    throw errors.conflict({
      what: 'award',
      reason: 'its issuer has no active key, or its achievement version is gone',
    })
  }
  const credential = await stores.credentials.ofAward({
    organisationId: award.organisationId,
    id: random.uuid() as CredentialId,
    awardId: award.id,
    issuerId: issuer.id,
    subjectUri: `urn:uuid:${random.uuid()}`,
    visibility: 'private',
    publicOmits: [],
    createdAt: clock.now(),
  })
  const { definition } = version
  const language = award.correction?.language ?? definition.language
  // Awards from before their end was kept beside them have it from their achievement.
  const end = award.validUntil ?? validUntil(definition, award.awardedAt)
  return {
    award: { ...award, ...(end === undefined ? {} : { validUntil: end }) },
    issuer,
    credential,
    key,
    definition: { ...definition, language },
    version: version.version,
    language,
    achievementName: textIn(definition.name, language, definition.language),
  }
}

async function insertEdition(
  { random, suite }: PrepareEditionNeeds,
  stores: Stores,
  { award, issuer, credential, key, definition, version }: EditionParts,
  wanted: Pick<CredentialEdition, 'edition' | 'cause' | 'reason' | 'preparedAt'> & {
    readonly isLinted: boolean
  },
): Promise<CredentialEdition> {
  const { isLinted, ...edition } = wanted
  const organisation = await stores.organisations.find(award.organisationId)
  const place = await allocateStatus({ random }, stores, issuer)
  const { narrative = award.narrative, evidence, results = award.results ?? [] } = award.correction ?? {}
  const achievement = describeAchievement(
    issuer,
    award.achievementId,
    version,
    withImageReached(definition, results),
  )
  const test = isTestIssuer(issuer, organisation)
  const profile = {
    did: issuer.did,
    name: issuer.name,
    url: issuer.url,
    ...(issuer.email === undefined ? {} : { email: issuer.email }),
    ...(issuer.description === undefined ? {} : { description: issuer.description }),
  }
  const endorsements =
    definition.embedEndorsements === true
      ? await publishedEndorsements(suite, stores, {
          issuer: { ...profile, issuerId: issuer.id },
          achievement,
          versionId: award.achievementVersionId,
          test,
        })
      : undefined
  const document = buildBadgeCredential({
    issuer: profile,
    achievement,
    ...(endorsements === undefined ? {} : { endorsements }),
    uuid: credential.id,
    subjectId: credential.subjectUri,
    validFrom: edition.preparedAt,
    awardedDate: award.awardedAt,
    ...(award.validUntil === undefined ? {} : { validUntil: award.validUntil }),
    ...(narrative === undefined ? {} : { narrative }),
    results: resultEntries(achievement.id, definition.resultDescriptions ?? [], results),
    evidence: evidence ?? (award.evidence ?? []).map(evidenceEntry),
    status: { list: `${issuer.origin}/issuers/${issuer.slug}/status/${place.number}`, index: place.index },
    test,
  })
  if (isLinted) {
    const faults = await suite.lint(document)
    if (faults.length > 0) throw errors.credentialUnfit({ faults })
  }
  const prepared: CredentialEdition = {
    ...edition,
    organisationId: award.organisationId,
    credentialId: credential.id,
    state: 'prepared',
    keyId: key.id,
    statusListId: place.listId,
    statusIndex: place.index,
    prepared: credentialBytes(document),
  }
  await stores.credentials.insertEdition(prepared)
  return prepared
}
