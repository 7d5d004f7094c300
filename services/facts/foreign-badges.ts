import { actorOf, type Principal } from '#engine/access/rights.ts'
import { credentialDigest } from '#engine/credentials/prepared-credential.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { badgeFact } from '#engine/events/fact-events.ts'
import { equalBytes, toHex, utf8 } from '#engine/shared/bytes.ts'
import type { ForeignBadgeId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { VerificationReport } from '#engine/verification/verification-report.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { createVerifyCredentials } from '#services/credentials/verify-credentials.ts'
import type { ForeignBadge, ForeignDocument } from '#services/ports/foreign-badge-store.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { FactNeeds } from './fact-needs.ts'
import { personById } from './fact-people.ts'
import { takeBackFact } from './take-back-fact.ts'

export interface ForeignBadgesNeeds extends FactNeeds {
  readonly hashes: Hashes
  readonly verification: Pick<ReturnType<typeof createVerifyCredentials>, 'read' | 'verify'>
}

/** What became of a badge that was brought. "Bad" and "could not be told" are different words. */
export type BroughtBadge =
  | { readonly kind: 'recorded'; readonly badge: ForeignBadge; readonly isNew: boolean }
  | { readonly kind: 'invalid'; readonly report: VerificationReport }
  | { readonly kind: 'undecided'; readonly report: VerificationReport }
  /** Everything holds, but nobody here knows the issuer, and the caller has not named it. */
  | { readonly kind: 'issuer-unknown'; readonly issuer: string; readonly report: VerificationReport }

export type RecheckedBadge =
  | {
      readonly kind: 'stands' | 'taken-back'
      readonly badge: ForeignBadge
      readonly report: VerificationReport
    }
  | { readonly kind: 'undecided'; readonly report: VerificationReport }

/**
 * Badges that others have signed. Verified before they count; which person a badge is about, the caller says, who must
 * hold the right to award: what stands in a badge of the person may be a hash, another address, or nothing.
 */
export const createForeignBadges = (needs: ForeignBadgesNeeds) => {
  const { database, clock, random, audit, recordFacts, hashes, verification, wakeUps } = needs

  return {
    /**
     * Records that somebody holds a badge. `issuer`: the one that the caller knows the badge to be of, where this server
     * does not know it. The same badge again is the same fact.
     * Throws `document-unreadable`, `document-too-large`, `foreign-badge-unfit`, `foreign-badge-taken`.
     */
    bring: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: SubjectId,
      document: ForeignDocument,
      issuer?: string,
    ): Promise<BroughtBadge> => {
      // 1. May they, and is there such a person? Before anything is fetched in their name.
      await database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'award', organisationId)
        await personById(stores, organisationId, id)
      })

      // 2. Does it hold? Outside of a transaction: it asks other servers.
      const credential = await readBadge(document)
      const report = await verification.verify({ document: credential })
      const found = judgeReport(report, issuer)
      if (found !== 'holds') return found

      // 3. Write it down, once.
      const said = saidBy(report, clock.now())
      const digest = credentialDigest(credential, hashes.sha256)
      const name = said.id ?? toHex(digest)
      const key = hashes.sha256(utf8(JSON.stringify([said.issuer, name])))
      const brought = await database.inOrganisation(organisationId, async (stores): Promise<BroughtBadge> => {
        await requireRight(stores, principal, 'award', organisationId)
        const { subjectId, actor } = await personById(stores, organisationId, id)
        await stores.evaluation.lockSubjects(organisationId, [subjectId])
        const known = await stores.foreignBadges.findSame(organisationId, key)
        if (known !== undefined && known.takenBackAt === undefined) {
          if (known.subjectId !== subjectId) throw errors.foreignBadgeTaken({ reason: 'another-person' })
          if (!equalBytes(known.digest, digest))
            throw errors.foreignBadgeTaken({ reason: 'another-document' })
          return { kind: 'recorded', badge: known, isNew: false }
        }
        const now = clock.now()
        const round = (known?.round ?? 0) + 1
        const { achievement, validFrom, validUntil } = said
        const time = asInstant(Math.min(validFrom, now))
        const event = badgeFact(
          { sourceId: `badge:${toHex(key).slice(2)}:${round}`, time, actor },
          {
            achievement,
            issuer: said.issuer,
            credential: name,
            validFrom,
            ...(validUntil === undefined ? {} : { validUntil }),
          },
        )
        const [fact] = await recordFacts(stores, organisationId, [{ subjectId, event }], now)
        if (fact === undefined) throw new Error('A fact was not recorded.')
        const badge: ForeignBadge = {
          organisationId,
          id: known?.id ?? (random.rowId() as ForeignBadgeId),
          subjectId,
          key,
          issuer: said.issuer,
          credential: name,
          achievement,
          digest,
          validFrom,
          ...(validUntil === undefined ? {} : { validUntil }),
          round,
          eventId: fact.eventId,
          recordedAt: now,
          checkedAt: report.checkedAt,
        }
        await stores.foreignBadges.save(badge, document)
        await record(stores, principal, badge, 'foreign_badge.recorded', now)
        return { kind: 'recorded', badge, isNew: true }
      })
      if (brought.kind === 'recorded' && brought.isNew) await wakeUps.wake('evaluate')
      return brought
    },

    list: (
      principal: Principal,
      organisationId: OrganisationId,
      id: SubjectId,
    ): Promise<readonly ForeignBadge[]> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'read', organisationId)
        const { subjectId } = await personById(stores, organisationId, id)
        return stores.foreignBadges.ofSubject(organisationId, subjectId)
      }),

    /**
     * Verifies a badge again. One that was revoked or suspended, or whose signature holds no more, is taken back: as if it
     * had never been brought. One that has run out is not: until when it was valid stands in the fact.
     */
    recheck: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: ForeignBadgeId,
    ): Promise<RecheckedBadge> => {
      const { badge, document } = await database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'award', organisationId)
        const badge = await stores.foreignBadges.find(organisationId, id)
        const document = await stores.foreignBadges.document(organisationId, id)
        if (badge === undefined || document === undefined)
          throw errors.notFound({ what: 'foreign badge', id })
        return { badge, document }
      })
      const report = await verification.verify({ document: await readBadge(document) })
      if (!isGone(report) && judgeLeft(report) === 'undecided') return { kind: 'undecided', report }

      const now = clock.now()
      const rechecked = await database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'award', organisationId)
        await stores.foreignBadges.checked(organisationId, id, report.checkedAt)
        if (!isGone(report) || badge.takenBackAt !== undefined) return false
        const fact = await stores.facts.find(organisationId, badge.eventId)
        if (fact === undefined) throw new Error('A foreign badge has lost its event.')
        const isNew = await takeBackFact(recordFacts, stores, organisationId, fact, now)
        if (isNew) await record(stores, principal, badge, 'foreign_badge.taken_back', now)
        return isNew
      })
      if (rechecked) await wakeUps.wake('evaluate')
      const after = await database.inOrganisation(organisationId, (stores) =>
        stores.foreignBadges.find(organisationId, id),
      )
      const shown = after ?? badge
      return { kind: shown.takenBackAt === undefined ? 'stands' : 'taken-back', badge: shown, report }
    },
  }

  async function readBadge({ bytes }: ForeignDocument): Promise<JsonObject | string> {
    const read = await verification.read(bytes)
    if (read.ok) return read.document
    if (read.code === 'document-too-large') throw errors.documentTooLarge({ limit: '1 MB' })
    throw errors.documentUnreadable({ reason: read.reason })
  }

  function record(stores: Stores, principal: Principal, badge: ForeignBadge, action: string, at: Instant) {
    return audit(stores, {
      organisationId: badge.organisationId,
      at,
      actor: actorOf(principal),
      action,
      targetType: 'foreign_badge',
      targetId: badge.id,
    })
  }
}

