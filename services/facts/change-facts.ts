import type { FactFrame, FactType } from '#engine/events/fact-events.ts'
import type { LearningEvent } from '#engine/events/learning-event.ts'
import { factAt, type LoggedFact } from '#engine/facts/logged-fact.ts'
import type { EventId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { FactPerson } from './fact-people.ts'
import type { RecordFacts } from './record-facts.ts'

/** Something that is to be true of a person from a moment on. */
export interface WantedFact extends FactPerson {
  readonly at: Instant
  readonly activity: string
  /** Whether it is so already, when this is the latest that was said by then. */
  readonly holds: (data: JsonObject | undefined) => boolean
  readonly make: (frame: FactFrame) => LearningEvent
}

export interface ChangedFacts {
  /** Of each wanted fact in turn: the event that was written, or nothing where it was so already. */
  readonly events: readonly (EventId | undefined)[]
  /** What holds last of each person and activity that changed. */
  readonly latest: ReadonlyMap<SubjectId, ReadonlyMap<string, LoggedFact>>
}

/**
 * Records what is not so already: no second event where nothing changes. `wanted` are looked at in their order, each
 * knowing those before it. The people must be locked (`lockSubjects`), or two at once would both find it not so.
 */
export async function changeFacts(
  { recordFacts, random }: { readonly recordFacts: RecordFacts; readonly random: Random },
  stores: Stores,
  organisationId: OrganisationId,
  type: FactType,
  wanted: readonly WantedFact[],
  now: Instant,
): Promise<ChangedFacts> {
  const subjectIds = [...new Set(wanted.map(({ subjectId }) => subjectId))]
  const activities = new Set(wanted.map(({ activity }) => activity))
  const only = activities.size === 1 ? [...activities][0] : undefined
  const log = Map.groupBy(
    await stores.facts.of(organisationId, type, subjectIds, only),
    ({ subjectId, activity }) => keyOf(subjectId, activity),
  )
  const changes: { readonly index: number; readonly subjectId: SubjectId; readonly event: LearningEvent }[] =
    []
  for (const [index, { subjectId, actor, at, activity, holds, make }] of wanted.entries()) {
    const key = keyOf(subjectId, activity)
    const known = log.get(key) ?? []
    if (holds(factAt(known, at)?.data)) continue
    const event = make({ sourceId: random.rowId(), time: at, actor })
    changes.push({ index, subjectId, event })
    const { sourceId, data } = event
    log.set(key, [...known, { id: sourceId as EventId, subjectId, sourceId, time: at, activity, data }])
  }
  const recorded = await recordFacts(stores, organisationId, changes, now)

  const events: (EventId | undefined)[] = wanted.map(() => undefined)
  const latest = new Map<SubjectId, Map<string, LoggedFact>>()
  for (const [at, { index, subjectId, event }] of changes.entries()) {
    events[index] = recorded[at]?.eventId
    const activity = event.activity ?? ''
    const last = factAt(log.get(keyOf(subjectId, activity)) ?? [], LAST)
    if (last !== undefined) latest.set(subjectId, (latest.get(subjectId) ?? new Map()).set(activity, last))
  }
  return { events, latest }
}

/** Later than any event. */
const LAST = Number.POSITIVE_INFINITY as Instant

const keyOf = (subjectId: SubjectId, activity: string): string => `${subjectId} ${activity}`
