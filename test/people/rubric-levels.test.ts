import { afterAll, beforeAll, expect, test } from 'vitest'
import { ApiCaller } from '#test/product/api-caller.ts'
import { awardOf, basicsRule, completed, setUpFirstAid } from '#test/product/first-aid.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

let product: TestProduct
let school: TestOrganisation
let issuerId: string
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('rubric-school')
  const firstAid = await setUpFirstAid(school.api, 'rubric-academy')
  issuerId = firstAid.issuerId
  await school.api.post(`/v1/rules/${firstAid.ruleId}/pause`)
})
afterAll(() => product?.stop())

const en = { en: 'Text.' }
const levels = [
  { id: 'begun', name: { en: 'Begun' }, level: 'C', points: '0' },
  { id: 'able', name: { en: 'Able' }, level: 'B', points: '0.8', description: { en: 'Explains it.' } },
  {
    id: 'mastered',
    name: { en: 'Mastered' },
    level: 'A',
    points: '0.9',
    alignments: [{ targetName: 'Expert', targetUrl: 'https://levels.example.org/expert' }],
  },
]
const described = (over: object = {}) => ({
  id: 'talks',
  name: { en: 'Talks' },
  type: 'RubricCriterionLevel',
  levels,
  requiredLevel: 'able',
  ...over,
})
const make = (slug: string, resultDescriptions: readonly object[]) =>
  school.api.post('/v1/achievements', {
    issuerId,
    slug,
    definition: { name: en, description: en, criteria: en, resultDescriptions },
  })

test('a badge says which level was reached, in words of Open Badges, and is valid; a value that is no level is not said', async () => {
  const made = await make('rubric', [described()])
  expect(made.status).toBe(201)
  expect(made.body.versions[0].definition.resultDescriptions).toEqual([described()])
  const published = await school.api.post(`/v1/achievements/${made.body.id}/versions/1/publish`)
  expect([published.status, published.body.code]).toEqual([200, undefined])
  const document = {
    ...basicsRule('rubric'),
    results: [{ resultDescription: 'talks', value: 'modules.best.score' }],
  }
  const rule = await school.api.post('/v1/rules', { name: 'Rubric', document })
  expect(rule.status).toBe(201)
  await school.api.post(`/v1/rules/${rule.body.id}/versions/1/activate`)
  const scored = (learner: string, score: number) =>
    [1, 2].map((module) => {
      const event = completed(learner, module)
      return { ...event, data: { ...event.data, score } }
    })
  await school.api.post('/v1/events', [...scored('ann', 0.9), ...scored('bob', 0.75)])
  const badgeOf = async (learner: string) => {
    const award = await awardOf(school.api, learner)
    const { body } = await school.api.get(`/credentials/${award.credentialId}`, {
      accept: 'application/json',
    })
    return { award, credential: body }
  }
  const { credential } = await badgeOf('ann')
  const [result] = credential.credentialSubject.achievement.resultDescription
  expect(result).toMatchObject({
    resultType: 'RubricCriterionLevel',
    requiredLevel: `${result.id}-level-able`,
  })
  expect(result.rubricCriterionLevel).toEqual([
    {
      id: `${result.id}-level-begun`,
      type: ['RubricCriterionLevel'],
      name: 'Begun',
      level: 'C',
      points: '0',
    },
    {
      id: `${result.id}-level-able`,
      type: ['RubricCriterionLevel'],
      name: 'Able',
      level: 'B',
      points: '0.8',
      description: 'Explains it.',
    },
    {
      id: `${result.id}-level-mastered`,
      type: ['RubricCriterionLevel'],
      name: 'Mastered',
      level: 'A',
      points: '0.9',
      alignment: [
        { type: ['Alignment'], targetName: 'Expert', targetUrl: 'https://levels.example.org/expert' },
      ],
    },
  ])
  expect(credential.credentialSubject.result).toEqual([
    {
      type: ['Result'],
      resultDescription: result.id,
      achievedLevel: `${result.id}-level-mastered`,
      value: '0.9',
    },
  ])
  const verified = await new ApiCaller(product.url).post('/v1/verify', { credential })
  expect(verified.body.verdict).toBe('valid')
  const other = await badgeOf('bob')
  expect(other.credential.credentialSubject.result).toBeUndefined()
  // Nor does the award keep what no badge of it can say: the decision's trace has what the rule found.
  expect(other.award.results).toEqual([])
})

test.each([
  ['a level that is none of them is wanted', described({ requiredLevel: 'other' })],
  ['levels of a score', described({ type: 'RawScore' })],
  ['two levels with one id', described({ levels: [levels[0], levels[0]], requiredLevel: undefined })],
  ['points that are no number', described({ levels: [{ ...levels[1], points: 'many' }] })],
])('%s: refused', async (_, result) => {
  const { status, body } = await make('rubric-refused', [result])
  expect([status, body.code]).toEqual([400, 'invalid-request'])
})

test('a level without a name in the language of the badge is refused', async () => {
  const { status, body } = await make('rubric-nameless', [
    described({ levels: [{ ...levels[1], name: { nl: 'Kan het' } }] }),
  ])
  expect([status, body.code]).toEqual([422, 'language-missing'])
})
