import type { StoredEvent } from '#engine/events/learning-event.ts'
import type { EventId, SubjectId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { COMPLETED } from './bench-rule.ts'
import { kindOf, modulesOf } from './catalogue.ts'
import { createChance } from './chance.ts'

/** An event with everything that the rules ask for. */
export type BenchEvent = StoredEvent & {
  readonly activity: string
  readonly activityType: string
  readonly score: number
}

export interface HistoryShape {
  readonly rules: number
  readonly events: number
  readonly people: number
  /** One percent of the people do half of everything. */
  readonly hot?: boolean
  /** Between two events. */
  readonly minutes?: number
}

const SOURCE = 'https://lms.example.org/bench'
const MINUTE_MS = 60_000
const START = Date.UTC(2026, 0, 1)

/**
 * In order of time, the same at every run: everybody follows four of as many courses as there are rules, and does
 * activities of four kinds; a fifth of the events only begin one.
 */
export function historyOf({
  rules,
  events,
  people,
  hot = false,
  minutes = 10,
}: HistoryShape): readonly BenchEvent[] {
  const chance = createChance()
  const few = Math.max(1, Math.floor(people / 100))
  const idOf = (number: number) => uuid(number, chance)
  const subjects = Array.from({ length: people }, (_, number) => idOf(number) as SubjectId)
  return Array.from({ length: events }, (_, number): BenchEvent => {
    const person = chance(hot && chance(2) === 0 ? few : people)
    const place = person * 7 + chance(4)
    const modules = modulesOf(place % rules)
    return {
      id: idOf(number) as EventId,
      subjectId: subjects[person] ?? ('' as SubjectId),
      source: SOURCE,
      sourceId: idOf(number),
      type: chance(5) === 0 ? 'started' : COMPLETED,
      time: asInstant(START + number * minutes * MINUTE_MS),
      actor: { type: 'id', value: `${SOURCE}#${person}` },
      activity: modules[chance(modules.length)] ?? '',
      activityType: kindOf(place, rules),
      score: chance(101) / 100,
      data: {},
    }
  })
}

const uuid = (number: number, chance: (below: number) => number): string =>
  `0193${number.toString(16).padStart(4, '0').slice(-4)}-${hex(chance, 4)}-7${hex(chance, 3)}-8${hex(chance, 3)}-${hex(chance, 4)}${number.toString(16).padStart(8, '0')}`

const hex = (chance: (below: number) => number, digits: number): string =>
  chance(16 ** digits)
    .toString(16)
    .padStart(digits, '0')
