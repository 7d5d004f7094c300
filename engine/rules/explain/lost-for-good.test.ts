import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileRules } from '#engine/rules/compile/rule-set.ts'
import { activeRule, catalogueOf, testHash } from '#engine/rules/testing/build-rules.ts'
import { deliveries, SUBJECTS } from '#engine/rules/testing/random-histories.ts'
import { DAY, randomRule, START, writtenRule } from '#engine/rules/testing/random-rules.ts'
import { createSmallStore } from '#engine/rules/testing/small-store.ts'
import type { RuleId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { occasionProgress } from './occasion-progress.ts'

const RUNS = Number(process.env['RULES_PROPERTY_RUNS'] ?? 400)
const FAR = asInstant(START + 10_000 * DAY)
const catalogue = catalogueOf('one', 'two')
const once = fc.constant({ kind: 'once' as const })
const rules = fc.tuple(randomRule('one', [], once), randomRule('two', ['one']))

test('what progress says is lost or closed is not awarded whatever still happens; what stands, was decided', () => {
  let over = 0
  let stood = 0
  fc.assert(
    fc.property(rules, deliveries, fc.integer({ min: 0, max: 32 }), (plain, { events }, day) => {
      const ruleSet = compileRules(
        plain.map((rule) => activeRule(writtenRule(rule), catalogue)),
        testHash,
      )
      const store = createSmallStore(ruleSet)
      const now = asInstant(START + day * DAY)
      // What is taken back can mend anything.
      const standing = events.filter(({ voids }) => voids === undefined)
      const before = standing.filter(({ time }) => time <= now)
      store.process(now, before)
      store.wake(now)
      const told = SUBJECTS.flatMap((subjectId) =>
        plain.flatMap(({ achievement }) => {
          const ruleId = `rule-${achievement}` as RuleId
          const { states, outcomes, moments } = store
          const own = before.filter((event) => event.subjectId === subjectId).sort((a, b) => a.time - b.time)
          const holdings = store.holdingsOf(subjectId)
          const input = { now, subjectId, states, outcomes, moments, holdings, events: own }
          return (occasionProgress(ruleSet, ruleId, input) ?? []).map((occasion) => ({
            ...{ ruleId, subjectId, occasion },
          }))
        }),
      )
      const decided = store.decisions.length
      store.process(
        FAR,
        standing.filter(({ time }) => time > now),
      )
      store.wake(FAR)
      for (const { ruleId, subjectId, occasion } of told) {
        const of = ({ ruleId: by, subjectId: to, occurrence }: (typeof store.decisions)[number]) =>
          by === ruleId && to === subjectId && occurrence === occasion.occurrence
        const past = store.decisions.slice(0, decided).filter(of).at(-1)
        expect(occasion.state === 'awarded').toBe(past?.outcome === 'award')
        if (occasion.state === 'awarded') stood++
        if (occasion.state !== 'lost' && occasion.state !== 'closed') continue
        // What is joined to an event, and a badge that is asked for, may be decided after the deadline.
        const rule = plain.find(({ achievement }) => ruleId === `rule-${achievement}`)
        if (occasion.state === 'closed' && /"join"|"holds"/.test(JSON.stringify(rule))) continue
        over++
        expect(store.decisions.slice(decided).filter(of)).toEqual([])
      }
    }),
    { numRuns: RUNS },
  )
  // A generator by which nothing is ever over, or nothing stands, would prove nothing.
  expect(over).toBeGreaterThan(RUNS / 20)
  expect(stood).toBeGreaterThan(RUNS / 20)
}, 600_000)
