import { expect } from 'vitest'
import { ApiCaller } from './api-caller.ts'
import { awardOf, basicsRule, completed } from './first-aid.ts'
import { signedIn } from './member.ts'
import type { TestOrganisation, TestProduct } from './test-product.ts'

/** Publishes a badge that says how well somebody did, and on what: what an earner may want to keep to themselves. */
export async function setUpGradedBadge(
  api: ApiCaller,
  slug: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly achievementId: string; readonly issuerId: string; readonly ruleId: string }> {
  const issuer = await api.post('/v1/issuers', { slug, name: `Issuer ${slug}` })
  const achievement = await api.post('/v1/achievements', {
    issuerId: issuer.body.id,
    slug: 'graded',
    definition: {
      language: 'en',
      name: { en: 'First aid graded', nl: 'EHBO met cijfer' },
      description: { en: 'Knows first aid.', nl: 'Kent eerste hulp.' },
      criteria: { en: 'Two of three modules.', nl: 'Twee van drie modules.' },
      resultDescriptions: [{ id: 'exam', name: { en: 'Exam' }, type: 'Percent' }],
      ...more,
    },
  })
  expect(achievement.status).toBe(201)
  await api.post(`/v1/achievements/${achievement.body.id}/versions/1/publish`)
  const rule = await api.post('/v1/rules', {
    name: 'Graded',
    document: {
      ...basicsRule('graded'),
      results: [{ resultDescription: 'exam', value: 'modules.avg' }],
      evidence: 'modules',
    },
  })
  expect([rule.status, rule.body.code]).toEqual([201, undefined])
  await api.post(`/v1/rules/${rule.body.id}/versions/1/activate`)
  return { achievementId: achievement.body.id, issuerId: issuer.body.id, ruleId: rule.body.id }
}

export interface Earner {
  /** Signed in. */
  readonly api: ApiCaller
  readonly credentialId: string
}

/** Earns the badge, and claims it by the mailed link as a browser would. */
export async function earnAndClaim(
  product: TestProduct,
  school: TestOrganisation,
  learner: string,
  { anchored = false } = {},
): Promise<Earner> {
  const sent = await school.api.post('/v1/events', [completed(learner, 1), completed(learner, 2)])
  expect(sent.body).toMatchObject({ accepted: 2 })
  await awardOf(school.api, learner, { anchored })
  const mail = await product.inbox.waitFor(`${learner}@example.org`, 20_000)
  const token = /\/claim#([\w-]+)/.exec(mail.text ?? '')?.[1] ?? ''
  const accepted = await new ApiCaller(product.url).post(`/v1/claims/${token}/accept`)
  expect(accepted.status).toBe(200)
  // What a claim link opens is for that badge alone.
  return {
    api: await signedIn(product, `${learner}@example.org`),
    credentialId: accepted.body.credentialId,
  }
}
