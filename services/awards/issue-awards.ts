import { WaarmerkError } from '#engine/errors/define-error.ts'
import type { Identifier } from '#engine/events/identifier.ts'
import { DAY_MS, SECOND_MS } from '#engine/shared/duration.ts'
import type { ClaimId } from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { newToken } from '#services/access/secret-token.ts'
import type { AddLeaf } from '#services/anchoring/add-leaf.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import { claimMail } from '#services/mail/mail-texts.ts'
import { queueMail } from '#services/mail/queue-mail.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { KeyStore } from '#services/ports/key-store.ts'
import type { Log } from '#services/ports/log.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import type { RuleSets } from '#services/rules/rule-sets.ts'
import { backOff } from './back-off.ts'
import { withOwnEndorsements } from './embed-endorsements.ts'
import type { CheckEndorsementGate } from './endorsement-gate.ts'
import { type Prepared, prepareEdition } from './prepare-edition.ts'
import { signPrepared } from './sign-prepared.ts'
import { storeSigned } from './store-signed.ts'
import { wakeAskers } from './wake-askers.ts'

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
  readonly keyStore: KeyStore
  readonly addLeaf: AddLeaf
  readonly endorsementGate: CheckEndorsementGate
  readonly ruleSets: RuleSets
  readonly audit: AuditTrail
  readonly wakeUps: WakeUps
  readonly log: Log
  readonly origin: string
}

/**
 * The issue step: every due award becomes a signed credential.
 * First the intent is recorded (ids, status index, the document), then it is linted and signed, then the signed bytes
 * are stored with their leaf, claim and mail. Whoever comes back after a crash signs the document that was prepared.
 */
export const createIssueAwards = (needs: IssueAwardsNeeds) => {
  const { database, clock, wakeUps, log } = needs
  const { endorsementGate, ruleSets, audit } = needs

  const issue = async (claimed: Award): Promise<void> => {
    crashPoint('issue.before-prepare')
    // 1. Record what will be signed.
    const prepared = await database.asWorker((stores) => prepare(needs, stores, claimed))
    if (prepared === undefined) return
    crashPoint('issue.prepared')

    // 2. Check it, and sign exactly what was checked.
    const { award } = prepared
    log.info('credential.signing', { award: award.id, credentialId: prepared.credential.id })
    const signed = await signPrepared(needs, prepared)
    crashPoint('issue.before-store')

    // 3. Store the bytes, with everything that follows from them.
    await database.asWorker((stores) => store(stores, prepared, signed))
    log.info('credential.signed', { award: award.id, credentialId: prepared.credential.id })
    crashPoint('issue.stored')
  }

  const store = async (stores: Stores, prepared: Prepared, signed: JsonObject): Promise<void> => {
    const { award, issuer, credential, edition } = prepared
    const now = clock.now()
    // Somebody may have revoked it while it was signed.
    if ((await stores.awards.lock(award.id))?.state !== 'due') throw new AlreadySigned()
    const isOurs = await storeSigned(needs, stores, { issuer, edition }, { signed, at: now })
    // Another worker signed it meanwhile: nothing of ours is kept, the leaf included.
    if (!isOurs) throw new AlreadySigned()
    await stores.awards.move(award.id, ['due'], 'issued', {
      issuedAt: now,
      ...(award.validUntil === undefined ? {} : { validUntil: award.validUntil }),
    })
    const gate = award.gate?.endorsement
    if (gate !== undefined) {
      await endorsementGate.publish(stores, { award, gate, issuer, credential })
      // It is held from now on, and not when it was due.
      await wakeAskers(stores, ruleSets, award, now)
    }
    await supersede(stores, award, now)
    await supersedeRenewed(stores, award, now)
    await openClaim(needs, stores, prepared, now)
  }

  /** A renewal takes the place of what it renews. The earlier badge stays as true as it was, until it is over. */
  const supersede = async (stores: Stores, { organisationId, byRule, subjectId }: Award, now: Instant) => {
    if (byRule === undefined) return
    const superseded = await stores.awards.supersede(
      organisationId,
      { ruleId: byRule.ruleId, subjectId },
      now,
    )
    await audit(
      stores,
      ...superseded.map((targetId) => ({
        organisationId,
        at: now,
        actor: 'system',
        action: 'award.superseded',
        targetType: 'award',
        targetId,
      })),
    )
  }

  /** The same of what somebody renewed by hand. What is over stays over. */
  const supersedeRenewed = async (stores: Stores, { organisationId, renews }: Award, now: Instant) => {
    if (renews === undefined) return
    if (!(await stores.awards.move(renews, ['issued'], 'superseded', { endedAt: now }))) return
    await audit(stores, {
      organisationId,
      at: now,
      actor: 'system',
      action: 'award.superseded',
      targetType: 'award',
      targetId: renews,
    })
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
      if (due.some(({ gate }) => gate?.endorsement !== undefined)) await wakeUps.wake('timers')
    }
    return { more: due.length === PASS_SIZE }
  }
}

class AlreadySigned extends Error {}

async function prepare(
  needs: IssueAwardsNeeds,
  stores: Stores,
  claimed: Award,
): Promise<Prepared | undefined> {
  const { endorsementGate } = needs
  // Under a lock: an endorser who signs meanwhile sees the award wait, or is seen here.
  const award = await stores.awards.lock(claimed.id)
  if (award?.state !== 'due') return undefined
  const prepared = await prepareEdition(needs, stores, award)
  const gate = award.gate?.endorsement
  if (prepared === undefined || gate === undefined) return prepared
  if (!(await endorsementGate.isOpen(stores, { ...prepared, gate }))) return undefined
  if (prepared.definition.embedEndorsements !== true) return prepared
  const signed = (await stores.endorsements.ofTarget(award.organisationId, prepared.credential.id)).filter(
    ({ state, endorserDid }) => state === 'signed' && gate.of.includes(endorserDid),
  )
  return { ...prepared, edition: await withOwnEndorsements(needs.suite, prepared.edition, signed) }
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
  const message = claimMail({
    url: `${origin}/claim#${token}`,
    language,
    achievement: achievementName,
    issuer: issuer.name,
    byRule: award.byRule !== undefined,
  })
  const to = { organisationId: award.organisationId, to: identifier.value, now, aboutId: award.id }
  await queueMail({ random, origin }, stores, to, message)
}
