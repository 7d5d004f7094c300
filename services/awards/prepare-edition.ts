import { validUntil } from '#engine/achievements/achievement-definition.ts'
import { evidenceEntry } from '#engine/awards/award-evidence.ts'
import { resultEntries } from '#engine/awards/award-results.ts'
import { buildBadgeCredential } from '#engine/credentials/badge-credential.ts'
import { credentialBytes } from '#engine/credentials/prepared-credential.ts'
import { STATUS_LIST_MIN_ENTRIES } from '#engine/credentials/status-list.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { CredentialId } from '#engine/shared/ids.ts'
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

export interface PrepareEditionNeeds {
  readonly clock: Clock
  readonly random: Random
  readonly suite: CredentialSuite
  readonly log: Log
}

export /** A document that is about to be signed, with all that signing it needs. */
interface Prepared {
  readonly award: Award
  readonly issuer: Issuer
  readonly credential: Credential
  readonly edition: CredentialEdition
  readonly key: IssuerKey
  readonly achievementName: string
  readonly language: string
}

/**
 * Records what will be signed, in the transaction of the caller, or finds what was recorded before a crash.
 * Undefined when it is signed already. Throws `conflict`, `credential-unfit`.
 */
export async function prepareEdition(
  { clock, random, log, suite }: PrepareEditionNeeds,
  stores: Stores,
  award: Award,
): Promise<Prepared | undefined> {
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
  const organisation = await stores.organisations.find(award.organisationId)
  const now = clock.now()
  const credential = await stores.credentials.ofAward({
    organisationId: award.organisationId,
    id: random.uuid() as CredentialId,
    awardId: award.id,
    issuerId: issuer.id,
    subjectUri: `urn:uuid:${random.uuid()}`,
    visibility: 'private',
    createdAt: now,
  })
  const { definition } = version
  const { language } = definition
  // Awards from before their end was kept beside them have it from their achievement.
  const end = award.validUntil ?? validUntil(definition, award.awardedAt)
  const ending = end === undefined ? {} : { validUntil: end }
  const found = {
    award: { ...award, ...ending },
    issuer,
    credential,
    language,
    achievementName: textIn(definition.name, language, language),
  }
  const existing = (await stores.credentials.editions(credential.id)).at(-1)
  if (existing !== undefined) {
    if (existing.state === 'signed') return undefined
    // Endorsers may take months. The document names no key, so it is signed with the one that is active then.
    if (award.gate?.endorsement !== undefined)
      return { ...found, edition: { ...existing, keyId: key.id }, key }
    // Its key may have been rotated since: whoever prepared it meant that key, and it is still published.
    const preparedWith = (await stores.issuers.keys(issuer.id)).find(({ id }) => id === existing.keyId)
    return { ...found, edition: existing, key: preparedWith ?? key }
  }

  const place = await allocateStatus({ random }, stores, issuer)
  const achievement = describeAchievement(issuer, award.achievementId, version.version, definition)
  const document = buildBadgeCredential({
    issuer: {
      did: issuer.did,
      name: issuer.name,
      url: issuer.url,
      ...(issuer.email === undefined ? {} : { email: issuer.email }),
      ...(issuer.description === undefined ? {} : { description: issuer.description }),
    },
    achievement,
    uuid: credential.id,
    subjectId: credential.subjectUri,
    validFrom: now,
    awardedDate: award.awardedAt,
    ...ending,
    results: resultEntries(achievement.id, definition.resultDescriptions ?? [], award.results ?? []),
    evidence: (award.evidence ?? []).map(evidenceEntry),
    status: { list: `${issuer.origin}/issuers/${issuer.slug}/status/${place.number}`, index: place.index },
    test: isTestIssuer(issuer, organisation),
  })
  if (award.gate?.endorsement !== undefined) {
    // Nobody is asked to vouch for what cannot be signed.
    const faults = await suite.lint(document)
    if (faults.length > 0) throw errors.credentialUnfit({ faults })
  }
  const edition: CredentialEdition = {
    organisationId: award.organisationId,
    credentialId: credential.id,
    edition: 1,
    state: 'prepared',
    keyId: key.id,
    statusListId: place.listId,
    statusIndex: place.index,
    prepared: credentialBytes(document),
    preparedAt: now,
  }
  await stores.credentials.insertEdition(edition)
  return { ...found, edition, key }
}

/** A random free entry of the issuer's newest list; a new list when that is more than half full. */
async function allocateStatus(
  { random }: { readonly random: Random },
  stores: Stores,
  issuer: Issuer,
): Promise<{ readonly listId: string; readonly number: number; readonly index: number }> {
  let list = await stores.credentials.openList(issuer.id)
  if (list === undefined || list.entries * 2 >= list.length) {
    await stores.credentials.insertList({
      organisationId: issuer.organisationId,
      id: random.rowId(),
      issuerId: issuer.id,
      number: (list?.number ?? 0) + 1,
      length: STATUS_LIST_MIN_ENTRIES,
      entries: 0,
      bits: new Uint8Array(STATUS_LIST_MIN_ENTRIES / 8),
      revision: 1,
    })
    list = await stores.credentials.openList(issuer.id)
  }
  if (list === undefined) throw new Error('A status list that was just made is gone.')
  for (;;) {
    const index = random.integer(list.length)
    if (await stores.credentials.isIndexTaken(list.id, index)) continue
    await stores.credentials.countEntry(list.id)
    return { listId: list.id, number: list.number, index }
  }
}
