import { actorOf, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { EventId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { FactRow } from '#services/ports/fact-log.ts'
import type { Page, PageRequest } from '#services/ports/page.ts'
import type { FactNeeds } from './fact-needs.ts'
import { personById } from './fact-people.ts'
import { takeBackFact } from './take-back-fact.ts'

export const createManageFacts = ({ database, clock, audit, recordFacts, wakeUps }: FactNeeds) => ({
  /** Everything that was fed about a person, newest first, taken back or not. */
  list: (
    principal: Principal,
    organisationId: OrganisationId,
    id: SubjectId,
    page: PageRequest,
  ): Promise<Page<FactRow>> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'read', organisationId)
      const { subjectId } = await personById(stores, organisationId, id)
      return stores.facts.list(organisationId, subjectId, page)
    }),

  /** Takes a wrong fact back: awards that stood on it are retracted as their rules say. Again: nothing changes. */
  takeBack: async (principal: Principal, organisationId: OrganisationId, id: EventId): Promise<void> => {
    const isTaken = await database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'award', organisationId)
      const fact = await stores.facts.find(organisationId, id)
      if (fact === undefined) throw errors.notFound({ what: 'fact', id })
      const now = clock.now()
      const isNew = await takeBackFact(recordFacts, stores, organisationId, fact, now)
      if (isNew)
        await audit(stores, {
          organisationId,
          at: now,
          actor: actorOf(principal),
          action: 'fact.taken_back',
          targetType: 'event',
          targetId: id,
        })
      return isNew
    })
    if (isTaken) await wakeUps.wake('evaluate')
  },
})
