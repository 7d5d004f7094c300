import { DAY_MS } from '#engine/shared/duration.ts'
import { type BenchRule, COMPLETED } from './bench-rule.ts'
import type { BenchEvent } from './history.ts'

/**
 * Awards as `SUBJECT RULE`, found without any engine and for as many events as there are: relies on events that come
 * in order and once, and on rules that say what they are about.
 */
export function countAwards(
  rules: readonly BenchRule[],
  history: readonly BenchEvent[],
): ReadonlySet<string> {
  const rulesAbout = new Map<string, BenchRule[]>()
  for (const rule of rules)
    for (const name of 'activities' in rule.about ? rule.about.activities : [rule.about.activityType])
      rulesAbout.set(name, [...(rulesAbout.get(name) ?? []), rule])

  const awards = new Set<string>()
  const seen = new Map<string, BenchEvent[]>()
  for (const event of history) {
    if (event.type !== COMPLETED) continue
    const asked = rulesAbout.get(event.activity) ?? rulesAbout.get(event.activityType) ?? []
    // Rules about the same differ in nothing else but how many they ask for.
    const [rule] = asked
    if (rule === undefined || event.score < rule.leastScore) continue
    const place = `${event.subjectId} ${'activities' in rule.about ? rule.name : rule.about.activityType}`
    const from = event.time - rule.withinDays * DAY_MS
    const recent = [...(seen.get(place) ?? []).filter(({ time }) => time >= from), event]
    seen.set(place, recent)
    const activities = new Set(recent.map(({ activity }) => activity)).size
    for (const { name, counts, need } of asked)
      if ((counts === 'activities' ? activities : recent.length) >= need)
        awards.add(`${event.subjectId} ${name}`)
  }
  return awards
}
