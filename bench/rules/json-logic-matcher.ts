import { LogicEngine } from 'json-logic-engine'
import { type BenchRule, COMPLETED } from './bench-rule.ts'
import type { BenchEvent } from './history.ts'
import type { Matcher } from './matcher.ts'

type Facts = Pick<BenchEvent, 'type' | 'activity' | 'activityType' | 'score'>

/** `json-logic-engine`: each rule compiled before (`build`), and asked of every event. */
export const jsonLogicMatcher: Matcher = {
  name: 'json-logic-engine',
  questionsOfAPass: 1_000_000,
  compile: (rules) => {
    const engine = new LogicEngine()
    const built = rules.map((rule) => engine.build(logicOf(rule)) as (facts: Facts) => unknown)
    const meet = (facts: Facts): readonly number[] => {
      const met: number[] = []
      for (let place = 0; place < built.length; place++) if (built[place]?.(facts) === true) met.push(place)
      return met
    }
    return {
      counting: (events) => {
        const all = events.map(factsOf)
        return async () => all.map((facts) => meet(facts).length)
      },
      rulesOf: async (event) => meet(factsOf(event)),
    }
  },
}

const factsOf = ({ type, activity, activityType, score }: BenchEvent): Facts => ({
  type,
  activity,
  activityType,
  score,
})

const logicOf = ({ about, leastScore }: BenchRule) => ({
  and: [
    'activities' in about
      ? { in: [{ var: 'activity' }, about.activities] }
      : { '===': [{ var: 'activityType' }, about.activityType] },
    { '===': [{ var: 'type' }, COMPLETED] },
    { '>=': [{ var: 'score' }, leastScore] },
  ],
})
