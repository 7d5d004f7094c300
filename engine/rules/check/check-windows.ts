import type {
  AchievementRef,
  LeafNode,
  ResolvedRule,
  RuleDocument,
  RuleFault,
} from '#engine/rules/document/rule-document.ts'
import { visitLeaves } from '#engine/rules/document/rule-nodes.ts'
import type { CalendarUnit } from '#engine/shared/calendar.ts'
import { longestTerm } from '#engine/shared/calendar-term.ts'
import { DAY_MS, type Duration, parseDuration } from '#engine/shared/duration.ts'
import { parseInstant } from '#engine/shared/instant.ts'

type Length = readonly [path: string, length: Duration]

/**
 * Where a rule looks further back than events are kept. What has no window is left out: it counts what it has seen, and
 * after events were removed it cannot be counted anew from before.
 */
export function windowsBeyond(document: RuleDocument | ResolvedRule, retention: Duration): RuleFault[] {
  const { allowedLateness, occurrence, when } = document
  const lengths: Length[] = [
    ...fixed('/allowedLateness', allowedLateness),
    ...(occurrence.kind === 'period'
      ? [['/occurrence/unit', LONGEST_DAYS[occurrence.unit] * DAY_MS] as const]
      : []),
  ]
  visitLeaves<string | AchievementRef>(when, '/when', (leaf, path) => {
    lengths.push(...lengthsOf(leaf, path))
  })
  return lengths
    .filter(([, length]) => length > retention)
    .map(([path]) => ({
      code: 'rule-window-beyond-retention',
      path,
      message: 'Events may be removed before the window is over.',
    }))
}

function lengthsOf(leaf: LeafNode<string | AchievementRef>, path: string): readonly Length[] {
  const lengths: Length[] = []
  if ('within' in leaf) lengths.push(...fixed(`${path}/within`, leaf.within))
  if ('absence' in leaf) lengths.push(...fixed(`${path}/absence`, leaf.absence))
  if ('anniversary' in leaf) lengths.push([`${path}/anniversary`, longestTerm(leaf.anniversary) ?? 0])
  if ('streak' in leaf) lengths.push([`${path}/streak`, leaf.streak * LONGEST_DAYS[leaf.unit] * DAY_MS])
  if ('join' in leaf)
    for (const [name, { within }] of Object.entries(leaf.join ?? {}))
      lengths.push(...fixed(`${path}/join/${name}/within`, within))
  if ('period' in leaf && leaf.period !== undefined)
    lengths.push([`${path}/period`, LONGEST_DAYS[leaf.period.unit] * DAY_MS])
  if ('range' in leaf && leaf.range !== undefined) {
    const [from, to] = [parseInstant(leaf.range.from), parseInstant(leaf.range.to)]
    if (from !== undefined && to !== undefined) lengths.push([`${path}/range`, to - from])
  }
  return lengths
}

const fixed = (path: string, text: string | undefined): readonly Length[] =>
  text === undefined ? [] : [[path, parseDuration(text) ?? 0]]

const LONGEST_DAYS: Readonly<Record<CalendarUnit, number>> = {
  day: 1,
  week: 7,
  month: 31,
  quarter: 92,
  year: 366,
}
