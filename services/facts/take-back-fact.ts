import { FACT_TYPES, takenBackFact } from '#engine/events/fact-events.ts'
import { factAt } from '#engine/facts/logged-fact.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { FactRow } from '#services/ports/fact-log.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { RecordFacts } from './record-facts.ts'

/**
 * Takes a fact back as if it had never been said, and what was kept beside it along: the list of members, the use of a
 * code, the nomination with its reason, the state of a badge. Doing it again changes nothing. Answers whether it did.
 * The person of the fact is locked for the rest of the transaction.
 */
export async function takeBackFact(
  recordFacts: RecordFacts,
  stores: Stores,
  organisationId: OrganisationId,
  { id, subjectId, event }: Pick<FactRow, 'id' | 'subjectId' | 'event'>,
  now: Instant,
): Promise<boolean> {
  await stores.evaluation.lockSubjects(organisationId, [subjectId])
  const [taken] = await recordFacts(
    stores,
    organisationId,
    [{ subjectId, event: takenBackFact(event, now) }],
    now,
  )
  if (taken?.isNew !== true) return false
  switch (event.type) {
    case FACT_TYPES.cohort: {
      const slug = event.activity ?? ''
      const cohort = await stores.cohorts.find(organisationId, slug)
      if (cohort === undefined) return true
      const left = await stores.facts.of(organisationId, FACT_TYPES.cohort, [subjectId], slug)
      const last = factAt(left, Number.POSITIVE_INFINITY as Instant)
      const member = {
        subjectId,
        isMember: last?.data['member'] === true,
        since: last?.time ?? event.time,
      }
      await stores.cohorts.setMembers(organisationId, cohort.id, [member], now)
      return true
    }
    case FACT_TYPES.code:
      await stores.claimCodes.giveBack(organisationId, id, now)
      return true
    case FACT_TYPES.nomination:
      await stores.nominations.withdraw(organisationId, id, now)
      return true
    case FACT_TYPES.badge:
      await stores.foreignBadges.takeBack(organisationId, id, now)
      return true
    default:
      return true
  }
}
