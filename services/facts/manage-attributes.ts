import { actorOf, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { attributeFact, FACT_TYPES } from '#engine/events/fact-events.ts'
import { type AttributeType, attributeFault, sameValue } from '#engine/facts/attribute-value.ts'
import type { FactFault } from '#engine/facts/fact-faults.ts'
import { factAt, type LoggedFact } from '#engine/facts/logged-fact.ts'
import type { EventId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { AttributeDefinition } from '#services/ports/attribute-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import { changeFacts, type WantedFact } from './change-facts.ts'
import type { FactNeeds } from './fact-needs.ts'
import { type FactPerson, personById } from './fact-people.ts'
import { type FactRowInput, type FactRowResult, readyRows } from './fact-rows.ts'
import { factTime } from './fact-time.ts'

/** Values by name of attribute; null: it has none from now on. */
export type AttributeValues = Readonly<Record<string, Json>>

/** What an attribute of a person is now. */
export interface AttributeOfPerson {
  readonly name: string
  readonly value: Json
  readonly since: Instant
  readonly eventId: EventId
}

export const createManageAttributes = (needs: FactNeeds) => {
  const { database, clock, audit, wakeUps } = needs

  /** Writes what is not so already. Of each person in turn: the events of the values in turn. */
  const change = async (
    stores: Stores,
    principal: Principal,
    organisationId: OrganisationId,
    people: readonly (FactPerson & { readonly at: Instant; readonly values: AttributeValues })[],
    now: Instant,
  ): Promise<readonly (readonly EventId[])[]> => {
    const wanted = people.flatMap(({ subjectId, actor, at, values }, person) =>
      Object.entries(values).map(([name, value]) => ({
        person,
        fact: {
          subjectId,
          actor,
          at,
          activity: name,
          holds: (data) => sameValue(data?.['value'] ?? null, value),
          make: (frame) => attributeFact(frame, { name, value }),
        } satisfies WantedFact,
      })),
    )
    const { events } = await changeFacts(
      needs,
      stores,
      organisationId,
      FACT_TYPES.attribute,
      wanted.map(({ fact }) => fact),
      now,
    )
    const written = people.map((): EventId[] => [])
    for (const [at, { person }] of wanted.entries()) {
      const event = events[at]
      if (event !== undefined) written[person]?.push(event)
    }
    const changes = written.flat().length
    if (changes > 0)
      await audit(stores, {
        organisationId,
        at: now,
        actor: actorOf(principal),
        action: 'attributes.set',
        targetType: 'subject',
        ...(people.length === 1 && people[0] !== undefined ? { targetId: people[0].subjectId } : {}),
        detail: { changes },
      })
    return written
  }

  return {
    declare: (
      principal: Principal,
      organisationId: OrganisationId,
      wanted: { readonly name: string; readonly type: AttributeType; readonly description: string },
    ): Promise<AttributeDefinition> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'update', organisationId)
        const definition = { organisationId, createdAt: clock.now(), ...wanted }
        if (!(await stores.attributes.insert(definition)))
          throw errors.alreadyExists({ what: 'attribute', id: wanted.name })
        await record(stores, principal, definition, 'attribute.declared')
        return definition
      }),

    list: (principal: Principal, organisationId: OrganisationId): Promise<readonly AttributeDefinition[]> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'read', organisationId)
        return stores.attributes.list(organisationId)
      }),

    find: (
      principal: Principal,
      organisationId: OrganisationId,
      name: string,
    ): Promise<AttributeDefinition> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'read', organisationId)
        const definition = await stores.attributes.find(organisationId, name)
        if (definition === undefined) throw errors.notFound({ what: 'attribute', id: name })
        return definition
      }),

    /** Its name and type stay: rules and events stand on them. */
    describe: (
      principal: Principal,
      organisationId: OrganisationId,
      name: string,
      description: string,
    ): Promise<AttributeDefinition> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'update', organisationId)
        const definition = await stores.attributes.describe(organisationId, name, description)
        if (definition === undefined) throw errors.notFound({ what: 'attribute', id: name })
        await record(stores, principal, definition, 'attribute.described')
        return definition
      }),

    /** What is known of a person now, by name of attribute. */
    of: (
      principal: Principal,
      organisationId: OrganisationId,
      id: SubjectId,
    ): Promise<readonly AttributeOfPerson[]> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'read', organisationId)
        const { subjectId } = await personById(stores, organisationId, id)
        const log = await stores.facts.of(organisationId, FACT_TYPES.attribute, [subjectId])
        const now = clock.now()
        return [...Map.groupBy(log, ({ activity }) => activity)]
          .map(([name, facts]) => ({ name, fact: factAt(facts, now) }))
          .flatMap(({ name, fact }) => (fact === undefined ? [] : [toAttribute(name, fact)]))
          .filter(({ value }) => value !== null)
          .sort((a, b) => (a.name < b.name ? -1 : 1))
      }),

    /** Sets several attributes of one person, all or none. Answers the events that were written. Throws `facts-invalid`. */
    set: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: SubjectId,
      values: AttributeValues,
      at?: Instant,
    ): Promise<readonly EventId[]> => {
      const events = await database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'award', organisationId)
        const person = await personById(stores, organisationId, id)
        const faults = faultsOf(await typesOf(stores, organisationId), values)
        if (faults.length > 0) throw errors.factsInvalid({ faults })
        await stores.evaluation.lockSubjects(organisationId, [person.subjectId])
        const now = clock.now()
        const wanted = { ...person, at: factTime(at, now), values }
        return (await change(stores, principal, organisationId, [wanted], now)).flat()
      })
      if (events.length > 0) await wakeUps.wake('evaluate')
      return events
    },

    /**
     * Sets attributes of many people. `read` makes rows of what was sent, by the declared types. A row at fault is told,
     * and keeps none of the others from being recorded.
     */
    setMany: async (
      principal: Principal,
      organisationId: OrganisationId,
      read: (
        types: ReadonlyMap<string, AttributeType>,
      ) => readonly FactRowInput<{ readonly values: AttributeValues }>[],
    ): Promise<readonly FactRowResult[]> => {
      const results = await database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'award', organisationId)
        const types = await typesOf(stores, organisationId)
        const checked = read(types).map((row) => {
          const faults = row.ok ? faultsOf(types, row.says.values) : []
          return faults.length === 0 ? row : { ok: false as const, faults }
        })
        const { ready, results, now } = await readyRows(needs, stores, organisationId, checked)
        const people = ready.map(({ says, ...row }) => ({ ...row, ...says }))
        const events = await change(stores, principal, organisationId, people, now)
        for (const [at, { index, subjectId }] of ready.entries()) {
          const eventIds = events[at] ?? []
          results[index] =
            eventIds.length === 0
              ? { outcome: 'unchanged', subjectId }
              : { outcome: 'recorded', subjectId, eventIds }
        }
        return results.filter((result) => result !== undefined)
      })
      if (results.some(({ outcome }) => outcome === 'recorded')) await wakeUps.wake('evaluate')
      return results
    },
  }

  function record(stores: Stores, principal: Principal, definition: AttributeDefinition, action: string) {
    return audit(stores, {
      organisationId: definition.organisationId,
      at: clock.now(),
      actor: actorOf(principal),
      action,
      targetType: 'attribute',
      detail: { name: definition.name },
    })
  }
}

const typesOf = async (
  stores: Stores,
  organisationId: OrganisationId,
): Promise<ReadonlyMap<string, AttributeType>> =>
  new Map((await stores.attributes.list(organisationId)).map(({ name, type }) => [name, type]))

function faultsOf(types: ReadonlyMap<string, AttributeType>, values: AttributeValues): readonly FactFault[] {
  return Object.entries(values).flatMap(([name, value]): FactFault[] => {
    const path = `/values/${name.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`
    const type = types.get(name)
    if (type === undefined)
      return [{ code: 'attribute-unknown', path, message: 'There is no such attribute; declare it first.' }]
    const fault = attributeFault(type, value)
    return fault === undefined ? [] : [{ code: 'attribute-type', path, message: `The value ${fault}.` }]
  })
}

const toAttribute = (name: string, { data, time, id }: LoggedFact): AttributeOfPerson => ({
  name,
  value: data['value'] ?? null,
  since: time,
  eventId: id,
})
