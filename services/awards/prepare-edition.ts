import { type AchievementDefinition, validUntil } from '#engine/achievements/achievement-definition.ts'
import { withImageReached } from '#engine/achievements/image-level.ts'
import { evidenceEntry } from '#engine/awards/award-evidence.ts'
import type { EditionCause } from '#engine/awards/award-life.ts'
import { resultEntries } from '#engine/awards/award-results.ts'
import type { AchievementDescription } from '#engine/credentials/achievement-document.ts'
import { buildBadgeCredential, type EmbeddedEndorsements } from '#engine/credentials/badge-credential.ts'
import { credentialBytes } from '#engine/credentials/prepared-credential.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { CredentialId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import { describeAchievement } from '#services/achievements/describe-achievement.ts'
import { isTestIssuer } from '#services/issuers/issuer-marks.ts'
import { profileOf } from '#services/issuers/profile-of-issuer.ts'
import type { AchievementVersion } from '#services/ports/achievement-store.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Credential, CredentialEdition } from '#services/ports/credential-store.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { Issuer, IssuerKey } from '#services/ports/issuer-store.ts'
import type { Log } from '#services/ports/log.ts'
import type { Organisation } from '#services/ports/organisation-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import { type AllocatedStatus, allocateStatus } from './allocate-status.ts'
import { publishedEndorsements } from './embed-endorsements.ts'

export interface PrepareEditionNeeds {
  readonly clock: Clock
  readonly random: Random
  readonly suite: CredentialSuite
  readonly log: Log
}