/** Whether a report lets a badge count; an issuer that nobody here knows counts where the caller has named it. */
function judgeReport(
  report: VerificationReport,
  named: string | undefined,
): 'holds' | Exclude<BroughtBadge, { kind: 'recorded' }> {
  if (report.verdict === 'valid') return 'holds'
  if (report.verdict === 'invalid') return { kind: 'invalid', report }
  if (judgeLeft(report) === 'undecided') return { kind: 'undecided', report }
  const issuer = report.credential?.issuer?.id ?? ''
  return issuer === named ? 'holds' : { kind: 'issuer-unknown', issuer, report }
}

/** Whether something could not be told besides who the issuer is. */
const judgeLeft = ({ checks }: VerificationReport): 'undecided' | 'decided' =>
  checks.some(({ name, outcome, informs }) => outcome === 'unknown' && name !== 'issuer' && informs !== true)
    ? 'undecided'
    : 'decided'

/** Whether a badge that held does so no more, by other than its age. */
const isGone = ({ checks }: VerificationReport): boolean =>
  checks.some(({ name, outcome, informs }) => outcome === 'failed' && name !== 'validity' && informs !== true)

/** What a badge that verified says. Throws `foreign-badge-unfit` where it is none that a rule could ask for. */
function saidBy({ credential, checkedAt }: VerificationReport, now: Instant) {
  const issuer = credential?.issuer?.id
  const achievement = credential?.achievement?.id
  if (credential?.types.includes('EndorsementCredential') === true)
    throw errors.foreignBadgeUnfit({ reason: 'it is an endorsement' })
  if (credential?.types.includes('Assertion') === true)
    throw errors.foreignBadgeUnfit({
      reason: 'it is of Open Badges 2.0, which is shown and counts for nothing',
    })
  if (issuer === undefined) throw errors.foreignBadgeUnfit({ reason: 'it names no issuer' })
  if (achievement === undefined) throw errors.foreignBadgeUnfit({ reason: 'its achievement has no id' })
  if (achievement.length > MAX_ID || issuer.length > MAX_ID || (credential?.id ?? '').length > MAX_ID)
    throw errors.foreignBadgeUnfit({ reason: `an id in it is longer than ${MAX_ID} characters` })
  return {
    issuer,
    achievement,
    id: credential?.id,
    validFrom: credential?.validFrom ?? credential?.awardedDate ?? (checkedAt < now ? checkedAt : now),
    validUntil: credential?.validUntil,
  }
}

/** As long as a text of an event may be. */
const MAX_ID = 2000
