import { actorOf, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { identifierText } from '#engine/events/identifier.ts'
import type { LeftOut } from '#engine/rules/evaluate/recipients.ts'
import type { EventId, OrganisationId, SourceId, SubjectId } from '#engine/shared/ids.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { EventFilter, EventRow, ReceivedEvent, Source } from '#services/ports/event-store.ts'
import type { Page, PageRequest } from '#services/ports/page.ts'
import type { Random } from '#services/ports/random.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import type { RuleSets } from '#services/rules/rule-sets.ts'
import { findRecipients } from './find-recipients.ts'

export interface ManageEventsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly audit: AuditTrail
  readonly wakeUps: WakeUps
  readonly ruleSets: RuleSets
}

export interface EventWithRecipients extends EventRow {
  readonly recipients: readonly { readonly subjectId: SubjectId; readonly path: string }[]
  readonly leftOut: readonly LeftOut[]
}

const RETRIED_AT_ONCE = 10_000

export const createManageEvents = ({
  database,
  clock,
  random,
  audit,
  wakeUps,
  ruleSets,
}: ManageEventsNeeds) => ({
  list: (
    principal: Principal,
    organisationId: OrganisationId,
    page: PageRequest,
    filter: EventFilter,
  ): Promise<Page<EventRow>> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'read', organisationId)
      return stores.events.list(organisationId, page, filter)
    }),

  /** With whom it names beside its actor, and with what the rules that are in force now cannot read of them, and why. */
  find: (principal: Principal, organisationId: OrganisationId, id: EventId): Promise<EventWithRecipients> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'read', organisationId)
      const row = await stores.events.find(organisationId, id)
      if (row === undefined) throw errors.notFound({ what: 'event', id })
      const { subjectId } = row
      if (subjectId === undefined) return { ...row, recipients: [], leftOut: [] }
      const { ruleSet } = await ruleSets(stores, organisationId)
      const event = { ...row.event, id, subjectId }
      const { leftOut } = await findRecipients(stores, organisationId, [ruleSet], [event])
      return {
        ...row,
        recipients: await stores.events.named(organisationId, id),
        leftOut: leftOut.get(id) ?? [],
      }
    }),

  /** The history of one person, as it was received: what a replay needs. */
  history: (
    principal: Principal,
    organisationId: OrganisationId,
    subjectId: SubjectId,
    page: PageRequest,
  ): Promise<Page<ReceivedEvent>> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'read', organisationId)
      const subject = await stores.subjects.find(organisationId, subjectId)
      if (subject === undefined) throw errors.notFound({ what: 'person', id: subjectId })
      return stores.events.received(organisationId, subject.canonicalId, page)
    }),

  /**
   * Lets a quarantined event go on, now that its person is known or is to be made known.
   * Throws `conflict` when it is not quarantined or its person is still unknown.
   */
  replay: async (
    principal: Principal,
    organisationId: OrganisationId,
    id: EventId,
    createSubject: boolean,
  ): Promise<EventRow> => {
    const replayed = await database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'update', organisationId)
      const row = await stores.events.find(organisationId, id)
      if (row === undefined) throw errors.notFound({ what: 'event', id })
      if (row.state !== 'quarantined')
        throw errors.conflict({
          what: 'event',
          reason: `it is ${row.state}, not quarantined`,
          state: row.state,
          possible: row.state === 'received' ? ['retry'] : [],
        })
      const { actor } = row.event
      const known = createSubject
        ? await stores.subjects.create(organisationId, [
            { id: random.rowId() as SubjectId, identifier: actor },
          ])
        : await stores.subjects.byIdentifiers(organisationId, [actor])
      const subjectId = known.get(identifierText(actor))
      if (subjectId === undefined)
        throw errors.conflict({
          what: 'event',
          reason: 'its person is still unknown',
          state: row.state,
          possible: ['replay with createSubject'],
        })
      if (!(await stores.events.release(organisationId, id, subjectId)))
        throw errors.conflict({ what: 'event', reason: 'somebody else has just released it' })
      await audit(stores, {
        organisationId,
        at: clock.now(),
        actor: actorOf(principal),
        action: 'event.replayed',
        targetType: 'event',
        targetId: id,
      })
      return (await stores.events.find(organisationId, id)) ?? row
    })
    await wakeUps.wake('evaluate')
    return replayed
  },

  /** Puts a parked event back, to be evaluated as if it had just come. Throws `conflict` when it is not parked. */
  retry: async (principal: Principal, organisationId: OrganisationId, id: EventId): Promise<EventRow> => {
    const retried = await database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'update', organisationId)
      const row = await stores.events.find(organisationId, id)
      if (row === undefined) throw errors.notFound({ what: 'event', id })
      if (!(await stores.events.retry(organisationId, id)))
        throw errors.conflict({
          what: 'event',
          reason: 'it is not parked',
          state: row.state,
          possible: row.state === 'quarantined' ? ['replay'] : [],
        })
      await audit(stores, {
        organisationId,
        at: clock.now(),
        actor: actorOf(principal),
        action: 'event.retried',
        targetType: 'event',
        targetId: id,
      })
      return (await stores.events.find(organisationId, id)) ?? row
    })
    await wakeUps.wake('evaluate')
    return retried
  },

  /** The same with all parked events of one error or one type. Answers how many there were. */
  retryParked: async (
    principal: Principal,
    organisationId: OrganisationId,
    of: { readonly code?: string; readonly type?: string },
  ): Promise<number> => {
    const retried = await database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'update', organisationId)
      const count = await stores.events.retryParked(organisationId, of, RETRIED_AT_ONCE)
      if (count > 0)
        await audit(stores, {
          organisationId,
          at: clock.now(),
          actor: actorOf(principal),
          action: 'event.retried',
          targetType: 'event',
          detail: { ...of, count },
        })
      return count
    })
    if (retried > 0) await wakeUps.wake('evaluate')
    return retried
  },

  sources: (principal: Principal, organisationId: OrganisationId): Promise<readonly Source[]> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'read', organisationId)
      return stores.events.sources(organisationId)
    }),

  createSource: (
    principal: Principal,
    organisationId: OrganisationId,
    wanted: { readonly uri: string; readonly name: string; readonly createsSubjects: boolean },
  ): Promise<Source> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'administer', organisationId)
      const source: Source = { organisationId, id: random.rowId() as SourceId, ...wanted }
      if (!(await stores.events.insertSource(source)))
        throw errors.alreadyExists({ what: 'source', id: wanted.uri })
      await audit(stores, {
        organisationId,
        at: clock.now(),
        actor: actorOf(principal),
        action: 'source.created',
        targetType: 'source',
        targetId: source.id,
        detail: { ...wanted },
      })
      return source
    }),

  changeSource: (
    principal: Principal,
    organisationId: OrganisationId,
    id: SourceId,
    change: { readonly name?: string; readonly createsSubjects?: boolean },
  ): Promise<Source> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'administer', organisationId)
      const source = await stores.events.updateSource(organisationId, id, change)
      if (source === undefined) throw errors.notFound({ what: 'source', id })
      await audit(stores, {
        organisationId,
        at: clock.now(),
        actor: actorOf(principal),
        action: 'source.changed',
        targetType: 'source',
        targetId: id,
        detail: { ...change },
      })
      return source
    }),
})
