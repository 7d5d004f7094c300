import type { StoredEvent } from '#engine/events/learning-event.ts'
import type { EventId, SubjectId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'

/** A rule in words that both sides understand: so many different ones of these activities within so many days. */
export interface CourseRule {
  readonly name: string
  readonly activities: readonly string[]
  /** In CEL. */
  readonly where: string
  readonly need: number
  readonly withinDays: number
}

const MODULES = [1, 2, 3]
const SOURCE = 'https://lms.example.org/bench'
const MINUTE_MS = 60_000
const START = Date.UTC(2026, 0, 1)

const activitiesOf = (course: number): readonly string[] =>
  MODULES.map((module) => `https://courses.example.org/activities/course-${course}/module-${module}`)

/** One rule a course. What tells most events apart stands first, which spares a scan the rest. */
export const courseRules = (count: number): readonly CourseRule[] =>
  Array.from({ length: count }, (_, course) => {
    const activities = activitiesOf(course)
    return {
      name: `course-${course}`,
      activities,
      where: `event.activity in ${JSON.stringify(activities)} && event.type == 'completed' && event.score >= 0.7`,
      need: 2,
      withinDays: 90,
    }
  })

/** In order of time, the same at every run: everybody follows four courses; a fifth of the events only begin a module. */
export const courseHistory = ({
  rules,
  events,
  people,
}: {
  readonly rules: number
  readonly events: number
  readonly people: number
}): readonly StoredEvent[] => {
  const chance = createChance()
  return Array.from({ length: events }, (_, number): StoredEvent => {
    const person = chance(people)
    const course = (person * 7 + chance(4)) % rules
    return {
      id: `event-${number}` as EventId,
      subjectId: `subject-${person}` as SubjectId,
      source: SOURCE,
      sourceId: String(number),
      type: chance(5) === 0 ? 'started' : 'completed',
      time: asInstant(START + number * 10 * MINUTE_MS),
      actor: { type: 'id', value: `${SOURCE}#${person}` },
      activity: activitiesOf(course)[chance(MODULES.length)] ?? '',
      score: chance(101) / 100,
      data: {},
    }
  })
}

/** Numbers below a bound that look like chance and are the same at every run (Marsaglia's xorshift, 32 bits). */
function createChance(): (below: number) => number {
  let state = 2_463_534_242
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}
