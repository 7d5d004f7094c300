import { mayTakeEdition } from '#engine/awards/award-life.ts'
import { SECOND_MS } from '#engine/shared/duration.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import type { AddLeaf } from '#services/anchoring/add-leaf.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { CredentialEdition } from '#services/ports/credential-store.ts'
import type { Database } from '#services/ports/database.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import type { RuleSets } from '#services/rules/rule-sets.ts'
import { backOff } from './back-off.ts'
import type { EndEditions } from './end-editions.ts'
import type { MailEarner } from './mail-earner.ts'
import { findPrepared, findPreparedMany, type Prepared, type PrepareEditionNeeds } from './prepare-edition.ts'
import { type Signed, type SignPreparedNeeds, signAllPrepared, signPrepared } from './sign-prepared.ts'
import { storeSigned } from './store-signed.ts'
import { AlreadySigned, createPassSize, togetherOrAlone } from './together-or-alone.ts'
import { wakeAskers } from './wake-askers.ts'

/** How many editions are signed as one: each does more to what was there before than a first one does. */
const EDITION_PASS = 100
/** How long a worker may take over its editions before another one takes them. */
const LEASE_MS = 5 * SECOND_MS

export interface SignEditionsNeeds extends PrepareEditionNeeds, SignPreparedNeeds {
  readonly database: Database
  readonly addLeaf: AddLeaf
  readonly endEditions: EndEditions
  readonly mailEarner: MailEarner
  readonly ruleSets: RuleSets
  readonly audit: AuditTrail
  readonly wakeUps: WakeUps
}

type SignedDocument = Prepared & Signed

/**
 * The second half of the issue step: every further edition that was prepared is signed, of a pass as one as awards are. In one
 * transaction the signed bytes are stored with their leaves, the editions before lose their validity, reinstated awards are
 * issued again, and their earners are told. Whoever comes back after a crash signs the documents that were prepared.
 */
