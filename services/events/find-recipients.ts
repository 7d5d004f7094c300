import { type Identifier, identifierText } from '#engine/events/identifier.ts'
import type { StoredEvent } from '#engine/events/learning-event.ts'
import type { RuleSet } from '#engine/rules/compile/rule-set.ts'
import { type LeftOut, leftOutFor, recipientsOf } from '#engine/rules/evaluate/recipients.ts'
import type { EventId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import type { Stores } from '#services/ports/stores.ts'

/** That an event names somebody by a path of a rule. */
interface Naming {
  readonly event: StoredEvent
  readonly path: string
  readonly identifier: Identifier
  /** It met no part of a rule, and missed one by one condition. */
  readonly isNearMiss: boolean
}

export interface FoundRecipients {
  readonly known: readonly (Naming & { readonly subjectId: SubjectId })[]
  /**
   * People whom nobody knows yet; `text` tells them apart. The source of an event that meets a part of a rule may make
   * them known; of those who are made known, near misses are told as well.
   */
  readonly strangers: readonly (Naming & { readonly text: string })[]
  readonly leftOut: ReadonlyMap<EventId, readonly LeftOut[]>
}

/** Finds whom events concern beside their actors, by the paths of these rules. Reads, and writes nothing. */
export async function findRecipients(
  stores: Stores,
  organisationId: OrganisationId,
  ruleSets: readonly RuleSet[],
  events: readonly StoredEvent[],
): Promise<FoundRecipients> {
  const named: (Naming & { readonly text: string })[] = []
  const leftOut = new Map<EventId, readonly LeftOut[]>()
  const leaveOut = (event: StoredEvent, lines: readonly LeftOut[]) => {
    if (lines.length > 0) leftOut.set(event.id, [...(leftOut.get(event.id) ?? []), ...lines])
  }
  for (const event of events) {
    if (event.recipient !== undefined) continue
    for (const { path, identifiers, isNearMiss, leftOut: lines } of byPath(ruleSets, event)) {
      leaveOut(event, lines)
      for (const identifier of identifiers)
        named.push({ event, path, identifier, isNearMiss, text: identifierText(identifier) })
    }
  }
  if (named.length === 0) return { known: [], strangers: [], leftOut }

  const sources = await stores.events.sources(organisationId)
  const mayMakeKnown = new Set(sources.filter(({ createsSubjects }) => createsSubjects).map(({ uri }) => uri))
  const identifiers = new Map(named.map(({ text, identifier }) => [text, identifier]))
  const subjects = await stores.subjects.byIdentifiers(organisationId, [...identifiers.values()])
  const strangers = named.filter(({ text }) => !subjects.has(text))
  const mayBecomeKnown = ({ event, isNearMiss }: Naming) => isNearMiss || mayMakeKnown.has(event.source)
  const unknown = new Map<string, typeof named>()
  for (const naming of strangers) {
    if (mayBecomeKnown(naming)) continue
    const key = `${naming.event.id} ${naming.path}`
    unknown.set(key, [...(unknown.get(key) ?? []), naming])
  }
  for (const namings of unknown.values()) {
    const [first] = namings
    if (first === undefined) continue
    const texts = namings.map(({ text }) => text)
    leaveOut(first.event, leftOutFor(first.path, 'not-known', texts))
  }
  return {
    known: named.flatMap(({ text, ...naming }) => {
      const subjectId = subjects.get(text)
      return subjectId === undefined ? [] : [{ ...naming, subjectId }]
    }),
    strangers: strangers.filter(mayBecomeKnown),
    leftOut,
  }
}

/** What several rule sets find by one path is one thing: what one of them is met by is no near miss. */
function byPath(ruleSets: readonly RuleSet[], event: StoredEvent) {
  const found = new Map<string, ReturnType<typeof recipientsOf>[number]>()
  for (const each of ruleSets.flatMap((ruleSet) => recipientsOf(ruleSet, event))) {
    const known = found.get(each.path)
    if (known === undefined || known.isNearMiss) found.set(each.path, each)
  }
  return found.values()
}
