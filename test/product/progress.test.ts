import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { completed, type FirstAid, setUpFirstAid } from './first-aid.ts'
import { allEvaluated, subjectOf } from './job-waiting.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

// What progress tells beside the tree: which occasion, what stands, what forbids an award, until when. The engine's own
// tests hold what each of them means; these see it through the API, with the decisions and awards that it rests on.

let product: TestProduct
let school: TestOrganisation
let firstAid: FirstAid
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('progress-school')
  firstAid = await setUpFirstAid(school.api, 'progress-academy')
})
afterAll(() => product?.stop())

const SOON = { timeout: 20_000, interval: 100 }

/** A badge and the rule that awards it, in force. */
async function awarding(slug: string, when: object, more: object = {}): Promise<void> {
  const text = { en: slug }
  const achievement = await school.api.post('/v1/achievements', {
    issuerId: firstAid.issuerId,
    slug,
    definition: { name: text, description: text, criteria: text },
  })
  expect([achievement.status, achievement.body.code]).toEqual([201, undefined])
  const published = await school.api.post(`/v1/achievements/${achievement.body.id}/versions/1/publish`)
  expect(published.status).toBe(200)
  const head = { schema: 'waarmerk-rule/1', occurrence: { kind: 'once' }, recipient: 'event.actor' }
  const document = { ...head, achievement: slug, when, ...more }
  const rule = await school.api.post('/v1/rules', { name: slug, document })
  expect([rule.status, rule.body.parameters?.faults]).toEqual([201, undefined])
  expect((await school.api.post(`/v1/rules/${rule.body.id}/versions/1/activate`)).status).toBe(200)
}

const of = (type: string, activity: string) => `event.type == '${type}' && event.activity == '${activity}'`
const january = (day: number) => `2026-01-${String(day).padStart(2, '0')}T12:00:00Z`
const did = (learner: string, number: number, activity: string, day: number, more: object = {}) =>
  completed(learner, number, { time: january(day), data: { activity, ...more } })
const send = async (...events: readonly object[]) => {
  expect((await school.api.post('/v1/events', events)).status).toBe(202)
  await allEvaluated(school.api)
}
const progressOf = async (learner: string, achievement: string) => {
  const id = await subjectOf(school.api, learner)
  const { status, body } = await school.api.get(`/v1/subjects/${id}/progress/${achievement}`)
  expect(status).toBe(200)
  return body
}

test('a deadline that is over closes it, and what came after it is told as too late', async () => {
  await awarding('in-time', { count: 1, where: of('completed', 'in-time') }, { deadline: january(20) })
  await send(did('ann', 1, 'in-time', 22))
  const { rules } = await progressOf('ann', 'in-time')
  expect(rules).toMatchObject([
    {
      occurrence: 'once',
      part: { kind: 'once' },
      state: 'closed',
      decided: null,
      award: null,
      closes: { at: january(20), by: 'deadline' },
      limit: null,
      zone: 'UTC',
      trace: { status: 'met', tooLate: true },
    },
  ])
  expect(rules[0].words.en[0]).toMatch(/^Closed: the deadline was 2026-01-20 12:00 \(UTC\)\./)
  expect(rules[0].words.nl[0]).toMatch(/^Gesloten: de uiterste datum was 2026-01-20 12:00 \(UTC\)\./)
})

test('a negative that was broken for good names the event that broke it', async () => {
  const not = { not: { count: 1, where: of('completed', 'resit') } }
  await awarding('first-try', { all: [{ count: 1, where: of('completed', 'exam') }, not] })
  await send(did('bob', 1, 'resit', 5))
  const { rules, events } = await progressOf('bob', 'first-try')
  const [{ state, trace, words }] = rules
  expect(state).toBe('lost')
  const { against } = trace.children[1]
  expect(against).toMatchObject({ since: january(5), forGood: true })
  expect(events[against.eventId]).toMatchObject({ activity: 'resit', time: january(5) })
  expect(words.en).toContain('What has ruled it out: completed resit, 2026-01-05 (UTC).')
  expect(words.nl.join(' ')).toContain('Voorgoed mislukt: sinds 2026-01-05 (UTC)')
})

test('without limit: what stands, the reason of what was blocked with until when, and the way to the next', async () => {
  await awarding(
    'again',
    { count: 2, where: of('completed', 'again') },
    { occurrence: { kind: 'unlimited' }, limits: { cooldown: 'P10D' } },
  )
  await send(...[2, 3, 5, 6, 20].map((day) => did('cas', day, 'again', day)))
  const { rules } = await progressOf('cas', 'again')
  expect(rules).toMatchObject([
    {
      state: 'blocked',
      part: { kind: 'completion', isNext: false, given: 1 },
      decided: { outcome: 'blocked', metAt: january(6) },
      limit: { reason: 'cooldown', until: january(13) },
    },
    {
      occurrence: null,
      state: 'open',
      part: { kind: 'completion', isNext: true, given: 1 },
      limit: null,
      trace: { have: 1, need: 2 },
    },
  ])
  expect(rules[0].words.en[1]).toContain('can be met from 2026-01-13 12:00 (UTC) on')
  const blocked = (await school.api.get('/v1/decisions?outcome=blocked')).body.items
  expect(blocked).toMatchObject([{ reason: 'cooldown', blockedUntil: january(13) }])
  expect(blocked[0].words.nl[0]).toContain('een volgende kan vanaf 2026-01-13 12:00 (UTC)')
  const one = await school.api.get(`/v1/decisions/${blocked[0].id}`)
  expect(one.body).toEqual(blocked[0])
})

