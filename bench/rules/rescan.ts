import { DAY_MS } from '#engine/shared/duration.ts'
import type { BenchRule } from './bench-rule.ts'
import type { BenchEvent } from './history.ts'
import type { Matcher } from './matcher.ts'

/**
 * The obvious way, with any engine: ask it for every event which rules it meets, and count what the person has of each
 * of them. Awards as `SUBJECT RULE`.
 */
export function createRescan(
  matcher: Matcher,
  rules: readonly BenchRule[],
): (history: readonly BenchEvent[]) => Promise<ReadonlySet<string>> {
  const { rulesOf } = matcher.compile(rules)
  return async (history) => {
    const awards = new Set<string>()
    const found = new Map<string, BenchEvent[]>()
    for (const event of history)
      for (const place of await rulesOf(event)) {
        const rule = rules[place]
        if (rule === undefined) continue
        const award = `${event.subjectId} ${rule.name}`
        const matching = found.get(award) ?? []
        matching.push(event)
        found.set(award, matching)
        if (!awards.has(award) && haveOf(rule, matching, event) >= rule.need) awards.add(award)
      }
    return awards
  }
}

function haveOf({ counts, withinDays }: BenchRule, matching: readonly BenchEvent[], { time }: BenchEvent) {
  const recent = matching.filter((event) => event.time >= time - withinDays * DAY_MS)
  return counts === 'activities' ? new Set(recent.map(({ activity }) => activity)).size : recent.length
}
