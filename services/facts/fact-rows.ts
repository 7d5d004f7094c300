import { type Identifier, identifierText } from '#engine/events/identifier.ts'
import type { FactFault } from '#engine/facts/fact-faults.ts'
import type { EventId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { FactNeeds } from './fact-needs.ts'
import { type FactPerson, peopleByIdentifiers } from './fact-people.ts'
import { factTimeFault } from './fact-time.ts'

/** How many rows one call takes. */
export const MOST_ROWS = 1000

/** One row of a table that was read: what it says, or what is wrong with it. */
export type FactRowInput<T> =
  | { readonly ok: true; readonly subject: Identifier; readonly at?: Instant; readonly says: T }
  | { readonly ok: false; readonly faults: readonly FactFault[] }

/** What became of a row. */
export type FactRowResult =
  | { readonly outcome: 'recorded'; readonly subjectId: SubjectId; readonly eventIds: readonly EventId[] }
  /** It was so already. */
  | { readonly outcome: 'unchanged'; readonly subjectId: SubjectId }
  | { readonly outcome: 'refused'; readonly faults: readonly FactFault[] }

export interface ReadyRow<T> extends FactPerson {
  readonly index: number
  readonly at: Instant
  readonly says: T
}

export interface ReadyRows<T> {
  readonly ready: readonly ReadyRow<T>[]
  /** Of each row in turn: what is wrong with it, or nothing yet. */
  readonly results: (FactRowResult | undefined)[]
  /** When the people were locked. */
  readonly now: Instant
}

/**
 * Finds out of whom the rows speak, and locks these people, so that nobody else records facts about them meanwhile.
 * Rows at fault come back as such; the others go on without them.
 */
export async function readyRows<T>(
  { random, clock }: Pick<FactNeeds, 'random' | 'clock'>,
  stores: Stores,
  organisationId: OrganisationId,
  rows: readonly FactRowInput<T>[],
): Promise<ReadyRows<T>> {
  const identifiers = rows.flatMap((row) => (row.ok ? [row.subject] : []))
  const people = await peopleByIdentifiers(stores, organisationId, identifiers, random)
  await stores.evaluation.lockSubjects(organisationId, [...new Set(people.values())])
  const now = clock.now()
  const ready: ReadyRow<T>[] = []
  const results = rows.map((row, index): FactRowResult | undefined => {
    if (!row.ok) return { outcome: 'refused', faults: row.faults }
    const { subject, at = now, says } = row
    const fault = factTimeFault(at, now, '/at')
    if (fault !== undefined) return { outcome: 'refused', faults: [fault] }
    const subjectId = people.get(identifierText(subject))
    if (subjectId === undefined) {
      const fault = {
        code: 'subject-unknown',
        path: '/subject',
        message: 'Nobody is known by that.',
      } as const
      return { outcome: 'refused', faults: [fault] }
    }
    ready.push({ subjectId, actor: subject, at, says, index })
    return undefined
  })
  return { ready, results, now }
}
