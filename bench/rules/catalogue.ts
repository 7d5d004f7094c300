import type { BenchRule } from './bench-rule.ts'

export type CatalogueKind = 'sparse' | 'dense' | 'levels'

const MODULES = [1, 2, 3]
/** In `dense` and `levels`, an event is of one of so many kinds, and can meet so small a part of the rules. */
const KINDS = 50

/** One rule a course, two of three modules: an event can match one rule. */
const sparse = (count: number): readonly BenchRule[] =>
  Array.from({ length: count }, (_, course) => ({
    name: `course-${course}`,
    about: { activities: modulesOf(course) },
    leastScore: 0.7,
    need: 2,
    counts: 'activities',
    withinDays: 90,
  }))

/** Rules about kinds of activities, each with a score of its own: an event can match a fiftieth, and matches half of it. */
const dense = (count: number): readonly BenchRule[] =>
  Array.from({ length: count }, (_, number) => ({
    name: `score-${number}`,
    about: { activityType: kindOf(number, count) },
    leastScore: Math.floor(number / KINDS) / Math.ceil(count / KINDS),
    need: 2,
    counts: 'events',
    withinDays: 90,
  }))

/** Rules about kinds of activities that differ in how many they ask for: an event meets all of its kind. */
const levels = (count: number): readonly BenchRule[] =>
  Array.from({ length: count }, (_, number) => ({
    name: `level-${number}`,
    about: { activityType: kindOf(number, count) },
    leastScore: 0.7,
    need: 2 + Math.floor(number / KINDS),
    counts: 'events',
    withinDays: 90,
  }))

const CATALOGUES = { sparse, dense, levels }

export const catalogueOfRules = (kind: CatalogueKind, count: number): readonly BenchRule[] =>
  CATALOGUES[kind](count)

export const modulesOf = (course: number): readonly string[] =>
  MODULES.map((module) => `https://courses.example.org/activities/course-${course}/module-${module}`)

/** As many kinds as there are rules, and at most fifty. */
export const kindOf = (number: number, rules: number): string =>
  `https://courses.example.org/kinds/${number % Math.min(KINDS, rules)}`