export const createSignEditions = (needs: SignEditionsNeeds, most: number = EDITION_PASS) => {
  const { database, clock, endEditions, mailEarner, ruleSets, audit, wakeUps, log } = needs
  const size = createPassSize(most)

  /** Those that cannot be signed are not done with. */
  const together = async (claimed: readonly CredentialEdition[]): Promise<ReadonlySet<CredentialEdition>> => {
    const prepared = await database.asWorker((stores) => findThem(stores, claimed))
    if (prepared.length === 0) return new Set()
    crashPoint('edition.before-sign')
    for (const each of prepared) log.info('credential.signing', about(each))
    const issuings = await signAllPrepared(needs, prepared)
    const signed = prepared.flatMap((each): readonly SignedDocument[] => {
      const issuing = issuings.get(each)
      return issuing?.ok === true ? [{ ...each, signed: issuing.signed, digest: issuing.digest }] : []
    })
    await keep(signed)
    const done = new Set(signed.map(({ credential }) => credential.id))
    return new Set(claimed.filter(({ credentialId }) => done.has(credentialId)))
  }

  const alone = async (claimed: CredentialEdition): Promise<void> => {
    const prepared = await database.asWorker(async (stores) => {
      const credential = await stores.credentials.find(claimed.credentialId)
      const award = credential === undefined ? undefined : await stores.awards.find(credential.awardId)
      return award === undefined ? undefined : findPrepared(needs, stores, award, claimed)
    })
    if (prepared === undefined) return
    crashPoint('edition.before-sign')
    log.info('credential.signing', about(prepared))
    await keep([{ ...prepared, ...(await signPrepared(needs, prepared)) }])
  }

  const findThem = async (
    stores: Stores,
    claimed: readonly CredentialEdition[],
  ): Promise<readonly Prepared[]> => {
    const credentials = await stores.credentials.findMany(claimed.map(({ credentialId }) => credentialId))
    const awards = await stores.awards.findMany(credentials.map(({ awardId }) => awardId))
    return findPreparedMany(needs, stores, awards, claimed)
  }

  const keep = async (signed: readonly SignedDocument[]): Promise<void> => {
    if (signed.length === 0) return
    crashPoint('edition.before-store')
    const stored = await database.asWorker((stores) => store(stores, signed))
    for (const each of stored) log.info('credential.signed', about(each))
    crashPoint('edition.stored')
  }

  /** Answers those that were stored; of the others nothing is left. */
  const store = async (
    stores: Stores,
    signed: readonly SignedDocument[],
  ): Promise<readonly SignedDocument[]> => {
    const now = clock.now()
    // 1. Nobody changes the awards meanwhile; whoever was faster has changed what may become of them.
    const locked = new Map(
      (await stores.awards.lockMany(signed.map(({ award }) => award.id))).map((award) => [award.id, award]),
    )
    const ours: SignedDocument[] = []
    for (const each of signed) {
      const award = locked.get(each.award.id)
      if (award === undefined) continue
      // A rule may have renewed the badge meanwhile: nobody gets back what another award has taken the place of.
      const isReplaced =
        award.state === 'revoked' && (await stores.awards.standingBeside(award)) !== undefined
      if (isReplaced || !mayTakeEdition(award.state, each.edition.cause))
        await stores.credentials.dropPrepared(each.credential.id)
      else ours.push({ ...each, award })
    }

    // 2. The signed bytes and their leaves. Where another worker signed one meanwhile, nothing of ours is kept.
    const before = await stores.credentials.currentEditions(ours.map(({ credential }) => credential.id))
    const toStore = ours.map(({ key, edition, ...each }) => ({
      ...each,
      edition: { ...edition, keyId: key.id },
    }))
    if (!(await storeSigned(needs, stores, toStore, now))) throw new AlreadySigned()

    // 3. What follows for each.
    for (const each of ours) await follow(stores, each, now)
    await audit(
      stores,
      ...ours.map(({ award, edition }) => ({
        organisationId: award.organisationId,
        at: now,
        actor: 'system',
        action: `award.${edition.cause}`,
        targetType: 'award',
        targetId: award.id,
        detail: { edition: edition.edition },
      })),
    )

    // 4. The editions before are over. Last, as it holds up whoever sets bits of these lists and whoever seals.
    const issuerOf = new Map(ours.map(({ credential, issuer }) => [credential.id, issuer.id]))
    const over = before.flatMap((edition) => {
      const issuerId = issuerOf.get(edition.credentialId)
      return issuerId === undefined ? [] : [{ issuerId, edition }]
    })
    await endEditions(stores, over, { by: 'superseded', at: now })
    return ours
  }

  const follow = async (stores: Stores, { award, credential, edition }: Prepared, now: Instant) => {
    // What was vouched for in the edition before is over with it.
    for (const { id, requestedAt } of await stores.endorsements.ofTarget(award.organisationId, credential.id))
      if (requestedAt < edition.preparedAt)
        await stores.endorsements.move(id, ['requested', 'viewed', 'signed', 'published'], 'stale')
    // A reinstated award counts again.
    if (edition.cause === 'reinstated') {
      await stores.awards.move(award.id, ['revoked'], 'issued', {})
      await stores.awards.change(award.id, { suspendedAt: null })
      await wakeAskers(stores, ruleSets, award, now)
    }
    if (edition.cause !== 'issued')
      await mailEarner(stores, {
        award,
        credential,
        at: now,
        kind: edition.cause,
        ...(edition.reason === undefined ? {} : { reason: edition.reason }),
        ...(award.validUntil === undefined ? {} : { until: award.validUntil }),
      })
  }

  return async (signal?: AbortSignal): Promise<{ readonly more: boolean }> => {
    const now = clock.now()
    const until = asInstant(now + LEASE_MS)
    const claimed = await database.asWorker((stores) =>
      stores.credentials.claimPrepared(size.now(), now, until),
    )
    const isAtItsEnd = await togetherOrAlone({
      ...{ clock, claimed, until, signal, together, alone },
      onSplit: (error) => log.warn('edition.not_together', { editions: claimed.length, error }),
      onFailure: async (edition, error) => {
        log.error('edition.sign_failed', { credentialId: edition.credentialId, error })
        const at = clock.now()
        await database.asWorker((stores) =>
          stores.credentials.failEdition(edition, {
            error: String(error),
            at,
            next: (attempts) => backOff(attempts, at),
          }),
        )
      },
    })
    size.after(isAtItsEnd)
    if (claimed.length > 0) {
      await wakeUps.wake('anchor')
      await wakeUps.wake('send')
      await wakeUps.wake('mail')
      await wakeUps.wake('timers')
    }
    // Others may wait, also where this pass had room for them: organisations take turns.
    return { more: claimed.length > 0 }
  }
}

const about = ({ award, credential, edition }: Prepared) => ({
  award: award.id,
  credentialId: credential.id,
  edition: edition.edition,
})
