import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { completed, type FirstAid, setUpFirstAid } from './first-aid.ts'
import { allOf, subjectOf } from './job-waiting.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

// What of the rule language needs more than the engine: other people than actors, limits that all share, facts, results,
// and who is told. The engine's own tests hold the meaning of the rest.

let product: TestProduct
let school: TestOrganisation
let firstAid: FirstAid
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('language-school')
  firstAid = await setUpFirstAid(school.api, 'language-academy')
})
afterAll(() => product?.stop())

const SOON = { timeout: 20_000, interval: 100 }

async function badge(slug: string, definition: object = {}): Promise<string> {
  const made = await school.api.post('/v1/achievements', {
    issuerId: firstAid.issuerId,
    slug,
    definition: {
      name: { en: slug },
      description: { en: 'X.' },
      criteria: { en: 'X.' },
      ...definition,
    },
  })
  expect(made.status).toBe(201)
  expect((await school.api.post(`/v1/achievements/${made.body.id}/versions/1/publish`)).status).toBe(200)
  return made.body.id
}

async function active(achievement: string, when: object, more: object = {}): Promise<string> {
  const rule = await school.api.post('/v1/rules', {
    name: achievement,
    document: {
      schema: 'waarmerk-rule/1',
      achievement,
      occurrence: { kind: 'once' },
      recipient: 'event.actor',
      when,
      ...more,
    },
  })
  expect([rule.status, rule.body.parameters?.faults]).toEqual([201, undefined])
  expect((await school.api.post(`/v1/rules/${rule.body.id}/versions/1/activate`)).status).toBe(200)
  return rule.body.id
}

const awardsOf = async (learner: string, achievementId: string) =>
  (
    await allOf<{ achievementId: string; state: string; id: string; credentialId: string }>(
      school.api,
      `/v1/awards?subjectId=${await subjectOf(school.api, learner)}`,
    )
  ).filter((award) => award.achievementId === achievementId)

const decisionsOf = async (ruleId: string) =>
  allOf<{ subjectId: string; outcome: string; reason?: string; occurrence: string; awardId?: string }>(
    school.api,
    `/v1/decisions?ruleId=${ruleId}`,
  )

const presented = (presenter: string, members: readonly string[]) =>
  completed(presenter, 1, { data: { activity: 'talk', team: { members } } })

test('an event awards everybody whom the path names, of before the activation too, and its actor only if named', async () => {
  const achievementId = await badge('team-talk')
  await school.api.post('/v1/events', presented('pia', ['mailto:tim@example.org', 'mailto:tom@example.org']))
  await vi.waitFor(async () => {
    expect((await school.api.get('/v1/events?state=received')).body.items).toEqual([])
  }, SOON)
  const when = { count: 1, where: "event.type == 'completed' && event.activity == 'talk'" }
  await active('team-talk', when, { recipient: 'event.data.team.members' })
  await vi.waitFor(async () => {
    expect((await awardsOf('tim', achievementId)).map(({ state }) => state)).toEqual(['issued'])
    expect((await awardsOf('tom', achievementId)).map(({ state }) => state)).toEqual(['issued'])
  }, SOON)
  await school.api.post('/v1/events', presented('pia', ['pia@example.org', 'tim@example.org']))
  await vi.waitFor(async () => expect(await awardsOf('pia', achievementId)).toHaveLength(1), SOON)
  expect(await awardsOf('tim', achievementId)).toHaveLength(1)
})

