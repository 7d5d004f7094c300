import { actorOf, type Principal } from '#engine/access/rights.ts'
import { competencyFact, FACT_TYPES } from '#engine/events/fact-events.ts'
import type { EventId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { FactNeeds } from './fact-needs.ts'
import { personById } from './fact-people.ts'
import { factTime } from './fact-time.ts'

export interface ReachedLevel {
  /** Name or IRI of the framework: levels of two frameworks say nothing of each other. */
  readonly framework: string
  /** IRI or code of the item in it. */
  readonly item: string
  readonly level: number
  readonly at?: Instant
}

/**
 * Records that somebody reached a level. Reaching it again later is a fact of its own; the same level of the same item at
 * the same moment is one (`isNew` is false then).
 */
export const createRecordCompetency =
  ({ database, clock, random, audit, recordFacts, wakeUps }: FactNeeds) =>
  async (
    principal: Principal,
    organisationId: OrganisationId,
    id: SubjectId,
    { framework, item, level, at }: ReachedLevel,
  ): Promise<{ readonly eventId: EventId; readonly isNew: boolean }> => {
    const recorded = await database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'award', organisationId)
      const { subjectId, actor } = await personById(stores, organisationId, id)
      await stores.evaluation.lockSubjects(organisationId, [subjectId])
      const now = clock.now()
      const time = factTime(at, now)
      const known = await stores.facts.of(organisationId, FACT_TYPES.competency, [subjectId], item)
      const same = known.find(
        (fact) => fact.time === time && fact.data['framework'] === framework && fact.data['level'] === level,
      )
      if (same !== undefined) return { eventId: same.id, isNew: false }
      const event = competencyFact({ sourceId: random.rowId(), time, actor }, { framework, item, level })
      const [fact] = await recordFacts(stores, organisationId, [{ subjectId, event }], now)
      if (fact === undefined) throw new Error('A fact was not recorded.')
      await audit(stores, {
        organisationId,
        at: now,
        actor: actorOf(principal),
        action: 'competency.recorded',
        targetType: 'subject',
        targetId: subjectId,
      })
      return fact
    })
    if (recorded.isNew) await wakeUps.wake('evaluate')
    return recorded
  }
