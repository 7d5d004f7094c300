import { identifierText } from '#engine/events/identifier.ts'
import type { StoredEvent } from '#engine/events/learning-event.ts'
import { stateKey } from '#engine/rules/evaluation.ts'
import { recipientsOf } from '#engine/rules/recipients.ts'
import type { OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import { isVoided } from '#engine/state/fold-leaf.ts'
import { VOIDS_LEAF_HASH } from '#engine/state/leaf-state.ts'
import type { EventRecipient, SubjectKnowledge } from '#services/ports/evaluation-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { RulesInForce } from '#services/rules/rule-sets.ts'

export interface Spread {
  /** The events once more, for each person whom a rule that they meet finds in them. */
  readonly events: readonly StoredEvent[]
  /** What was not known before. */
  readonly fresh: readonly EventRecipient[]
}

const NOBODY: Spread = { events: [], fresh: [] }

/**
 * Finds whom events concern beside their actors, and writes it down, so that an event is part of the history of each.
 * Somebody unknown is made known where the source may do that, and left out otherwise. Costs nothing where no rule
 * awards others than actors.
 */
export async function spreadToRecipients(
  stores: Stores,
  organisationId: OrganisationId,
  { ruleSet }: RulesInForce,
  events: readonly StoredEvent[],
  random: Random,
): Promise<Spread> {
  if (!ruleSet.hasRecipients) return NOBODY
  const named = events
    .filter(({ recipient }) => recipient === undefined)
    .flatMap((event) =>
      recipientsOf(ruleSet, event).flatMap(({ path, identifiers }) =>
        identifiers.map((identifier) => ({ event, path, identifier, text: identifierText(identifier) })),
      ),
    )
  if (named.length === 0) return NOBODY
  const sources = new Map((await stores.events.sources(organisationId)).map((source) => [source.uri, source]))
  const identifiers = new Map(named.map(({ text, identifier }) => [text, identifier]))
  const known = await stores.subjects.byIdentifiers(organisationId, [...identifiers.values()])
  const wanted = new Map(
    named
      .filter(({ event, text }) => sources.get(event.source)?.createsSubjects === true && !known.has(text))
      .map(({ text, identifier }) => [text, { id: random.rowId() as SubjectId, identifier }]),
  )
  const made = await stores.subjects.create(organisationId, [...wanted.values()])
  const found = named.flatMap(({ event, path, text }): StoredEvent[] => {
    const subjectId = known.get(text) ?? made.get(text)
    return subjectId === undefined ? [] : [{ ...event, subjectId, recipient: path }]
  })
  const fresh = await stores.evaluation.saveRecipients(
    organisationId,
    found.map(({ id, subjectId, recipient = '' }) => ({ eventId: id, subjectId, path: recipient })),
  )
  return { events: found, fresh }
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
