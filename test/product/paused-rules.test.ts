import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { awardOf, basicsRule, completed, type FirstAid, MODULES, setUpFirstAid } from './first-aid.ts'
import { allEvaluated, allOf, jobOver } from './job-waiting.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

let product: TestProduct
let school: TestOrganisation
let firstAid: FirstAid
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('pausing-school')
  firstAid = await setUpFirstAid(school.api, 'pausing-academy')
})
afterAll(() => product?.stop())

const pause = async (ruleId = firstAid.ruleId) =>
  expect((await school.api.post(`/v1/rules/${ruleId}/pause`)).status).toBe(200)
const resume = async (ruleId = firstAid.ruleId) => {
  const { body } = await school.api.post(`/v1/rules/${ruleId}/resume`)
  return jobOver(school.api, body.backfillJobId)
}
const send = async (...events: object[]) => {
  expect((await school.api.post('/v1/events', events)).body).toMatchObject({ accepted: events.length })
  await allEvaluated(school.api)
}
const voiding = (learner: string, { id }: { readonly id: string }) =>
  completed(learner, 3, { type: 'org.example.lms.voided', data: { voids: id } })
const outcomesOf = async (subjectId: string, ruleId = firstAid.ruleId) =>
  (await allOf<{ outcome: string; subjectId: string }>(school.api, `/v1/decisions?ruleId=${ruleId}`)).flatMap(
    (each) => (each.subjectId === subjectId ? [each.outcome] : []),
  )

/** The rule says from now on what happens to an award whose events were taken back. */
async function edit(more: object) {
  const rule = `/v1/rules/${firstAid.ruleId}`
  const document = { ...basicsRule(), ...more }
  const { body } = await school.api.post(`${rule}/versions`, { document })
  const { body: active } = await school.api.post(`${rule}/versions/${body.version}/activate`)
  await jobOver(school.api, active.backfillJobId)
}

/** Somebody who holds the badge by two modules, of which the second may be taken back. */
async function holder(learner: string) {
  const [first, second] = [completed(learner, 1), completed(learner, 2)] as const
  await send(first, second)
  const award = await awardOf(school.api, learner)
  const state = async () => (await school.api.get(`/v1/awards/${award.id}`)).body.state
  return { learner, second, subjectId: award.subjectId as string, id: award.id as string, state }
}

describe('an event that is taken back while a rule is paused', () => {
  test('takes nothing where nothing was taken back, however often the rule is paused', async () => {
    const { subjectId, state } = await holder('calm')
    // An event that was taken back long before says nothing about the time of the pause.
    const mistake = completed('calm', 3)
    await send(mistake, voiding('calm', mistake))
    for (const _ of [1, 2]) {
      await pause()
      await send(completed('calm', 3, { type: 'org.example.lms.opened' }))
      expect((await resume()).state).toBe('done')
    }
    expect([await state(), await outcomesOf(subjectId)]).toEqual(['issued', ['award']])
  })

  test.each([
    ['revoke', 'revoked', ['retracted', 'award']],
    ['review', 'issued', ['retracted', 'award']],
    ['keep', 'issued', ['award']],
  ])('when it is resumed, "%s" is done', async (onRetract, state, outcomes) => {
    await edit({ onRetract })
    const held = await holder(`taken-${onRetract}`)
    await pause()
    await send(voiding(held.learner, held.second))
    expect(await outcomesOf(held.subjectId)).toEqual(['award'])
    expect((await resume()).state).toBe('done')
    expect([await held.state(), await outcomesOf(held.subjectId)]).toEqual([state, outcomes])
    // What was looked at is done with.
    await pause()
    await resume()
    expect(await outcomesOf(held.subjectId)).toEqual(outcomes)
  })

  test('takes nothing that other events still carry', async () => {
    await edit({ onRetract: 'revoke' })
    const held = await holder('carried')
    await pause()
    await send(voiding('carried', held.second), completed('carried', 3))
    await resume()
    expect([await held.state(), await outcomesOf(held.subjectId)]).toEqual(['issued', ['award']])
  })

  test('is remembered where a backfill was broken off, until one has come to everybody', async () => {
    const held = await holder('broken')
    await pause()
    await send(voiding('broken', held.second))
    const { body } = await school.api.post(`/v1/rules/${firstAid.ruleId}/resume`)
    await school.api.post(`/v1/jobs/${body.backfillJobId}/cancel`)
    await pause()
    await resume()
    expect(await held.state()).toBe('revoked')
  })

  test('an edit alone takes nothing away, also when the new version was paused', async () => {
    const held = await holder('edited')
    await edit({ onRetract: 'revoke', when: { ...basicsRule().when, distinctOf: 3 } })
    await pause()
    await send(completed('edited', 3, { type: 'org.example.lms.opened' }))
    await resume()
    expect([await held.state(), await outcomesOf(held.subjectId)]).toEqual(['issued', ['award']])
    await edit({ onRetract: 'revoke' })
  })

  test('takes from who rests on the award as well, and from no other rule', async () => {
    const made = await school.api.post('/v1/achievements', {
      issuerId: firstAid.issuerId,
      slug: 'on-top',
      definition: { name: { en: 'On top' }, description: { en: 'X' }, criteria: { en: 'X' } },
    })
    await school.api.post(`/v1/achievements/${made.body.id}/versions/1/publish`)
    const ruleFor = async (name: string, when: object) => {
      const document = { ...basicsRule('on-top'), when, onRetract: 'revoke' }
      const { body } = await school.api.post('/v1/rules', { name, document })
      const { body: active } = await school.api.post(`/v1/rules/${body.id}/versions/1/activate`)
      await jobOver(school.api, active.backfillJobId)
      return body.id as string
    }
    const asking = await ruleFor('On top', { holds: 'first-aid-basics' })
    const other = await ruleFor('By one', { event: 'completed', where: `event.activity == '${MODULES[0]}'` })
    const { learner, second, subjectId } = await holder('stacked')
    await vi.waitFor(async () => expect(await outcomesOf(subjectId, asking)).toEqual(['award']), {
      timeout: 15_000,
    })
    await pause()
    await send(voiding(learner, second))
    expect(await outcomesOf(subjectId, asking)).toEqual(['award'])
    await resume()
    expect(await outcomesOf(subjectId, asking)).toEqual(['retracted', 'award'])
    expect(await outcomesOf(subjectId, other)).toEqual(['award'])
  })
})
