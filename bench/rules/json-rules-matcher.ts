import { Engine } from 'json-rules-engine'
import { type BenchRule, COMPLETED } from './bench-rule.ts'
import type { BenchEvent } from './history.ts'
import type { Matcher } from './matcher.ts'

type Facts = Record<string, string | number>

/** `json-rules-engine`: one engine with all rules, run for every event. */
export const jsonRulesMatcher: Matcher = {
  name: 'json-rules-engine',
  questionsOfAPass: 5_000,
  compile: (rules) => {
    const engine = new Engine()
    rules.forEach((rule, place) => {
      engine.addRule({
        conditions: { all: conditionsOf(rule) },
        event: { type: 'met', params: { place } },
      })
    })
    const meet = async (facts: Facts) => (await engine.run(facts)).events
    return {
      counting: (events) => {
        const all = events.map(factsOf)
        return async () => {
          const counts: number[] = []
          for (const facts of all) counts.push((await meet(facts)).length)
          return counts
        }
      },
      rulesOf: async (event) => (await meet(factsOf(event))).map(({ params }) => Number(params?.['place'])),
    }
  },
}

const factsOf = ({ type, activity, activityType, score }: BenchEvent): Facts => ({
  type,
  activity,
  activityType,
  score,
})

const conditionsOf = ({ about, leastScore }: BenchRule) => [
  'activities' in about
    ? { fact: 'activity', operator: 'in', value: about.activities }
    : { fact: 'activityType', operator: 'equal', value: about.activityType },
  { fact: 'type', operator: 'equal', value: COMPLETED },
  { fact: 'score', operator: 'greaterThanInclusive', value: leastScore },
]