test('an event that is taken back is taken back for everybody whom it names, whichever came first', async () => {
  const achievementId = await badge('taken-back')
  const rowed = (id: string, by: string, members: readonly string[]) =>
    completed(by, 1, { id, data: { activity: 'rowed', crew: members } })
  const back = (id: string, by: string) =>
    completed(by, 2, { id: `back-${id}`, type: 'voided', data: { voids: id } })
  const ruleId = await active(
    'taken-back',
    { count: 1, where: "event.type == 'completed' && event.activity == 'rowed'" },
    { recipient: 'event.data.crew', onRetract: 'revoke' },
  )
  const states = async (learner: string) => (await awardsOf(learner, achievementId)).map(({ state }) => state)
  await school.api.post(
    '/v1/events',
    rowed('row-1', 'cox', ['mailto:rower1@example.org', 'mailto:cox@example.org']),
  )
  await vi.waitFor(async () => {
    expect(await states('rower1')).toEqual(['issued'])
    expect(await states('cox')).toEqual(['issued'])
  }, SOON)
  await school.api.post('/v1/events', back('row-1', 'cox'))
  await vi.waitFor(async () => {
    expect(await states('rower1')).toEqual(['revoked'])
    expect(await states('cox')).toEqual(['revoked'])
  }, SOON)

  // Met again, it is earned again: by a new badge, as the old one is revoked for good.
  await school.api.post('/v1/events', rowed('row-again', 'cox', ['mailto:rower1@example.org']))
  await vi.waitFor(async () => expect((await states('rower1')).sort()).toEqual(['issued', 'revoked']), SOON)
  const rower1 = await subjectOf(school.api, 'rower1')
  const told = (await decisionsOf(ruleId)).filter(({ subjectId }) => subjectId === rower1)
  expect(told.map(({ outcome }) => outcome).sort()).toEqual(['award', 'award', 'retracted'])
  const ids = (await awardsOf('rower1', achievementId)).map(({ id }) => id).sort()
  expect(told.flatMap(({ awardId }) => awardId ?? []).sort()).toEqual(ids)

  await school.api.post('/v1/events', back('row-2', 'cox'))
  await school.api.post('/v1/events', rowed('row-2', 'cox', ['mailto:rower2@example.org']))
  await school.api.post('/v1/events', rowed('row-3', 'cox', ['mailto:rower3@example.org']))
  await vi.waitFor(async () => expect(await states('rower3')).toEqual(['issued']), SOON)
  expect(await states('rower2')).toEqual([])

  // A rule of later finds the people in events of before, and knows what was taken back.
  const later = await badge('taken-back-later')
  await active(
    'taken-back-later',
    { count: 1, where: "event.type == 'completed' && event.activity == 'rowed' && event.activity != 'rode'" },
    { recipient: 'event.data.crew' },
  )
  await vi.waitFor(async () => expect(await awardsOf('rower3', later)).toHaveLength(1), SOON)
  expect(await awardsOf('rower1', later)).toHaveLength(1)
  expect(await awardsOf('cox', later)).toEqual([])
  expect(await awardsOf('rower2', later)).toEqual([])
})

test('a cap is never exceeded, and whoever came too late is told why', async () => {
  await badge('first-three')
  const ruleId = await active(
    'first-three',
    { event: 'completed', where: "event.activity == 'race'" },
    { limits: { cap: 3 } },
  )
  const learners = Array.from({ length: 10 }, (_, at) => `racer-${at}`)
  await Promise.all(
    learners.map((learner) =>
      school.api.post('/v1/events', completed(learner, 1, { data: { activity: 'race' } })),
    ),
  )
  await vi.waitFor(async () => expect(await decisionsOf(ruleId)).toHaveLength(10), SOON)
  const outcomes = (await decisionsOf(ruleId)).map(({ outcome, reason }) =>
    `${outcome} ${reason ?? ''}`.trim(),
  )
  expect(outcomes.sort()).toEqual([...Array(3).fill('award'), ...Array(7).fill('blocked cap')])
})

