import { buildBadgeCredential } from '#engine/credentials/badge-credential.ts'
import { verificationMethodId } from '#engine/credentials/did-document.ts'
import { credentialBytes, credentialDigest } from '#engine/credentials/prepared-credential.ts'
import { STATUS_LIST_MIN_ENTRIES } from '#engine/credentials/status-list.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import type { Identifier } from '#engine/events/identifier.ts'
import { DAY_MS, parseDuration, SECOND_MS } from '#engine/shared/duration.ts'
import type { ClaimId, CredentialId, LeafId } from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import { newToken } from '#services/access/secret-token.ts'
import { describeAchievement } from '#services/achievements/describe-achievement.ts'
import type { AddLeaf } from '#services/anchoring/add-leaf.ts'
import { isTestIssuer } from '#services/issuers/issuer-marks.ts'
import { issuerKeySecret } from '#services/issuers/manage-issuers.ts'
import { claimMail } from '#services/mail/mail-texts.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { Credential, CredentialEdition } from '#services/ports/credential-store.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Issuer, IssuerKey } from '#services/ports/issuer-store.ts'
import type { Log } from '#services/ports/log.ts'
import type { Random } from '#services/ports/random.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { backOff } from './back-off.ts'

const PASS_SIZE = 25
/** How long a worker may take over its awards before another one takes them. */
const LEASE_MS = 5 * SECOND_MS
/** How long a badge waits to be claimed. */
export const CLAIM_MS = 82 * DAY_MS

export interface IssueAwardsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly suite: CredentialSuite
  readonly secretBox: SecretBox
  readonly addLeaf: AddLeaf
  readonly wakeUps: WakeUps
  readonly log: Log
  readonly origin: string
}

/** A document that is about to be signed, with all that signing it needs. */
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
 * The issue step: every due award becomes a signed credential.
 * First the intent is recorded (ids, status index, the document), then it is linted and signed, then the signed bytes
 * are stored with their leaf, claim and mail. Whoever comes back after a crash signs the document that was prepared.
 */
export const createIssueAwards = (needs: IssueAwardsNeeds) => {
  const { database, clock, random, hashes, suite, secretBox, addLeaf, wakeUps, log } = needs

  const issue = async (claimed: Award): Promise<void> => {
    crashPoint('issue.before-prepare')
    // 1. Record what will be signed.
    const prepared = await database.asWorker((stores) => prepare(needs, stores, claimed))
    if (prepared === undefined) return
    crashPoint('issue.prepared')

    // 2. Check it, and sign exactly what was checked.
    const { award, issuer, key, edition } = prepared
    const unsigned = JSON.parse(new TextDecoder().decode(edition.prepared)) as JsonObject
    const checked = await suite.prepare(unsigned)
    if (!checked.ok) throw errors.credentialUnfit({ faults: checked.faults })
    log.info('credential.signing', { award: award.id, credentialId: prepared.credential.id })
    const signed = await suite.sign(
      checked.prepared,
      {
        verificationMethod: verificationMethodId(issuer.did, key.publicKey),
        controller: issuer.did,
        publicKeyMultibase: key.publicKey,
        secretKey: secretBox.open(key.sealedSecret, issuerKeySecret(key.id)),
      },
      clock.now(),
    )
    crashPoint('issue.before-store')

    // 3. Store the bytes, with everything that follows from them.
    await database.asWorker((stores) => store(stores, prepared, signed))
    log.info('credential.signed', { award: award.id, credentialId: prepared.credential.id })
    crashPoint('issue.stored')
  }

  const store = async (stores: Stores, prepared: Prepared, signed: JsonObject): Promise<void> => {
    const { award, issuer, credential, edition } = prepared
    const now = clock.now()
    const leafId = random.rowId() as LeafId
    const digest = credentialDigest(signed, hashes.sha256)
    await addLeaf(stores, {
      issuer,
      kind: 'credential',
      id: leafId,
      targetId: credential.id,
      digest,
      at: now,
    })
    const isOurs = await stores.credentials.signEdition({
      ...edition,
      state: 'signed',
      signed: credentialBytes(signed),
      digest,
      leafId,
      signedAt: now,
    })
    // Another worker signed it meanwhile: nothing of ours is kept, the leaf included.
    if (!isOurs) throw new AlreadySigned()
    await stores.awards.move(award.id, ['due'], 'issued', { issuedAt: now })
    await openClaim(needs, stores, prepared, now)
  }

  return async (): Promise<{ readonly more: boolean }> => {
    const now = clock.now()
    const due = await database.asWorker((stores) =>
      stores.awards.claimDue(PASS_SIZE, now, asInstant(now + LEASE_MS)),
    )
    for (const award of due) {
      try {
        await issue(award)
      } catch (error) {
        if (error instanceof AlreadySigned) continue
        if (error instanceof WaarmerkError && error.code === 'database-unavailable') throw error
        log.error('award.issue_failed', { award: award.id, error })
        await database.asWorker(async (stores) => {
          const at = clock.now()
          const next = backOff(await stores.awards.attempts(award.id), at)
          await stores.awards.fail(award.id, {
            error: String(error),
            at,
            ...(next === undefined ? {} : { next }),
          })
        })
      }
    }
    if (due.length > 0) {
      await wakeUps.wake('anchor')
      await wakeUps.wake('mail')
    }
    return { more: due.length === PASS_SIZE }
  }
}