test('an award stands, whichever it is, when a penalty lets the figures fall below what earned it', async () => {
  await awarding(
    'kept',
    { id: 'two', count: 2, where: of('completed', 'kept') },
    { penalty: [{ where: of('completed', 'lapse'), resets: ['two'] }], onRetract: 'keep' },
  )
  await send(did('dee', 1, 'kept', 2), did('dee', 2, 'kept', 3), did('dee', 3, 'lapse', 8))
  const { rules, held } = await progressOf('dee', 'kept')
  expect(held).toBe(true)
  expect(rules).toMatchObject([
    {
      state: 'awarded',
      decided: { outcome: 'award', metAt: january(3) },
      award: { awardedAt: january(3), endedAt: null },
      trace: { status: 'not_met', have: 0, need: 2 },
    },
  ])
  const award = await school.api.get(`/v1/awards/${rules[0].award.id}`)
  expect(award.body).toMatchObject({
    awardedAt: january(3),
    state: expect.stringMatching(/granted|due|issued/),
  })
  expect(rules[0].words.en[0]).toBe(
    'The award of 2026-01-03 (UTC) stands. What the figures say now takes nothing away from it.',
  )
})

test('a cap that others have used up is told before anything is met, and with what was blocked', async () => {
  await awarding('rare', { count: 2, where: of('completed', 'rare') }, { limits: { cap: 1 } })
  await send(did('gus', 1, 'rare', 2), did('gus', 2, 'rare', 3))
  await send(did('hal', 1, 'rare', 4))
  const [open] = (await progressOf('hal', 'rare')).rules
  expect(open).toMatchObject({ state: 'open', limit: { reason: 'cap', until: null }, trace: { have: 1 } })
  await send(did('hal', 2, 'rare', 5))
  const [blocked] = (await progressOf('hal', 'rare')).rules
  expect(blocked).toMatchObject({ state: 'blocked', limit: { reason: 'cap', until: null } })
  expect(blocked.words.nl[0]).toBe(
    'Aan de criteria is voldaan, maar alle toekenningen van deze regel zijn gegeven.',
  )
})

test('a revoked award is told as revoked', async () => {
  await awarding('revocable', { count: 1, where: of('completed', 'revocable') })
  await send(did('eve', 1, 'revocable', 2))
  const id = await vi.waitFor(async () => {
    const [{ award }] = (await progressOf('eve', 'revocable')).rules
    expect(award.state).toBe('issued')
    return award.id
  }, SOON)
  expect((await school.api.post(`/v1/awards/${id}/revoke`, { reason: 'A mistake.' })).status).toBe(200)
  const [rule] = (await progressOf('eve', 'revocable')).rules
  expect(rule.award).toMatchObject({ id, state: 'revoked' })
  expect(rule.words.en[0]).toMatch(
    /^The award of 2026-01-02 \(UTC\) was revoked on \d{4}-\d\d-\d\d \(UTC\)\.$/,
  )
})

test('periods and contexts are told by what people call them', async () => {
  const zone = 'Europe/Amsterdam'
  await awarding(
    'weekly',
    { count: 2, where: of('completed', 'weekly') },
    { occurrence: { kind: 'period', unit: 'year', zone } },
  )
  await awarding(
    'edition',
    { count: 2, where: of('completed', 'edition') },
    { occurrence: { kind: 'context', by: 'event.data.edition' } },
  )
  await send(
    did('fay', 1, 'edition', 2, { edition: 'spring' }),
    did('fay', 2, 'edition', 3, { edition: 'spring' }),
    did('fay', 3, 'edition', 4, { edition: { year: 2026, number: 2 } }),
  )
  const [year] = (await progressOf('fay', 'weekly')).rules
  expect(year).toMatchObject({ state: 'open', zone, part: { kind: 'period', unit: 'year', zone } })
  expect(year.part.title).toEqual({ en: year.part.name, nl: year.part.name })
  expect(year.words.nl[0]).toBe(`Periode: ${year.part.name}, tot en met ${year.part.name}-12-31 (${zone}).`)
  const { rules } = await progressOf('fay', 'edition')
  expect(rules).toMatchObject([
    { part: { kind: 'context', value: { number: 2, year: 2026 } }, state: 'open', trace: { have: 1 } },
    { part: { kind: 'context', value: 'spring' }, state: 'awarded', trace: { status: 'met' } },
  ])
  expect(rules[1].words.en[0]).toBe('For: spring.')
})
