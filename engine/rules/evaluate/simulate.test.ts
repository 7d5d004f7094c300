import { expect, test } from 'vitest'
import type { StoredEvent } from '#engine/events/learning-event.ts'
import { compileRules } from '#engine/rules/compile/rule-set.ts'
import { progress } from '#engine/rules/explain/explain.ts'
import { activeRule, catalogueOf, ruleFor, testHash } from '#engine/rules/testing/build-rules.ts'
import type { AchievementId, EventId, SubjectId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { simulate } from './simulate.ts'

const DAY = 86_400_000

const completed = (subject: string, activity: string, day: number): StoredEvent => ({
  id: `${subject}-${activity}` as EventId,
  subjectId: subject as SubjectId,
  source: 'urn:lms:1',
  sourceId: `${subject}-${activity}`,
  type: 'completed',
  time: asInstant(day * DAY),
  actor: { type: 'id', value: subject },
  activity,
  data: {},
})

const catalogue = catalogueOf('basics', 'advanced')
const ruleSet = compileRules(
  [
    activeRule(ruleFor('basics', { count: 2, where: "event.type == 'completed'" }), catalogue),
    activeRule(ruleFor('advanced', { holds: 'basics' }), catalogue),
  ],
  testHash,
)

test('whole histories give what live events give, prerequisites included', () => {
  const events = [completed('ann', 'b', 3), completed('ann', 'a', 1), completed('bob', 'a', 2)]
  const { decisions, holdings } = simulate(ruleSet, events, { until: asInstant(10 * DAY) })
  expect(
    decisions.map(({ subjectId, achievementId, metAt }) => [subjectId, achievementId, metAt / DAY]),
  ).toEqual([
    ['ann', 'achievement-basics', 3],
    ['ann', 'achievement-advanced', 3],
  ])
  expect(holdings.get('bob' as SubjectId)).toBeUndefined()
})

test('what was held by another road counts, even where no event came', () => {
  const subject = 'cleo' as SubjectId
  const basics = { achievementId: 'achievement-basics' as AchievementId, since: asInstant(DAY) }
  const { decisions } = simulate(ruleSet, [], {
    until: asInstant(2 * DAY),
    holdings: new Map([[subject, [basics]]]),
  })
  expect(decisions.map(({ achievementId, metAt }) => [achievementId, metAt])).toEqual([
    ['achievement-advanced', DAY],
  ])
})

test('a badge of long ago that is over is held no more', () => {
  const subjectId = 'ann' as SubjectId
  const now = asInstant(365 * DAY)
  const asking = activeRule(ruleFor('advanced', { holds: 'basics' }), catalogue)
  const held = (validFor?: string) => {
    const basics = activeRule(ruleFor('basics', { event: 'completed' }), catalogue)
    const rules = compileRules([validFor === undefined ? basics : { ...basics, validFor }, asking], testHash)
    const { holdings, states } = simulate(rules, [completed('ann', 'a', 0)], { until: now })
    const known = { now, subjectId, states, holdings: holdings.get(subjectId) ?? [] }
    const status = progress(rules, asking.ruleId, known)?.trace.status
    return { until: known.holdings[0]?.until, status }
  }
  expect(held('P10D')).toEqual({ until: 10 * DAY, status: 'not_met' })
  expect(held('P2Y')).toEqual({ until: asInstant(730 * DAY), status: 'met' })
  expect(held()).toEqual({ until: undefined, status: 'met' })
})