test('who administers is told once when what an award asked for stops being so, and the award stands', async () => {
  const achievementId = await badge('staff')
  await school.api.post('/v1/cohorts', { slug: 'staff', name: { en: 'Staff' } })
  await active(
    'staff',
    { all: [{ cohort: 'staff' }, { event: 'completed', where: "event.activity == 'induction'" }] },
    { onFalse: 'notify' },
  )
  await school.api.post('/v1/cohorts/staff/members', [{ subject: 'mailto:sam@example.org', member: true }])
  await school.api.post(
    '/v1/events',
    completed('sam', 1, { time: new Date().toISOString(), data: { activity: 'induction' } }),
  )
  await vi.waitFor(async () => expect(await awardsOf('sam', achievementId)).toHaveLength(1), SOON)
  await school.api.send(
    'DELETE',
    `/v1/cohorts/staff/members/${await subjectOf(school.api, 'sam')}`,
    undefined,
  )
  const lapsed = async () =>
    (await allOf<{ action: string; targetId: string }>(school.api, '/v1/audit')).filter(
      ({ action }) => action === 'award.lapsed',
    )
  const [award] = await awardsOf('sam', achievementId)
  await vi.waitFor(
    async () => expect((await lapsed()).map(({ targetId }) => targetId)).toEqual([award?.id]),
    SOON,
  )
  // Whether it goes out by mail is decided a moment later.
  await vi.waitFor(async () => {
    const mails = await allOf<{ kind: string }>(school.api, '/v1/mail')
    expect(mails.filter(({ kind }) => kind === 'award-lapsed')).toHaveLength(1)
  }, SOON)
  expect((await awardsOf('sam', achievementId)).map(({ state }) => state)).toEqual(['issued'])
})

test('the credential says the result and the evidence that the rule maps', async () => {
  const achievementId = await badge('exam', {
    resultDescriptions: [{ id: 'grade', name: { en: 'Grade' }, type: 'RawScore' }],
  })
  await active(
    'exam',
    { id: 'exams', count: 2, where: "event.type == 'completed' && event.activity == 'exam'" },
    { results: [{ resultDescription: 'grade', value: 'exams.best.score' }], evidence: 'exams' },
  )
  await school.api.post(
    '/v1/events',
    [0.6, 0.85].map((score, at) => completed('rea', at + 1, { data: { activity: 'exam', score } })),
  )
  await vi.waitFor(async () => {
    expect((await awardsOf('rea', achievementId)).map(({ state }) => state)).toEqual(['issued'])
  }, SOON)
  const [award] = await awardsOf('rea', achievementId)
  const { document } = (await school.api.get(`/v1/credentials/${award?.credentialId}`)).body
  expect(document.credentialSubject.result).toMatchObject([{ value: '0.85' }])
  expect(document.evidence).toHaveLength(2)
})

test('a month is a month of the zone: one award each, and what stands against it is known at its end', async () => {
  const achievementId = await badge('clean-month')
  const ruleId = await active(
    'clean-month',
    {
      all: [
        { count: 2, where: "event.type == 'attended' && event.activity == 'shift'" },
        { not: { event: 'failed', where: "event.activity == 'shift'" }, until: 'period' },
      ],
    },
    { occurrence: { kind: 'period', unit: 'month', zone: 'Europe/Amsterdam' } },
  )
  const shift = (type: string, time: string) =>
    completed('mo', 1, { type: `org.example.lms.${type}`, time, data: { activity: 'shift' } })
  await school.api.post('/v1/events', [
    // In Amsterdam these two are on 1 July.
    shift('attended', '2026-06-30T22:30:00Z'),
    shift('attended', '2026-06-30T23:30:00Z'),
    shift('attended', '2026-08-03T09:00:00Z'),
    shift('attended', '2026-08-04T09:00:00Z'),
    shift('failed', '2026-08-30T09:00:00Z'),
    shift('attended', '2026-09-03T09:00:00Z'),
    shift('attended', '2026-09-04T09:00:00Z'),
  ])
  await vi.waitFor(async () => expect(await decisionsOf(ruleId)).toHaveLength(2), SOON)
  expect((await decisionsOf(ruleId)).map(({ occurrence }) => occurrence).sort()).toEqual([
    'period:2026-07@Europe/Amsterdam',
    'period:2026-09@Europe/Amsterdam',
  ])
  await vi.waitFor(async () => expect(await awardsOf('mo', achievementId)).toHaveLength(2), SOON)
})
