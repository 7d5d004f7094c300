import { expect, vi } from 'vitest'
import type { ApiCaller } from './api-caller.ts'

export const MODULES = [1, 2, 3].map((n) => `https://courses.example.org/activities/first-aid/module-${n}`)

export interface FirstAid {
  readonly issuerId: string
  readonly issuerSlug: string
  readonly achievementId: string
  readonly versionId: string
  readonly ruleId: string
}

/** The document of a rule that is met by two completed modules out of three with 0.7 or more. */
export const basicsRule = (achievement = 'first-aid-basics') => ({
  schema: 'waarmerk-rule/1',
  achievement,
  occurrence: { kind: 'once' },
  recipient: 'event.actor',
  when: {
    id: 'modules',
    distinctOf: 2,
    by: 'event.activity',
    in: MODULES,
    where: "event.type == 'completed' && event.score >= 0.7",
    within: 'P90D',
  },
})

/** Makes an issuer, a published achievement and an active rule through the API. */
export async function setUpFirstAid(api: ApiCaller, slug: string): Promise<FirstAid> {
  const issuer = await api.post('/v1/issuers', { slug, name: `Issuer ${slug}` })
  expect(issuer.body).toMatchObject({ slug })
  const achievement = await api.post('/v1/achievements', {
    issuerId: issuer.body.id,
    slug: 'first-aid-basics',
    definition: {
      language: 'en',
      name: { en: 'First aid basics', nl: 'EHBO basis' },
      description: { en: 'Knows the basics of first aid.' },
      criteria: { en: 'Two of three modules.' },
    },
  })
  expect(achievement.status).toBe(201)
  const published = await api.post(`/v1/achievements/${achievement.body.id}/versions/1/publish`)
  expect(published.body).toMatchObject({ state: 'published' })
  const rule = await api.post('/v1/rules', { name: 'Basics', document: basicsRule() })
  expect(rule.status).toBe(201)
  const active = await api.post(`/v1/rules/${rule.body.id}/versions/1/activate`)
  expect(active.body.versions[0]).toMatchObject({ state: 'active' })
  return {
    issuerId: issuer.body.id,
    issuerSlug: slug,
    achievementId: achievement.body.id,
    versionId: published.body.id,
    ruleId: rule.body.id,
  }
}

let counter = 0

/** A CloudEvent of somebody who completed a module. */
export const completed = (learner: string, module: number, over: Record<string, unknown> = {}) => ({
  specversion: '1.0',
  id: `event-${++counter}`,
  source: 'https://lms.example.org/test',
  type: 'org.example.lms.completed',
  time: `2026-09-0${module}T09:00:00Z`,
  subject: `mailto:${learner}@example.org`,
  data: { activity: MODULES[module - 1], score: 0.9 },
  ...over,
})

/** The two events that earn the badge. */
export const earning = (learner: string) => [completed(learner, 1), completed(learner, 2)]

/** Waits for the award of a learner to get as far as asked: issued, and its leaf final on chain. */
export async function awardOf(api: ApiCaller, learner: string, { anchored = false } = {}) {
  return vi.waitFor(
    async () => {
      const subject = await api.get(
        `/v1/subjects?identifier=${encodeURIComponent(`email:${learner}@example.org`)}`,
      )
      expect(subject.status).toBe(200)
      const awards = await api.get(`/v1/awards?subjectId=${subject.body.id}`)
      const award = awards.body.items[0]
      expect(award).toMatchObject({ state: 'issued' })
      if (anchored) expect(award).toMatchObject({ anchor: 'final' })
      return award
    },
    { timeout: 20_000, interval: 100 },
  )
}
