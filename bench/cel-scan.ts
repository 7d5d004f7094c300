import { celEnv, parse, plan } from '@bufbuild/cel'
import type { StoredEvent } from '#engine/events/learning-event.ts'
import { DAY_MS } from '#engine/shared/duration.ts'
import type { CourseRule } from './courses.ts'

/** The simple way: ask every rule of every event, and count what the person has of it. Awards as `SUBJECT ACHIEVEMENT`. */
export function createCelScan(
  rules: readonly CourseRule[],
): (history: readonly StoredEvent[]) => ReadonlySet<string> {
  const env = celEnv()
  const planned = rules.map((rule) => ({ rule, matches: plan(env, parse(rule.where)) }))
  return (history) => {
    const awards = new Set<string>()
    const found = new Map<string, StoredEvent[]>()
    for (const event of history) {
      const { type, activity = '', score = 0 } = event
      const bindings = { event: new Map<string, string | number>(Object.entries({ type, activity, score })) }
      for (const { rule, matches } of planned) {
        if (matches(bindings) !== true) continue
        const award = `${event.subjectId} ${rule.name}`
        const matching = found.get(award) ?? []
        matching.push(event)
        found.set(award, matching)
        if (!awards.has(award) && distinctWithin(matching, event, rule) >= rule.need) awards.add(award)
      }
    }
    return awards
  }
}

function distinctWithin(
  matching: readonly StoredEvent[],
  { time }: StoredEvent,
  { withinDays }: CourseRule,
): number {
  const from = time - withinDays * DAY_MS
  return new Set(matching.filter((event) => event.time >= from).map(({ activity }) => activity)).size
}
