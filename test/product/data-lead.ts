import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { ApiCaller } from './api-caller.ts'

const FOLDER = join(import.meta.dirname, '../../docs/samples/rules')
const DAY_MS = 86_400_000

interface SampleEvent {
  readonly type: string
  readonly time: string
  readonly subject: string
}

interface Expected {
  readonly now: string
  readonly awards: readonly { readonly learner: string; readonly metAt: string; readonly why: string }[]
}

const sample = <T>(name: string): T => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as T

/** The example of the rule language, as it stands in the documentation. */
export const dataLeadRule = () => sample<Record<string, unknown>>('data-lead.rule.json')
export const dataBasicsRule = () => sample<Record<string, unknown>>('data-basics.rule.json')
export const expectedOfDataLead = () => sample<Expected>('data-lead.expected.json')

/** Whole days between the day on which the example is told and today. */
const shift = Math.floor((Date.now() - Date.parse(expectedOfDataLead().now)) / DAY_MS) * DAY_MS
export const moved = (time: string): string => new Date(Date.parse(time) + shift).toISOString()

/**
 * Its sample events, as if the day of the example were today. Presence is moved to noon: the example's times lie
 * about midnight when the clocks change, and on other days of the year would fall on other days in Amsterdam.
 */
export const dataLeadEvents = (): readonly object[] =>
  sample<SampleEvent[]>('data-lead.events.json').map((event) => ({
    ...event,
    time: event.type === 'attended' ? `${moved(event.time).slice(0, 10)}T12:00:00.000Z` : moved(event.time),
  }))

let counter = 0

/** The rule counts days in Amsterdam: there, another one begins an hour or two before it does in UTC. */
const DAY_IN_AMSTERDAM = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam' })

/** What somebody did so many days ago, at noon. */
export const daysAgo = (days: number, learner: string, type: string, data: object) => ({
  specversion: '1.0',
  id: `story-${++counter}`,
  source: 'urn:example:lms',
  type,
  time: `${DAY_IN_AMSTERDAM.format(Date.now() - days * DAY_MS)}T12:00:00.000Z`,
  subject: `mailto:${learner}@example.org`,
  data,
})

/** Makes an issuer, and publishes what the two rules award. */
export async function makeDataBadges(api: ApiCaller, slug: string): Promise<void> {
  const issuer = await api.post('/v1/issuers', { slug, name: 'Sample Academy' })
  expect(issuer.status).toBe(201)
  const badge = async (slug: string, definition: object) => {
    const made = await api.post('/v1/achievements', { issuerId: issuer.body.id, slug, definition })
    expect([made.status, made.body.code]).toEqual([201, undefined])
    expect((await api.post(`/v1/achievements/${made.body.id}/versions/1/publish`)).status).toBe(200)
  }
  await badge('data-basics', {
    name: { en: 'Data basics', nl: 'Databasis' },
    description: { en: 'Knows the basics of working with data.' },
    criteria: { en: 'Pass the exam.' },
  })
  await badge('data-lead', {
    name: { en: 'Data lead', nl: 'Datalead' },
    description: { en: 'Leads a group that works with data.' },
    criteria: { en: 'Three of five courses, five days in a row, and no failure.' },
    validFor: 'P2Y',
    resultDescriptions: [{ id: 'exam', name: { en: 'Best score' }, type: 'RawScore' }],
  })
}
