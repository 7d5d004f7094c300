import type { Award } from '#services/ports/award-store.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { Stores } from '#services/ports/stores.ts'
import { allocateStatuses } from './allocate-status.ts'
import type { IssueAwardsNeeds } from './issue-needs.ts'
import { openClaims } from './open-claims.ts'
import { endorsementsInsideAll, type Prepared, partsOfMany, writeEdition } from './prepare-edition.ts'
import { type Signed, signAllPrepared } from './sign-prepared.ts'
import { storeSigned } from './store-signed.ts'
import { supersedeByRule } from './supersede-earlier.ts'
import { AlreadySigned } from './together-or-alone.ts'

/** A document with what was signed of it. */
type SignedDocument = Prepared & Signed

/**
 * Issues awards with which nothing is out of the ordinary, as one: one transaction records what will be signed of all of
 * them, their documents are signed together, and one transaction stores what follows. Answers those that
 * are done with; the others are to be issued alone, each of which then fails or succeeds by itself. Where it throws, all are.
 */
export const createIssueTogether = (needs: IssueAwardsNeeds) => {
  const { database, clock, audit, log } = needs

  /** None of awards that are not due any more, were begun before a crash, or lack something. */
  const prepare = async (stores: Stores, claimed: readonly Award[]): Promise<readonly Prepared[]> => {
    const locked = await stores.awards.lockMany(claimed.map(({ id }) => id))
    const due = locked.filter(({ state }) => state === 'due')
    const parts = await partsOfMany(needs, stores, due)
    const begun = new Set(
      (await stores.credentials.editionsOfMany(parts.map(({ credential }) => credential.id))).map(
        ({ credentialId }) => credentialId,
      ),
    )
    const fresh = parts.filter(({ credential }) => !begun.has(credential.id))
    const prepared: Prepared[] = []
    const preparedAt = clock.now()
    const byIssuer = [...Map.groupBy(fresh, ({ issuer }) => issuer.id)]
    // Whoever locks the lists of several issuers does so in one order.
    for (const [, of] of byIssuer.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const [first] = of
      if (first === undefined) continue
      const organisation = await stores.organisations.find(first.issuer.organisationId)
      // Before the list is locked: of each description of an achievement once, however many are awarded.
      const inside = await endorsementsInsideAll(needs.suite, stores, of, organisation)
      const places = await allocateStatuses(needs, stores, first.issuer, { count: of.length })
      for (const [at, each] of of.entries()) {
        const place = places[at]
        if (place === undefined) continue
        const wanted = { edition: 1, cause: 'issued' as const, preparedAt }
        const endorsements = inside[at]
        const { prepared: edition } = writeEdition(each, wanted, { organisation, place, endorsements })
        prepared.push({ ...each, edition })
      }
    }
    await stores.credentials.insertEditions(prepared.map(({ edition }) => edition))
    return prepared
  }

  const store = async (stores: Stores, signed: readonly SignedDocument[]): Promise<readonly Prepared[]> => {
    const now = clock.now()
    // Somebody may have revoked one of them while they were signed.
    const locked = await stores.awards.lockMany(signed.map(({ award }) => award.id))
    const due = new Set(locked.filter(({ state }) => state === 'due').map(({ id }) => id))
    const ours = signed.filter(({ award }) => due.has(award.id))
    // Another worker signed one of them meanwhile: nothing of ours is kept, the leaves included.
    if (!(await storeSigned(needs, stores, ours, now))) throw new AlreadySigned()
    await stores.awards.moveToIssued(
      ours.map(({ award }) => award),
      now,
    )
    const renewing = new Set(await stores.awards.lockForSuperseding(ours.map(({ award }) => award)))
    for (const { award } of ours) if (renewing.has(award.id)) await supersedeByRule(stores, audit, award, now)
    await openClaims(needs, stores, ours, now)
    return ours
  }

  return async (claimed: readonly Award[]): Promise<ReadonlySet<Award>> => {
    const plain = claimed.filter(isPlain)
    if (plain.length === 0) return new Set()
    crashPoint('issue.before-prepare')
    // 1. Record what will be signed.
    const prepared = await database.asWorker((stores) => prepare(stores, plain))
    if (prepared.length === 0) return new Set()
    crashPoint('issue.prepared')

    // 2. Check it, and sign exactly what was checked.
    for (const { award, credential } of prepared)
      log.info('credential.signing', { award: award.id, credentialId: credential.id })
    const issuings = await signAllPrepared(needs, prepared)
    const signed = prepared.flatMap((each): readonly SignedDocument[] => {
      const issuing = issuings.get(each)
      return issuing?.ok === true ? [{ ...each, signed: issuing.signed, digest: issuing.digest }] : []
    })
    crashPoint('issue.before-store')

    // 3. Store the bytes, with everything that follows from them.
    const stored = signed.length === 0 ? [] : await database.asWorker((stores) => store(stores, signed))
    for (const { award, credential } of stored)
      log.info('credential.signed', { award: award.id, credentialId: credential.id })
    crashPoint('issue.stored')
    const done = new Set(stored.map(({ award }) => award.id))
    return new Set(claimed.filter(({ id }) => done.has(id)))
  }
}

const isPlain = ({ gate, renews }: Award): boolean => gate?.endorsement === undefined && renews === undefined