class AlreadySigned extends Error {}

async function prepare(
  { clock, random, log }: IssueAwardsNeeds,
  stores: Stores,
  claimed: Award,
): Promise<Prepared | undefined> {
  const award = await stores.awards.find(claimed.id)
  if (award?.state !== 'due') return undefined
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
  const found = {
    award,
    issuer,
    credential,
    language,
    achievementName: textIn(definition.name, language, language),
  }
  const existing = (await stores.credentials.editions(credential.id)).at(-1)
  if (existing !== undefined) {
    if (existing.state === 'signed') return undefined
    // Its key may have been rotated since: whoever prepared it meant that key, and it is still published.
    const preparedWith = (await stores.issuers.keys(issuer.id)).find(({ id }) => id === existing.keyId)
    return { ...found, edition: existing, key: preparedWith ?? key }
  }

  const place = await allocateStatus({ random }, stores, issuer)
  const validFor = definition.validFor === undefined ? undefined : parseDuration(definition.validFor)
  const document = buildBadgeCredential({
    issuer: {
      did: issuer.did,
      name: issuer.name,
      url: issuer.url,
      ...(issuer.email === undefined ? {} : { email: issuer.email }),
      ...(issuer.description === undefined ? {} : { description: issuer.description }),
    },
    achievement: describeAchievement(issuer, award.achievementId, version.version, definition),
    uuid: credential.id,
    subjectId: credential.subjectUri,
    validFrom: now,
    awardedDate: award.awardedAt,
    ...(validFor === undefined ? {} : { validUntil: asInstant(award.awardedAt + validFor) }),
    status: { list: `${issuer.origin}/issuers/${issuer.slug}/status/${place.number}`, index: place.index },
    test: isTestIssuer(issuer, organisation),
  })
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

/** Offers the badge to the person by mail, where the organisation knows an address. */
async function openClaim(
  { random, hashes, origin }: IssueAwardsNeeds,
  stores: Stores,
  { award, issuer, achievementName, language }: Prepared,
  now: Instant,
): Promise<void> {
  const identifiers = await stores.subjects.identifiers(award.organisationId, award.subjectId)
  const identifier: Identifier | undefined =
    identifiers.find(({ type }) => type === 'email') ?? identifiers[0]
  if (identifier === undefined) return
  const { token, hash } = newToken(random, hashes.sha256)
  const opened = await stores.claims.open(
    {
      organisationId: award.organisationId,
      id: random.rowId() as ClaimId,
      awardId: award.id,
      identifier,
      state: 'open',
      openedAt: now,
      expiresAt: asInstant(now + CLAIM_MS),
    },
    hash,
  )
  if (!opened || identifier.type !== 'email') return
  const id = random.rowId()
  await stores.mail.insert({
    organisationId: award.organisationId,
    id,
    messageId: `<${id}@${new URL(origin).hostname}>`,
    kind: 'claim',
    to: identifier.value,
    createdAt: now,
    ...claimMail({
      url: `${origin}/claim#${token}`,
      language,
      achievement: achievementName,
      issuer: issuer.name,
      byRule: award.byRule !== undefined,
    }),
  })
}
