import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AchievementDefinition } from '#engine/achievements/achievement-definition.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'

const SAMPLES = join(import.meta.dirname, '../../docs/samples')

const read = (name: string): Json => JSON.parse(readFileSync(join(SAMPLES, name), 'utf8')) as Json

/** What the product shows of itself on its first start: sample data, and marked as such everywhere. */
export const SAMPLE = {
  organisation: { slug: 'sample', name: 'Sample Organisation' },
  issuer: {
    slug: 'sample-academy',
    name: 'Sample Academy',
    email: 'badges@example.org',
    description: 'A sample issuer, made on the first start to show how everything works.',
  },
  owner: 'owner@example.org',
  achievements: [
    {
      slug: 'first-aid-basics',
      listing: 'copyable',
      definition: definition({
        name: { en: 'First aid basics', nl: 'EHBO basis' },
        description: {
          en: 'Knows the basics of first aid at work.',
          nl: 'Kent de basis van eerste hulp op het werk.',
        },
        criteria: {
          en: 'Completed two of the three modules with a score of 0.7 or more, within 90 days.',
          nl: 'Twee van de drie modules afgerond met een score van 0,7 of meer, binnen 90 dagen.',
        },
        tags: ['first-aid', 'sample'],
      }),
    },
    {
      slug: 'first-aid-advanced',
      listing: 'listed',
      definition: definition({
        name: { en: 'First aid advanced', nl: 'EHBO gevorderd' },
        description: {
          en: 'Gives first aid at work without supervision.',
          nl: 'Verleent zelfstandig eerste hulp op het werk.',
        },
        criteria: {
          en: 'Holds First aid basics and passed the practice assessment, with no assessment failed in the 30 days before.',
          nl: 'Heeft EHBO basis en de praktijktoets gehaald, zonder gezakte toets in de 30 dagen ervoor.',
        },
        tags: ['first-aid', 'sample'],
      }),
    },
  ],
  rules: [
    { name: 'First aid basics', document: read('rules/first-aid-basics.rule.json') },
    { name: 'First aid advanced', document: read('rules/first-aid-advanced.rule.json') },
  ],
} as const

/** CloudEvents as an LMS sends them. */
export const sampleCloudEvents = (): readonly JsonObject[] =>
  read('learning-events.cloudevents.json') as readonly JsonObject[]

/** xAPI statements as an LMS sends them. */
export const sampleStatements = (): readonly JsonObject[] =>
  read('learning-events.xapi.json') as readonly JsonObject[]

/** Those of the first four learners: what the first start plays. `npm run demo` sends everybody's. */
export const firstSampleEvents = (): readonly JsonObject[] =>
  sampleCloudEvents().filter(({ subject }) => /learner\.0[1-4]@/.test(String(subject)))

function definition(
  texts: Pick<AchievementDefinition, 'name' | 'description' | 'criteria' | 'tags'>,
): AchievementDefinition {
  return { language: 'en', achievementType: 'Badge', alignments: [], ...texts }
}
