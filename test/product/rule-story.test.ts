import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  dataBasicsRule,
  dataLeadEvents,
  dataLeadRule,
  daysAgo,
  expectedOfDataLead,
  makeDataBadges,
  moved,
} from './data-lead.ts'
import { allEvaluated, allOf, jobOver, subjectOf } from './job-waiting.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

/** docs/rules-life-cycle.md tells this story with curl: the example of the rule language from draft to roll-back. */

let product: TestProduct
let school: TestOrganisation
let rule: string
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('story-school')
})
afterAll(() => product?.stop())

interface Part {
  readonly id?: string
  readonly leafHash?: string
  readonly evidence?: readonly string[]
  readonly children?: readonly Part[]
}
interface Decision {
  readonly id: string
  readonly subjectId: string
  readonly awardId: string
  readonly trace: Part
}

const EXPECTED = expectedOfDataLead().awards.map(({ learner, metAt }) => ({
  learner: learner.slice('email:'.length, -'@example.org'.length),
  // Presence is moved to noon (data-lead.ts), and it is what meets the rule for the one of the two.
  day: moved(metAt).slice(0, 10),
}))

const decisionsOf = (outcome: string) =>
  allOf<Decision>(school.api, `/v1/decisions?ruleId=${rule}&outcome=${outcome}`)
