import { actorOf, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { cohortFact, FACT_TYPES } from '#engine/events/fact-events.ts'
import type { CohortId, EventId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { LocalisedText } from '#engine/shared/localised-text.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { Cohort, CohortMember } from '#services/ports/cohort-store.ts'
import type { Page, PageRequest } from '#services/ports/page.ts'
import type { Stores } from '#services/ports/stores.ts'
import { changeFacts, type WantedFact } from './change-facts.ts'
import type { FactNeeds } from './fact-needs.ts'
import { type FactPerson, personById } from './fact-people.ts'
import { type FactRowInput, type FactRowResult, readyRows } from './fact-rows.ts'
import { factTime } from './fact-time.ts'

export interface CountedCohort {
  readonly cohort: Cohort
  readonly members: number
}

export const createManageCohorts = (needs: FactNeeds) => {
  const { database, clock, random, audit, wakeUps } = needs

  /** Writes the events, and where they have led. Answers what was written. */
  const change = async (
    stores: Stores,
    principal: Principal,
    cohort: Cohort,
    wanted: readonly (FactPerson & { readonly at: Instant; readonly member: boolean })[],
    now: Instant,
  ): Promise<readonly (EventId | undefined)[]> => {
    const { organisationId, slug } = cohort
    const facts = wanted.map(
      ({ subjectId, actor, at, member }): WantedFact => ({
        subjectId,
        actor,
        at,
        activity: slug,
        holds: (data) => (data?.['member'] === true) === member,
        make: (frame) => cohortFact(frame, { cohort: slug, member }),
      }),
    )
    const { events, latest } = await changeFacts(needs, stores, organisationId, FACT_TYPES.cohort, facts, now)
    const members = [...latest].flatMap(([subjectId, facts]): CohortMember[] => {
      const last = facts.get(slug)
      return last === undefined
        ? []
        : [{ subjectId, isMember: last.data['member'] === true, since: last.time }]
    })
    await stores.cohorts.setMembers(organisationId, cohort.id, members, now)
    if (members.length > 0)
      await audit(stores, {
        organisationId,
        at: now,
        actor: actorOf(principal),
        action: 'cohort.members_changed',
        targetType: 'cohort',
        targetId: cohort.id,
        detail: { changes: events.filter((id) => id !== undefined).length },
      })
    return events
  }

  const counted = async (stores: Stores, cohort: Cohort): Promise<CountedCohort> => {
    const counts = await stores.cohorts.countMembers(cohort.organisationId, [cohort.id])
    return { cohort, members: counts.get(cohort.id) ?? 0 }
  }

  return {
    create: (
      principal: Principal,
      organisationId: OrganisationId,
      wanted: { readonly slug: string; readonly name: LocalisedText },
    ): Promise<CountedCohort> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'update', organisationId)
        const now = clock.now()
        const cohort: Cohort = { organisationId, id: random.rowId() as CohortId, createdAt: now, ...wanted }
        if (!(await stores.cohorts.insert(cohort)))
          throw errors.alreadyExists({ what: 'cohort', id: wanted.slug })
        await record(stores, principal, cohort, 'cohort.created', now)
        return { cohort, members: 0 }
      }),

    list: (
      principal: Principal,
      organisationId: OrganisationId,
      request: PageRequest,
    ): Promise<Page<CountedCohort>> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'read', organisationId)
        const page = await stores.cohorts.list(organisationId, request)
        const counts = await stores.cohorts.countMembers(
          organisationId,
          page.items.map(({ id }) => id),
        )
        return {
          ...page,
          items: page.items.map((cohort) => ({ cohort, members: counts.get(cohort.id) ?? 0 })),
        }
      }),

    find: (principal: Principal, organisationId: OrganisationId, slug: string): Promise<CountedCohort> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'read', organisationId)
        return counted(stores, await cohortOf(stores, organisationId, slug))
      }),

    /** Its slug stays: rules and events name it. */
    rename: (
      principal: Principal,
      organisationId: OrganisationId,
      slug: string,
      name: LocalisedText,
    ): Promise<CountedCohort> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'update', organisationId)
        const cohort = await stores.cohorts.rename(organisationId, slug, name)
        if (cohort === undefined) throw errors.notFound({ what: 'cohort', id: slug })
        await record(stores, principal, cohort, 'cohort.renamed', clock.now())
        return counted(stores, cohort)
      }),

    members: (
      principal: Principal,
      organisationId: OrganisationId,
      slug: string,
      request: PageRequest,
    ): Promise<Page<CohortMember>> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'read', organisationId)
        const { id } = await cohortOf(stores, organisationId, slug)
        return stores.cohorts.members(organisationId, id, request)
      }),

    /** Says that somebody is a member from a moment on, or is one no more. Nothing is written where it is so already. */
    setMember: async (
      principal: Principal,
      organisationId: OrganisationId,
      slug: string,
      subjectId: SubjectId,
      { member, at }: { readonly member: boolean; readonly at?: Instant },
    ): Promise<EventId | undefined> => {
      const event = await database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'award', organisationId)
        const cohort = await cohortOf(stores, organisationId, slug)
        const person = await personById(stores, organisationId, subjectId)
        await stores.evaluation.lockSubjects(organisationId, [person.subjectId])
        const now = clock.now()
        const wanted = { ...person, member, at: factTime(at, now) }
        return (await change(stores, principal, cohort, [wanted], now))[0]
      })
      if (event !== undefined) await wakeUps.wake('evaluate')
      return event
    },

    /** Many members at once. A row at fault is told, and keeps none of the others from being recorded. */
    setMembers: async (
      principal: Principal,
      organisationId: OrganisationId,
      slug: string,
      rows: readonly FactRowInput<{ readonly member: boolean }>[],
    ): Promise<readonly FactRowResult[]> => {
      const results = await database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'award', organisationId)
        const cohort = await cohortOf(stores, organisationId, slug)
        const { ready, results, now } = await readyRows(needs, stores, organisationId, rows)
        const wanted = ready.map(({ says, ...row }) => ({ ...row, ...says }))
        const events = await change(stores, principal, cohort, wanted, now)
        for (const [at, { index, subjectId }] of ready.entries()) {
          const event = events[at]
          results[index] =
            event === undefined
              ? { outcome: 'unchanged', subjectId }
              : { outcome: 'recorded', subjectId, eventIds: [event] }
        }
        return results.filter((result) => result !== undefined)
      })
      if (results.some(({ outcome }) => outcome === 'recorded')) await wakeUps.wake('evaluate')
      return results
    },
  }

  function record(stores: Stores, principal: Principal, cohort: Cohort, action: string, at: Instant) {
    return audit(stores, {
      organisationId: cohort.organisationId,
      at,
      actor: actorOf(principal),
      action,
      targetType: 'cohort',
      targetId: cohort.id,
    })
  }
}

async function cohortOf(stores: Stores, organisationId: OrganisationId, slug: string): Promise<Cohort> {
  const cohort = await stores.cohorts.find(organisationId, slug)
  if (cohort === undefined) throw errors.notFound({ what: 'cohort', id: slug })
  return cohort
}
