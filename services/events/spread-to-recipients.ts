import type { StoredEvent } from '#engine/events/learning-event.ts'
import { stateKey } from '#engine/rules/evaluate/evaluation.ts'
import type { LeftOut } from '#engine/rules/evaluate/recipients.ts'
import type { EventId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import { isVoided } from '#engine/state/fold-leaf.ts'
import { VOIDS_LEAF_HASH } from '#engine/state/leaf-state.ts'
import type { EventRecipient, SubjectKnowledge } from '#services/ports/evaluation-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { RulesInForce } from '#services/rules/rule-sets.ts'
import { findRecipients } from './find-recipients.ts'

export interface Spread {
  /** The events once more, for each person whom a rule that they meet finds in them. */
  readonly events: readonly StoredEvent[]
  /** What was not known before. */
  readonly fresh: readonly EventRecipient[]
  /** By event: whom they name and who is not judged by them. */
  readonly leftOut: ReadonlyMap<EventId, readonly LeftOut[]>
}

const NOBODY: Spread = { events: [], fresh: [], leftOut: new Map() }

/**
 * Finds whom events concern beside their actors, and writes it down, so that an event is part of the history of each.
 * Somebody unknown is made known where the source may do that, and left out otherwise. Of events that nearly met a rule
 * it is written down for people who are known, so that they can be told; they count for nobody, and make nobody known.
 * Costs nothing where no rule awards others than actors.
 */
export async function spreadToRecipients(
  stores: Stores,
  organisationId: OrganisationId,
  { ruleSet }: RulesInForce,
  events: readonly StoredEvent[],
  random: Random,
): Promise<Spread> {
  if (!ruleSet.hasRecipients) return NOBODY
  const { known, strangers, leftOut } = await findRecipients(stores, organisationId, [ruleSet], events)
  if (known.length + strangers.length === 0) return { ...NOBODY, leftOut }
  const wanted = new Map(
    strangers
      .filter(({ isNearMiss }) => !isNearMiss)
      .map(({ text, identifier }) => [text, { id: random.rowId() as SubjectId, identifier }]),
  )
  const made = await stores.subjects.create(organisationId, [...wanted.values()])
  const found = [
    ...known,
    ...strangers.flatMap(({ text, ...each }) => {
      const subjectId = made.get(text)
      return subjectId === undefined ? [] : [{ ...each, subjectId }]
    }),
  ]
  const rowOf = ({ event, subjectId, path }: (typeof found)[number]): EventRecipient => ({
    eventId: event.id,
    subjectId,
    path,
  })
  const met = found.filter(({ isNearMiss }) => !isNearMiss)
  const missed = found.filter(({ isNearMiss }) => isNearMiss)
  const fresh = await stores.evaluation.saveRecipients(organisationId, met.map(rowOf))
  await stores.evaluation.saveRecipients(organisationId, missed.map(rowOf))
  return {
    events: met.map(({ event, subjectId, path }) => ({ ...event, subjectId, recipient: path })),
    fresh,
    leftOut,
  }
}

/** Events that take others back, once more for each person whom those name: it is gone for them as well. */
export async function spreadVoids(
  stores: Stores,
  organisationId: OrganisationId,
  events: readonly StoredEvent[],
): Promise<readonly StoredEvent[]> {
  const voids = new Map(events.filter((event) => event.voids !== undefined).map((event) => [event.id, event]))
  const named = await stores.evaluation.namedInVoided(organisationId, [...voids.values()])
  return named.flatMap(({ eventId, subjectId, path }) => {
    const event = voids.get(eventId)
    return event === undefined ? [] : [{ ...event, subjectId, recipient: path }]
  })
}

/** Without those that had been taken back before they came: only their actors know of that. */
export function withoutVoided(
  spread: readonly StoredEvent[],
  own: readonly StoredEvent[],
  { states }: SubjectKnowledge,
): readonly StoredEvent[] {
  const actors = new Map(own.map(({ id, subjectId }) => [id, subjectId]))
  return spread.filter(({ id, source, sourceId }) => {
    const actor = actors.get(id)
    const voids = actor && states.get(stateKey(VOIDS_LEAF_HASH, actor))
    return voids?.kind !== 'voids' || !isVoided(voids, source, sourceId)
  })
}