/** What an edition is made of, whichever it is. */
export interface EditionParts {
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
 * Records what will be signed, in the transaction of the caller, or finds what was recorded before a crash. What was
 * recorded and is unfit is recorded anew.
 * Undefined when it is signed already. Throws `conflict`, `credential-unfit`.
 */
export async function prepareEdition(
  needs: PrepareEditionNeeds,
  stores: Stores,
  award: Award,
): Promise<Prepared | undefined> {
  const parts = await partsOf(needs, stores, award)
  const existing = (await stores.credentials.editions(parts.credential.id)).at(-1)
  if (existing === undefined || (await makesRoom(needs, stores, award, existing))) {
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
 * Whether what was prepared is gone, as it can never be signed: what stood in its way may have been mended since. Nobody else
 * can have signed it, and endorsers vouch for no other bytes than those that they were shown.
 */
async function makesRoom(
  { suite, log }: PrepareEditionNeeds,
  stores: Stores,
  award: Award,
  existing: CredentialEdition,
): Promise<boolean> {
  if (existing.state === 'signed' || award.gate?.endorsement !== undefined) return false
  const document = JSON.parse(new TextDecoder().decode(existing.prepared)) as JsonObject
  if ((await suite.lint(document)).length === 0) return false
  log.info('credential.prepared_again', { award: award.id, credentialId: existing.credentialId })
  return stores.credentials.dropUnfit(existing)
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

/** The same of many, without those that lack something: alone they say so. */
export async function findPreparedMany(
  needs: PrepareEditionNeeds,
  stores: Stores,
  awards: readonly Award[],
  editions: readonly CredentialEdition[],
): Promise<readonly Prepared[]> {
  const of = new Map((await partsOfMany(needs, stores, awards)).map((each) => [each.credential.id, each]))
  const found: Prepared[] = []
  for (const edition of editions) {
    const parts = of.get(edition.credentialId)
    if (parts !== undefined) found.push({ ...parts, edition, key: await keyOf(stores, parts, edition) })
  }
  return found
}

/** Its key may have been rotated since: whoever prepared it meant that key, and it is still published. */
async function keyOf(
  stores: Stores,
  { issuer, key }: EditionParts,
  { keyId }: CredentialEdition,
): Promise<IssuerKey> {
  if (keyId === key.id) return key
  const preparedWith = (await stores.issuers.keys(issuer.id)).find(({ id }) => id === keyId)
  return preparedWith === undefined || preparedWith.state === 'compromised' ? key : preparedWith
}

async function partsOf(needs: PrepareEditionNeeds, stores: Stores, award: Award): Promise<EditionParts> {
  const issuer = await stores.issuers.find(award.issuerId)
  const version = await stores.achievements.version(award.achievementVersionId)
  const key = await stores.issuers.activeKey(award.issuerId, 'issuing')
  if (issuer === undefined || version === undefined || key === undefined) {
    needs.log.error('award.unissuable', { award: award.id })
    throw errors.conflict({
      what: 'award',
      reason: 'its issuer has no active key, or its achievement version is gone',
    })
  }
  const credential = await stores.credentials.ofAward(newCredential(needs, award))
  return editionParts(award, { issuer, version, key, credential })
}

/** What editions are made of, without awards that lack something: alone they say so. Each thing is read once. */
export async function partsOfMany(
  needs: Pick<PrepareEditionNeeds, 'clock' | 'random'>,
  stores: Stores,
  awards: readonly Award[],
): Promise<readonly EditionParts[]> {
  const issuers = new Map<string, { readonly issuer: Issuer; readonly key: IssuerKey }>()
  for (const issuer of await stores.issuers.findMany([...new Set(awards.map(({ issuerId }) => issuerId))])) {
    const key = await stores.issuers.activeKey(issuer.id, 'issuing')
    if (key !== undefined) issuers.set(issuer.id, { issuer, key })
  }
  const versionIds = [...new Set(awards.map(({ achievementVersionId }) => achievementVersionId))]
  const versions = new Map(
    (await stores.achievements.findVersions(versionIds)).map((each) => [each.id, each]),
  )
  const whole = awards.flatMap((award) => {
    const found = issuers.get(award.issuerId)
    const version = versions.get(award.achievementVersionId)
    return found === undefined || version === undefined ? [] : [{ award, version, ...found }]
  })
  const credentials = await stores.credentials.ofAwards(whole.map(({ award }) => newCredential(needs, award)))
  return whole.flatMap(({ award, ...found }, at) => {
    const credential = credentials[at]
    return credential === undefined ? [] : [editionParts(award, { ...found, credential })]
  })
}

/** A credential for an award that has none. */
export const newCredential = (
  { clock, random }: Pick<PrepareEditionNeeds, 'clock' | 'random'>,
  award: Award,
): Credential => ({
  organisationId: award.organisationId,
  id: random.uuid() as CredentialId,
  awardId: award.id,
  issuerId: award.issuerId,
  subjectUri: `urn:uuid:${random.uuid()}`,
  visibility: 'private',
  publicOmits: [],
  createdAt: clock.now(),
})

/** What was found of an award, as its editions are made of it. */
export function editionParts(
  award: Award,
  {
    issuer,
    version,
    key,
    credential,
  }: Pick<EditionParts, 'issuer' | 'key' | 'credential'> & { readonly version: AchievementVersion },
): EditionParts {
  const { definition } = version
  const language = award.correction?.language ?? definition.language
  // Awards from before their end was kept beside them have it from their achievement.
  const end = award.validUntil ?? validUntil(definition, award.awardedAt)
  return {
    award: { ...award, ...(end === undefined ? {} : { validUntil: end }) },
    issuer,
    credential,
    key,
    definition: inLanguage(definition, language),
    version: version.version,
    language,
    achievementName: textIn(definition.name, language, definition.language),
  }
}

/** In another language than its own, an achievement is told in its own one too. */
const inLanguage = (definition: AchievementDefinition, language: string): AchievementDefinition =>
  definition.otherLanguages === undefined || language === definition.language
    ? { ...definition, language }
    : { ...definition, language, otherLanguages: [definition.language, ...definition.otherLanguages] }

async function insertEdition(
  { random, suite }: PrepareEditionNeeds,
  stores: Stores,
  parts: EditionParts,
  wanted: WantedEdition & { readonly isLinted: boolean },
): Promise<CredentialEdition> {
  const { isLinted, ...edition } = wanted
  const organisation = await stores.organisations.find(parts.award.organisationId)
  const place = await allocateStatus({ random }, stores, parts.issuer)
  const endorsements = await endorsementsInside(suite, stores, parts, organisation)
  const { document, prepared } = writeEdition(parts, edition, { organisation, place, endorsements })
  if (isLinted) {
    const faults = await suite.lint(document)
    if (faults.length > 0) throw errors.credentialUnfit({ faults })
  }
  await stores.credentials.insertEditions([prepared])
  return prepared
}

export type WantedEdition = Pick<CredentialEdition, 'edition' | 'cause' | 'reason' | 'preparedAt'>

/** What goes into the document of an edition beside what its award says. */
interface EditionPlace {
  readonly organisation: Organisation | undefined
  readonly place: AllocatedStatus
  readonly endorsements: EmbeddedEndorsements | undefined
}

/** The document of an edition, and the row that records it. */
export function writeEdition(
  parts: EditionParts,
  edition: WantedEdition,
  { organisation, place, endorsements }: EditionPlace,
): { readonly document: JsonObject; readonly prepared: CredentialEdition } {
  const { award, issuer, credential, key, definition } = parts
  const {
    narrative = award.narrative,
    evidence,
    results = award.results ?? [],
    particulars = award.particulars,
  } = award.correction ?? {}
  const achievement = achievementOf(parts)
  const document = buildBadgeCredential({
    issuer: profileOf(issuer),
    achievement,
    ...(endorsements === undefined ? {} : { endorsements }),
    uuid: credential.id,
    subjectId: credential.subjectUri,
    validFrom: edition.preparedAt,
    awardedDate: award.awardedAt,
    ...(award.validUntil === undefined ? {} : { validUntil: award.validUntil }),
    ...particulars,
    ...(narrative === undefined ? {} : { narrative }),
    results: resultEntries(achievement.id, definition.resultDescriptions ?? [], results),
    evidence: evidence ?? (award.evidence ?? []).map(evidenceEntry),
    status: { list: `${issuer.origin}/issuers/${issuer.slug}/status/${place.number}`, index: place.index },
    test: isTestIssuer(issuer, organisation),
  })
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
  return { document, prepared }
}

/** The published endorsements that stand inside the document, where its achievement says so. */
export async function endorsementsInside(
  suite: CredentialSuite,
  stores: Stores,
  parts: EditionParts,
  organisation: Organisation | undefined,
): Promise<EmbeddedEndorsements | undefined> {
  const { award, issuer, definition } = parts
  if (definition.embedEndorsements !== true) return undefined
  return publishedEndorsements(suite, stores, {
    issuer: { ...profileOf(issuer), issuerId: issuer.id },
    achievement: achievementOf(parts),
    versionId: award.achievementVersionId,
    test: isTestIssuer(issuer, organisation),
  })
}

/** The same of awards of one issuer, in their order: worked out once for all that are told alike. */
export async function endorsementsInsideAll(
  suite: CredentialSuite,
  stores: Stores,
  all: readonly EditionParts[],
  organisation: Organisation | undefined,
): Promise<readonly (EmbeddedEndorsements | undefined)[]> {
  const known = new Map<string, EmbeddedEndorsements | undefined>()
  const inside: (EmbeddedEndorsements | undefined)[] = []
  for (const parts of all) {
    if (parts.definition.embedEndorsements !== true) inside.push(undefined)
    else {
      const key = JSON.stringify([parts.award.achievementVersionId, achievementOf(parts)])
      if (!known.has(key)) known.set(key, await endorsementsInside(suite, stores, parts, organisation))
      inside.push(known.get(key))
    }
  }
  return inside
}

const achievementOf = ({ award, issuer, definition, version }: EditionParts): AchievementDescription =>
  describeAchievement(
    issuer,
    award.achievementId,
    version,
    withImageReached(definition, award.correction?.results ?? award.results ?? []),
  )
