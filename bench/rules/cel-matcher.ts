import { celEnv, parse, plan } from '@bufbuild/cel'
import { celOf } from './bench-rule.ts'
import type { BenchEvent } from './history.ts'
import type { Matcher } from './matcher.ts'

type Bindings = { readonly event: Map<string, string | number> }

/** `@bufbuild/cel`: each rule's predicate planned before, and asked of every event. */
export const celMatcher: Matcher = {
  name: '@bufbuild/cel',
  questionsOfAPass: 200_000,
  compile: (rules) => {
    const env = celEnv()
    const planned = rules.map((rule) => plan(env, parse(celOf(rule))))
    const meet = (bindings: Bindings): readonly number[] => {
      const met: number[] = []
      for (const [place, matches] of planned.entries()) if (matches(bindings) === true) met.push(place)
      return met
    }
    return {
      counting: (events) => {
        const all = events.map(bindingsOf)
        return async () => all.map((bindings) => meet(bindings).length)
      },
      rulesOf: async (event) => meet(bindingsOf(event)),
    }
  },
}

const bindingsOf = ({ type, activity, activityType, score }: BenchEvent): Bindings => ({
  event: new Map<string, string | number>(Object.entries({ type, activity, activityType, score })),
})