const awardsOf = async (learner: string, achievement: string) => {
  const subject = await subjectOf(school.api, learner)
  const { items } = (await school.api.get(`/v1/awards?subjectId=${subject}`)).body
  const { id } = (await school.api.get('/v1/achievements')).body.items.find(
    ({ slug }: { slug: string }) => slug === achievement,
  )
  return items.filter(({ achievementId }: { achievementId: string }) => achievementId === id)
}
const progressOf = async (learner: string) => {
  const { status, body } = await school.api.get(
    `/v1/subjects/${await subjectOf(school.api, learner)}/progress/data-lead`,
  )
  expect([status, body.rules.length]).toEqual([200, 1])
  const [{ trace, words }] = body.rules
  const part = (id: string) => trace.children.find((child: Part) => child.id === id)
  return { trace, words, part, held: body.held, events: body.events }
}
/** The states that are stored of a person, each with the moment of its last change. */
const statesOf = async (learner: string): Promise<ReadonlyMap<string, string>> => {
  const client = new pg.Client({ connectionString: product.running.parts.databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query(
      'SELECT leaf_hash, state, updated_at FROM leaf_state WHERE subject_id = $1',
      [await subjectOf(school.api, learner)],
    )
    return new Map(
      rows.map(({ leaf_hash, state, updated_at }) => [leaf_hash, `${state} ${updated_at.toISOString()}`]),
    )
  } finally {
    await client.end()
  }
}
const post = async (events: readonly object[]) => {
  expect((await school.api.post('/v1/events', events)).body).toMatchObject({ accepted: events.length })
  await allEvaluated(school.api)
}
const courses = (learner: string, days: number) =>
  ['c1', 'c2', 'c3'].flatMap((activity, at) => [
    daysAgo(days - at, learner, 'completed', { activity }),
    daysAgo(days - at, learner, 'scored', { activity, score: [0.75, 0.85, 0.7][at] }),
  ])
const passed = (learner: string) => daysAgo(70, learner, 'passed', { activity: 'data-basics-exam' })

/** One leaf reads other events: presence in the lab, three days of it. */
function editedRule() {
  const document = dataLeadRule()
  const { all } = document['when'] as { all: readonly Part[] }
  const where = "event.type == 'attended' && event.activity == 'lab'"
  return {
    ...document,
    when: { all: all.map((part) => (part.id === 'active' ? { ...part, streak: 3, where } : part)) },
  }
}

describe('the example of the rule language', () => {
  test('is created from what the API was given before, and has no faults', async () => {
    await makeDataBadges(school.api, 'story-academy')
    await post(dataLeadEvents())
    const basics = await school.api.post('/v1/rules', { name: 'Data basics', document: dataBasicsRule() })
    const inForce = await school.api.post(`/v1/rules/${basics.body.id}/versions/1/activate`)
    await jobOver(school.api, inForce.body.backfillJobId)

    const checked = await school.api.post('/v1/rules/check', { document: dataLeadRule() })
    expect(checked.body).toEqual({ faults: [], warnings: [] })
    const made = await school.api.post('/v1/rules', { name: 'Data lead', document: dataLeadRule() })
    expect([made.status, made.body.versions]).toMatchObject([201, [{ version: 1, state: 'draft' }]])
    expect(made.body.versions[0].document).toEqual(dataLeadRule())
    rule = made.body.id
  })

  test('tried on past events, it would award whom its documentation says, and why', async () => {
    const started = await school.api.post('/v1/rules/dry-runs', { ruleId: rule, version: 1 })
    expect([started.status, started.body.kind]).toEqual([202, 'dry_run'])
    const { state, result } = await jobOver(school.api, started.body.id)
    expect([state, result.events, result.wouldAward, result.alreadyAwarded]).toEqual(['done', 44, 2, 0])
    expect(result.difference).toBeNull()
    const people = await Promise.all(
      EXPECTED.map(async ({ learner, day }) => ({
        subjectId: await subjectOf(school.api, learner),
        outcome: 'needs_review',
        metAt: expect.stringContaining(day),
        trace: expect.objectContaining({ kind: 'all', status: 'met', have: 4, need: 4 }),
        words: { en: expect.arrayContaining([expect.stringContaining('3 of 3')]), nl: expect.anything() },
      })),
    )
    expect(result.sample).toHaveLength(people.length)
    expect(result.sample).toEqual(expect.arrayContaining(people))
    expect(await decisionsOf('needs_review')).toEqual([])
  })

  test('in shadow it says what it would do, and awards nobody', async () => {
    const path = `/v1/rules/${rule}/versions/1/shadow`
    const started = await school.api.post(path, { backfill: true })
    expect(started.body.versions[0].state).toBe('shadow')
    await jobOver(school.api, started.body.backfillJobId)
    const people = await Promise.all(EXPECTED.map(({ learner }) => subjectOf(school.api, learner)))
    const report = (await school.api.get(path)).body
    expect(report).toMatchObject({ both: 0, onlyShadow: 2, onlyActive: 0 })
    expect(report.items.map(({ subjectId }: Decision) => subjectId).sort()).toEqual(people.sort())
    for (const { learner } of EXPECTED) expect(await awardsOf(learner, 'data-lead')).toEqual([])
  })

  test('in force it offers two awards, and a person says yes to one of them, which is then issued', async () => {
    const active = await school.api.post(`/v1/rules/${rule}/versions/1/activate`)
    expect(active.body.versions[0]).toMatchObject({
      state: 'active',
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    await jobOver(school.api, active.body.backfillJobId)
    expect(await decisionsOf('needs_review')).toHaveLength(2)
    expect(await decisionsOf('award')).toEqual([])
    const [waiting, ...more] = await awardsOf('sample.learner.22', 'data-lead')
    expect(more).toEqual([])
    expect(waiting).toMatchObject({
      state: 'awaiting_approval',
      approval: { quorum: 1, have: 0 },
      results: [{ resultDescription: 'exam', value: '0.9' }],
    })
    expect((await school.api.post(`/v1/awards/${waiting.id}/approve`)).status).toBe(200)
    const issued = await vi.waitFor(
      async () => {
        const { body } = await school.api.get(`/v1/awards/${waiting.id}`)
        expect(body).toMatchObject({ state: 'issued', approval: { quorum: 1, have: 1 } })
        return body
      },
      { timeout: 20_000, interval: 100 },
    )
    // Two years from when it was earned.
    expect(Date.parse(issued.validUntil) - Date.parse(issued.awardedAt)).toBeGreaterThan(729 * 86_400_000)
    expect((await awardsOf('sample.learner.21', 'data-lead'))[0].state).toBe('awaiting_approval')
  })

  test('the award is explained: which events, which score, and until when it had to wait', async () => {
    const [award] = await awardsOf('sample.learner.22', 'data-lead')
    const { status, body } = await school.api.get(`/v1/decisions/${award.decisionId}`)
    expect([status, body.outcome, body.awardId]).toEqual([200, 'needs_review', award.id])
    // The failure must be 30 days old: nothing else was missing by then.
    expect(body.metAt).toBe(new Date(moved('2026-11-19T10:00:00Z')).toISOString().replace('.000Z', 'Z'))
    const [found, held, active, noFail] = body.trace.children
    expect([found, held, active, noFail]).toMatchObject([
      { id: 'courses', kind: 'distinctOf', status: 'met', have: 3, need: 3 },
      { id: 'prerequisite', kind: 'holds', status: 'met' },
      { id: 'active', kind: 'streak', status: 'met', have: 5, need: 5 },
      { id: 'no-fail', kind: 'not', status: 'met' },
    ])
    const told = (ids: readonly string[]) =>
      ids.map((id) => `${body.events[id].type} ${body.events[id].activity}`).sort()
    expect(told(found.evidence)).toEqual(['completed c1', 'completed c2', 'completed c3'])
    expect(told(found.joined)).toEqual(['scored c1', 'scored c2', 'scored c3'])
    expect(told(active.evidence)).toEqual(Array(5).fill('attended lab'))
    expect(told(noFail.children[0].evidence)).toEqual(['failed c5'])
    // The scores that were looked up, as they were received.
    const history = await allOf<{ id: string; document: string }>(
      school.api,
      `/v1/subjects/${body.subjectId}/events`,
    )
    const scored = history.filter(({ id }) => found.joined.includes(id))
    expect(scored.map(({ document }) => JSON.parse(document).data.score).sort()).toEqual([0.7, 0.8, 0.9])
    // The best of the scores that were joined, and the courses are what the badge shows as evidence.
    expect(body.results).toEqual([{ resultDescription: 'exam', value: 0.9 }])
    expect(told(body.evidence)).toEqual(told(found.evidence))

    const [en, nl] = [body.words.en.join('\n'), body.words.nl.join('\n')]
    expect(en).toContain('Courses: Done: 3 of 3 (different ones within 90 days).')
    expect(nl).toContain('Cursussen: Gehaald: 3 van 3 (verschillende binnen 90 dagen).')
    expect(en).toContain('The badge “Data basics” is held.')
    expect(nl).toContain('De badge “Databasis” is behaald.')
    const failedOn = moved('2026-10-20T10:00:00Z').slice(0, 10)
    expect(en).toContain(`failed c5, ${failedOn}`)
    expect(nl).toContain(`failed c5, ${failedOn}`)
  })

  test('whoever is on the way sees how far, and then until when it is not certain yet', async () => {
    const learner = 'story.learner.25'
    await post([
      passed(learner),
      ...courses(learner, 40),
      ...[4, 3, 2, 1].map((days) => daysAgo(days, learner, 'attended', { activity: 'lecture' })),
    ])
    const onTheWay = await progressOf(learner)
    expect(onTheWay.held).toBe(false)
    expect(onTheWay.trace.status).toBe('not_met')
    expect(onTheWay.part('courses')).toMatchObject({ status: 'met', have: 3, need: 3 })
    expect(onTheWay.part('prerequisite')).toMatchObject({ status: 'met' })
    expect(onTheWay.part('active')).toMatchObject({ status: 'not_met', have: 4, need: 5 })
    expect(onTheWay.words.en.join('\n')).toContain('4 of 5 so far (days in a row); 1 more needed')
    expect(onTheWay.words.nl.join('\n')).toContain('Nu 4 van 5 (dagen achter elkaar); nog 1 nodig')

    // The day before comes late, and makes it five in a row; the last of them was yesterday.
    await post([daysAgo(5, learner, 'attended', { activity: 'lecture' })])
    const yesterday = daysAgo(1, learner, 'attended', {}).time
    const settles = new Date(Date.parse(yesterday) + 14 * 86_400_000).toISOString()
    const waiting = await progressOf(learner)
    expect(waiting.trace.status).toBe('settling')
    expect(waiting.part('no-fail')).toMatchObject({
      status: 'settling',
      settlesAt: settles.replace('.000Z', 'Z'),
    })
    expect(waiting.words.en.join('\n')).toContain(settles.slice(0, 10))
    expect(waiting.words.nl.join('\n')).toContain(settles.slice(0, 10))
    expect(await awardsOf(learner, 'data-lead')).toEqual([])
  })
})

describe('an edit of one leaf', () => {
  test('is compared with the version in force: what differs, what keeps its progress, who would differ', async () => {
    const learner = 'story.learner.26'
    await post([
      passed(learner),
      ...courses(learner, 40),
      ...[30, 29, 28].map((days) => daysAgo(days, learner, 'attended', { activity: 'lab' })),
    ])
    const added = await school.api.post(`/v1/rules/${rule}/versions`, { document: editedRule() })
    expect([added.status, added.body.version, added.body.state]).toEqual([201, 2, 'draft'])
    const { body } = await school.api.get(`/v1/rules/${rule}/compare?from=1&to=2`)
    expect(body.differences.map(({ path }: { path: string }) => path).sort()).toEqual([
      '/when/all/2/streak',
      '/when/all/2/where',
    ])
    expect(body.leaves).toMatchObject([
      { id: 'courses', change: 'same', keepsProgress: true },
      { id: 'prerequisite', change: 'same', keepsProgress: true },
      { id: 'active', change: 'changed', keepsProgress: false },
      { path: '/when/all/3/not', change: 'same', keepsProgress: true },
    ])
    const dry = await school.api.post('/v1/rules/dry-runs', { ruleId: rule, version: 2 })
    const { result } = await jobOver(school.api, dry.body.id)
    expect(result).toMatchObject({
      // The other still waits for a person.
      alreadyAwarded: 1,
      difference: { version: 1, wouldAward: 1, wouldNoLongerAward: 0 },
    })
    expect(result.difference.sample.wouldAward[0].subjectId).toBe(await subjectOf(school.api, learner))
  })

  test('keeps the progress of the leaves that did not change, though nobody’s history is folded anew', async () => {
    const learner = 'story.learner.25'
    const before = await progressOf(learner)
    const stored = await statesOf(learner)
    const activated = await school.api.post(`/v1/rules/${rule}/versions/2/activate`, { backfill: false })
    expect(activated.body).toMatchObject({
      backfillJobId: null,
      versions: [
        { version: 1, state: 'retired' },
        { version: 2, state: 'active' },
      ],
    })
    const after = await progressOf(learner)
    for (const id of ['courses', 'prerequisite']) expect(after.part(id)).toEqual(before.part(id))
    expect(after.part('courses').evidence).toHaveLength(3)
    expect(after.part('active')).toMatchObject({ status: 'not_met', have: 0, need: 3 })

    // What was stored is what is read: the same rows, unchanged, and none was made for the new version.
    const leaves = [before.part('courses'), before.part('active')].map(({ leafHash }: Part) => leafHash)
    expect(stored.has(leaves[0] ?? '')).toBe(true)
    expect(after.part('courses').leafHash).toBe(leaves[0])
    expect(after.part('active').leafHash).not.toBe(leaves[1])
    expect(await statesOf(learner)).toEqual(stored)
  })

  test('awards by the kept progress and what comes new, and nobody twice', async () => {
    const learner = 'story.learner.25'
    const stored = await statesOf(learner)
    const { evidence, leafHash } = (await progressOf(learner)).part('courses')
    await post([20, 19, 18].map((days) => daysAgo(days, learner, 'attended', { activity: 'lab' })))
    const [award] = await vi.waitFor(
      async () => {
        const found = await awardsOf(learner, 'data-lead')
        expect(found).toHaveLength(1)
        return found
      },
      { timeout: 20_000, interval: 100 },
    )
    const { body } = await school.api.get(`/v1/decisions/${award.decisionId}`)
    expect(body.outcome).toBe('needs_review')
    const part = (id: string) => body.trace.children.find((child: Part) => child.id === id)
    expect(part('courses').evidence).toEqual(evidence)
    expect(part('active')).toMatchObject({ status: 'met', have: 3, need: 3 })
    expect((await statesOf(learner)).get(leafHash)).toBe(stored.get(leafHash))
    await nobodyIsAwardedTwice(3)
  })

  test('is taken back by a new version that says what the first said, and nobody is awarded twice', async () => {
    const back = await school.api.post(`/v1/rules/${rule}/rollback`, { version: 1 })
    expect(back.status).toBe(201)
    expect(back.body.versions.map(({ state }: { state: string }) => state)).toEqual([
      'retired',
      'retired',
      'active',
    ])
    expect(back.body.versions[2].document).toEqual(dataLeadRule())
    expect(await jobOver(school.api, back.body.backfillJobId)).toMatchObject({ state: 'done' })
    const { body } = await school.api.get(`/v1/rules/${rule}/compare?from=1&to=3`)
    expect(body).toMatchObject({ differences: [], words: { en: ['Both versions say the same.'] } })
    await nobodyIsAwardedTwice(3)
  })
})

async function nobodyIsAwardedTwice(people: number): Promise<void> {
  const awarded = (await decisionsOf('needs_review')).map(({ subjectId }) => subjectId)
  expect([awarded.length, new Set(awarded).size]).toEqual([people, people])
  for (const learner of ['sample.learner.21', 'sample.learner.22', 'story.learner.25'])
    expect(await awardsOf(learner, 'data-lead')).toHaveLength(1)
  for (const learner of ['sample.learner.23', 'sample.learner.24', 'story.learner.26'])
    expect(await awardsOf(learner, 'data-lead')).toEqual([])
}
