import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { runReplay } from '#app/cli/replay/run-replay.ts'
import { completed, type FirstAid, setUpFirstAid } from './first-aid.ts'
import { allEvaluated, allOf, jobOver, subjectOf } from './job-waiting.ts'
import { rowCounts } from './row-counts.ts'
import { composeAgain } from './second-composition.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

// People whom an event names are people as any other: their history, their progress, a dry run and a replay say so.

const PATH = 'event.data.team.members'
const SOON = { timeout: 30_000, interval: 100 }

let product: TestProduct
let school: TestOrganisation
let firstAid: FirstAid
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waarmerk-named-'))
  product = await startTestProduct()
  school = await product.organisation('named-school')
  firstAid = await setUpFirstAid(school.api, 'named-academy')
})
afterAll(async () => {
  await product?.stop()
  await rm(folder, { recursive: true, force: true })
})

const mail = (name: string) => `mailto:${name}@example.org`
const presented = (presenter: string, names: readonly unknown[], over: object = {}, more: object = {}) =>
  completed(presenter, 1, {
    data: { activity: 'talk', score: 0.9, team: { members: names }, ...more },
    ...over,
  })
const send = async (...events: object[]) => {
  const { body } = await school.api.post('/v1/events', events)
  expect(body).toMatchObject({ accepted: events.length })
  await allEvaluated(school.api)
  return body.items.map(({ id }: { id: string }) => id) as string[]
}

async function badge(slug: string): Promise<string> {
  const definition = { name: { en: slug }, description: { en: 'X.' }, criteria: { en: 'X.' } }
  const made = await school.api.post('/v1/achievements', { issuerId: firstAid.issuerId, slug, definition })
  expect((await school.api.post(`/v1/achievements/${made.body.id}/versions/1/publish`)).status).toBe(200)
  return made.body.id
}
const talks = (achievement: string, activity: string, over: object = {}) => ({
  schema: 'waarmerk-rule/1',
  achievement,
  occurrence: { kind: 'once' },
  recipient: PATH,
  when: {
    id: 'talks',
    count: 2,
    where: `event.type == 'completed' && event.activity == '${activity}' && event.score >= 0.7`,
  },
  ...over,
})
async function activate(document: { readonly achievement: string }): Promise<string> {
  const rule = await school.api.post('/v1/rules', { name: document.achievement, document })
  expect([rule.status, rule.body.parameters?.faults]).toEqual([201, undefined])
  const active = await school.api.post(`/v1/rules/${rule.body.id}/versions/1/activate`)
  await jobOver(school.api, active.body.backfillJobId)
  return rule.body.id
}
const historyOf = async (learner: string, query = '') =>
  (await school.api.get(`/v1/subjects/${await subjectOf(school.api, learner)}/events${query}`)).body

interface HistoryItem {
  readonly id: string
  readonly subjectId: string
  readonly recipients: readonly string[]
  readonly receivedAt: string
  readonly document: string
}

describe('the history of somebody whom events name', () => {
  const back = (of: string) => completed('pia', 2, { type: 'voided', data: { voids: of } })
  const first = presented('pia', [mail('tim'), mail('pia')], { time: '2026-09-01T09:00:00Z' })
  const second = presented('pia', [mail('tim')], { time: '2026-09-02T09:00:00Z' })
  const third = presented('pol', ['tim@example.org', mail('tom')], { time: '2026-09-03T09:00:00Z' })
  const own = completed('tim', 1, { data: { activity: 'other' } })
  const elsewhere = presented('pia', [mail('tom')])

  test('holds them with the path by which they name the person, and what takes them back', async () => {
    await badge('talker')
    await activate(talks('talker', 'talk'))
    const [firstId] = await send(first, elsewhere)
    const [backId] = await send(back(first.id))
    const [secondId, ownId] = await send(second, own)
    const [thirdId] = await send(third)

    const { items, next } = await historyOf('tim')
    expect(next).toBeNull()
    const tim = await subjectOf(school.api, 'tim')
    const shown = items.map(({ id, recipients, subjectId }: HistoryItem) => [id, recipients, subjectId])
    // Newest first; what came in one call has one moment, and goes by id.
    const middle = [secondId, ownId].sort().reverse()
    expect(shown.map(([id]: [string]) => id)).toEqual([thirdId, ...middle, backId, firstId])
    const recipients = Object.fromEntries(shown)
    expect(recipients).toEqual({
      [thirdId ?? '']: [PATH],
      [secondId ?? '']: [PATH],
      [ownId ?? '']: ['event.actor'],
      [backId ?? '']: [PATH],
      [firstId ?? '']: [PATH],
    })
    expect(new Set(items.map(({ subjectId }: HistoryItem) => subjectId))).toEqual(new Set([tim]))
    expect(JSON.parse(items.find(({ id }: HistoryItem) => id === thirdId).document)).toEqual(third)

    // Pia did what names her, and took it back: each is one event of hers.
    const pias = Object.fromEntries(
      (await historyOf('pia')).items.map(({ id, recipients }: HistoryItem) => [id, recipients]),
    )
    expect(pias[firstId ?? '']).toEqual(['event.actor', PATH])
    expect(pias[backId ?? '']).toEqual(['event.actor', PATH])
    expect(pias[secondId ?? '']).toEqual(['event.actor'])
    expect(pias).not.toHaveProperty(thirdId ?? '')
  })

  test.each([1, 2, 3])(
    'comes in pages of %i with nothing left out, nothing twice, and in one order',
    async (limit) => {
      for (const learner of ['tim', 'pia']) {
        const whole = (await historyOf(learner)).items.map(({ id }: HistoryItem) => id)
        const paged: string[] = []
        for (let query = `?limit=${limit}`; ; ) {
          const { items, next } = await historyOf(learner, query)
          expect(items.length).toBeLessThanOrEqual(limit)
          paged.push(...items.map(({ id }: HistoryItem) => id))
          if (next === null) break
          query = `?limit=${limit}&cursor=${next}`
        }
        expect(paged).toEqual(whole)
      }
    },
  )

  test('is what the replay of an award reads: the same, and otherwise where something is left out or changed', async () => {
    const tim = await subjectOf(school.api, 'tim')
    const { items: decisions } = (await school.api.get(`/v1/decisions?subjectId=${tim}&outcome=award`)).body
    expect(decisions).toHaveLength(1)
    const receipt = await vi.waitFor(async () => {
      const { status, body } = await school.api.get(`/v1/decisions/${decisions[0].id}/receipt`)
      expect(status).toBe(200)
      return body
    }, SOON)
    const write = async (name: string, value: unknown) => {
      const path = join(folder, `${name}.json`)
      await writeFile(path, JSON.stringify(value))
      return path
    }
    const receiptFile = await write('receipt', receipt)
    let number = 0
    /** The embedded chain is not to be asked from outside: what counts here is the replay itself. */
    const replay = async (events: unknown) => {
      let out = ''
      const argv = [receiptFile, '--events', await write(`events-${number++}`, events), '--offline', '--json']
      const code = await runReplay(argv, {
        out: (text) => {
          out += text
        },
        err: (text) => {
          throw new Error(text)
        },
      })
      const { checks, replay } = JSON.parse(out)
      const found = checks.find((each: { name: string }) => each.name === 'replay').code
      return { code, found, events: replay.events }
    }
    const { items } = await historyOf('tim')
    const without = (sent: { id: string }) =>
      items.filter(({ document }: HistoryItem) => JSON.parse(document).id !== sent.id)
    const isBack = ({ document }: HistoryItem) => JSON.parse(document).type === 'voided'
    expect(await replay({ items })).toEqual({ code: 3, found: 'replay-same', events: items.length })
    // What the decision does not rest on speaks against it, where what took it back is held back.
    const unsaid = items.filter((each: HistoryItem) => !isBack(each))
    expect(await replay({ items: unsaid })).toMatchObject({ code: 1, found: 'replay-different' })
    expect(await replay({ items: without(second) })).toMatchObject({ code: 3, found: 'event-missing' })
    const changed = items.map((each: HistoryItem) => ({
      ...each,
      document: each.document.replace(`"id":"${second.id}","source"`, `"id":"${second.id}","x":1,"source"`),
    }))
    expect(await replay({ items: changed })).toMatchObject({ found: 'event-altered' })
    const unnamed = items.map((each: HistoryItem) => ({ ...each, recipients: ['event.actor'] }))
    expect(await replay({ items: unnamed })).toMatchObject({ code: 1, found: 'replay-different' })
    // And from the events as they were sent, by whoever sent them.
    expect(await replay([first, second, third, back(first.id), elsewhere])).toMatchObject({
      found: 'replay-same',
    })
  })

  test('is for nobody who may not read in the organisation', async () => {
    const { body: key } = await school.api.post('/v1/api-keys', { name: 'writes', rights: ['create'] })
    const tim = await subjectOf(school.api, 'tim')
    const answer = await fetch(`${product.url}/v1/subjects/${tim}/events`, {
      headers: { authorization: `Bearer ${key.secret}` },
    })
    expect(answer.status).toBe(403)
  })
})

describe('the progress of somebody whom events name', () => {
  test('counts what names them, and tells the event that failed on one condition only', async () => {
    await badge('debater')
    await activate(talks('debater', 'debate'))
    const debate = { activity: 'debate' }
    // The latest one that nearly counted is told: later than the talks, which failed on their activity.
    const later = { time: '2026-09-08T09:00:00Z' }
    const [good, low] = await send(
      presented('dan', [mail('tim'), mail('new.face')], later, debate),
      presented('dan', [mail('tim'), mail('dot'), mail('dan')], later, { ...debate, score: 0.6 }),
    )
    const progressOf = async (learner: string) => {
      const path = `/v1/subjects/${await subjectOf(school.api, learner)}/progress/debater`
      const { body } = await school.api.get(path)
      return { ...body.rules[0].trace, events: body.events }
    }
    const tim = await progressOf('tim')
    expect(tim).toMatchObject({
      status: 'not_met',
      have: 1,
      need: 2,
      evidence: [good],
      nearMiss: { eventId: low, conjunct: expect.stringContaining('event.score') },
    })
    expect(Object.keys(tim.events).sort()).toEqual([good, low].sort())
    // The one who did it is judged by it where it names them, and not because they did it.
    expect(await progressOf('dan')).toMatchObject({ have: 0, nearMiss: { eventId: low } })
    expect(await progressOf('new.face')).toMatchObject({ have: 1 })
    const [own] = await send(presented('dora', [mail('tim')], later, { ...debate, score: 0.5 }))
    expect(await progressOf('dora')).not.toHaveProperty('nearMiss')
    expect(await progressOf('tim')).toMatchObject({
      have: 1,
      nearMiss: { eventId: expect.stringMatching(`${low}|${own}`) },
    })
    // What nearly counted makes nobody known, and is told to whom another event makes known with it.
    const [, missed] = await send(
      presented('dan', [mail('dix')], later, debate),
      presented('dan', [mail('dix')], later, { ...debate, score: 0.6 }),
    )
    expect(await progressOf('dix')).toMatchObject({ have: 1, nearMiss: { eventId: missed } })
    expect((await school.api.get('/v1/subjects?identifier=email:dot@example.org')).status).toBe(404)
  })
})

describe('what an event names and leads to nobody', () => {
  test('is said at the event, with why, and counted with the rule', async () => {
    await badge('crowd')
    const ruleId = await activate(talks('crowd', 'crowd'))
    const crowd = { activity: 'crowd' }
    const many = Array.from({ length: 203 }, (_, at) => mail(`crowd.${at}`))
    const [id] = await send(presented('cas', [...many, 7, { name: 'Ann' }], {}, crowd))
    const { body } = await school.api.get(`/v1/events/${id}`)
    expect(body.leftOut).toEqual([
      { path: PATH, reason: 'unreadable', count: 2, examples: ['7', '{"name":"Ann"}'] },
      {
        path: PATH,
        reason: 'too-many',
        count: 3,
        examples: [200, 201, 202].map((at) => `email:crowd.${at}@example.org`),
      },
    ])
    expect(body.recipients).toHaveLength(200)
    expect(body.recipients[0]).toEqual({ subjectId: expect.any(String), path: PATH })
    const health = async () => (await school.api.get(`/v1/rules/${ruleId}/health`)).body.items[0]
    expect(await health()).toMatchObject({ matched: 1, errors: 0, leftOut: 5 })

    // A source that may not make people known: whom it names and nobody knows is left out, and that is said as well.
    const uri = 'https://lms.example.org/strict'
    await school.api.post('/v1/sources', { uri, name: 'Strict', createsSubjects: false })
    await send(completed('cas', 1))
    const [strict] = await send(
      presented('cas', [mail('tim'), mail('nobody'), mail('nowhere')], { source: uri }, crowd),
    )
    const { body: told } = await school.api.get(`/v1/events/${strict}`)
    expect(told.leftOut).toEqual([
      {
        path: PATH,
        reason: 'not-known',
        count: 2,
        examples: ['email:nobody@example.org', 'email:nowhere@example.org'],
      },
    ])
    expect(told.recipients).toEqual([{ subjectId: await subjectOf(school.api, 'tim'), path: PATH }])
    expect(await health()).toMatchObject({ matched: 2, leftOut: 7 })
    const [plain] = await send(completed('cas', 2))
    expect((await school.api.get(`/v1/events/${plain}`)).body).toMatchObject({ recipients: [], leftOut: [] })
  })
})

describe('a dry run of a rule that awards those whom events name', () => {
  const choir = { activity: 'choir' }
  const sung = (by: string, names: readonly unknown[], over: object = {}, more: object = {}) =>
    presented(by, names, over, { ...choir, ...more })
  const document = talks('singer', 'choir')
  const mistake = sung('lea', [mail('sue'), mail('sam')])

  beforeAll(async () => {
    await badge('singer')
    // Known before, by what they did themselves; Zoe and Zac are not known at all.
    await send(...['sue', 'sam', 'sid', 'lea'].map((name) => completed(name, 3)))
    await send(mistake)
    await send(
      sung('lea', [mail('sue'), mail('zoe'), 'x y'], { time: '2026-09-01T09:00:00Z' }),
      sung('leo', [mail('sue'), mail('sid')], { time: '2026-09-05T09:00:00Z' }),
      sung('leo', [mail('zoe'), mail('zac')], { time: '2026-09-06T09:00:00Z' }),
      sung('lea', [mail('sid'), mail('zac'), mail('zed')], { time: '2026-09-07T09:00:00Z' }, { score: 0.6 }),
      completed('lea', 2, { type: 'voided', data: { voids: mistake.id } }),
    )
  })
  const start = async (body: object) => {
    const started = await school.api.post('/v1/rules/dry-runs', body)
    expect([started.status, started.body.code]).toEqual([202, undefined])
    return started.body
  }

  test('says who would get the badge, those included whom nobody knows, and saves nothing', async () => {
    const before = await rowCounts(product.running.parts.databaseUrl)
    const started = await start({ document })
    const job = await jobOver(school.api, started.id)
    const people = before['subject'] ?? 0
    expect(started.progress).toMatchObject({ total: 2 * people })
    expect(job).toMatchObject({
      state: 'done',
      // Everybody twice, and the two who are not known once.
      progress: { done: 2 * people + 2, total: 2 * people + 2, left: 0 },
    })
    const sue = await subjectOf(school.api, 'sue')
    const sid = await subjectOf(school.api, 'sid')
    const events = await allOf<{ state: string }>(school.api, '/v1/events')
    expect(job.result).toMatchObject({
      events: events.length,
      wouldAward: 2,
      alreadyAwarded: 0,
      notKnown: 1,
      leftOut: 1,
      difference: null,
      nearMisses: [
        { leaf: 'talks', path: '/when', conjunct: expect.stringContaining('event.score'), people: 2 },
      ],
    })
    const sample = job.result.sample as { subjectId: string | null; metAt: string; words: { en: string[] } }[]
    expect(sample.map(({ subjectId, metAt }) => [subjectId, metAt])).toEqual(
      expect.arrayContaining([
        [sue, '2026-09-05T09:00:00Z'],
        [null, '2026-09-06T09:00:00Z'],
      ]),
    )
    expect(sample[0]?.words.en[0]).toContain('2 of 2')
    expect(sample.map(({ subjectId }) => subjectId)).not.toContain(sid)
    expect(JSON.stringify(job.result)).not.toContain('@')

    const changed = { job: (before['job'] ?? 0) + 1, audit: (before['audit'] ?? 0) + 1 }
    expect(await rowCounts(product.running.parts.databaseUrl)).toEqual({ ...before, ...changed })
  })

  test('looks at the events of a time only', async () => {
    const { id } = await start({ document, to: '2026-09-05T12:00:00Z' })
    expect((await jobOver(school.api, id)).result).toMatchObject({ wouldAward: 1, notKnown: 0 })
  })

  test('is told from how far it has come, and cancelled in either round with nothing left behind', async () => {
    // No worker but the one here, one chunk at a time.
    const quiet = await startTestProduct({}, { api: true, worker: false })
    try {
      const { api } = await quiet.organisation('quiet-school')
      const { issuerId } = await setUpFirstAid(api, 'quiet-academy')
      const definition = { name: { en: 'S' }, description: { en: 'X.' }, criteria: { en: 'X.' } }
      const made = await api.post('/v1/achievements', { issuerId, slug: 'singer', definition })
      await api.post(`/v1/achievements/${made.body.id}/versions/1/publish`)
      await api.post('/v1/events', [
        sung('lea', [mail('sue'), mail('lea')]),
        sung('leo', [mail('sue'), mail('lea')]),
      ])
      const worker = composeAgain(quiet, {})
      await worker.steps.evaluate()
      while ((await worker.steps.jobs()).more);
      const noted = async () => (await rowCounts(quiet.running.parts.databaseUrl))['job_recipient']
      for (const chunks of [1, 3]) {
        const { id } = (await api.post('/v1/rules/dry-runs', { document })).body
        for (let at = 0; at < chunks; at++) await worker.steps.jobs()
        // Lea and Leo are passed once or twice; who would become known is found out in the first round.
        const { body } = await api.get(`/v1/jobs/${id}`)
        expect(body).toMatchObject({ state: 'running' })
        expect(body.progress.done).toBe(chunks === 1 ? 2 : 5)
        expect(await noted()).toBe(4)
        expect((await api.post(`/v1/jobs/${id}/cancel`)).body.state).toBe('cancelled')
        expect(await noted()).toBe(0)
      }
    } finally {
      await quiet.stop()
    }
  })

  test('names the same people whom the activation then awards, and a shadow before it', async () => {
    const { result } = await jobOver(school.api, (await start({ document })).id)
    const rule = await school.api.post('/v1/rules', { name: 'Singer', document })
    const path = `/v1/rules/${rule.body.id}`
    const shadow = await school.api.post(`${path}/versions/1/shadow`, { backfill: true })
    await jobOver(school.api, shadow.body.backfillJobId)
    const sue = await subjectOf(school.api, 'sue')
    // Those whom the backfill makes known are looked at by themselves, after it.
    await vi.waitFor(async () => {
      const { body } = await school.api.get(`${path}/versions/1/shadow`)
      expect(body.items).toHaveLength(result.wouldAward)
      expect(body.sample.onlyShadow).toContain(sue)
    }, SOON)
    await school.api.post(`${path}/versions/1/unshadow`)
    await school.api.post(`${path}/versions/1/activate`)
    await vi.waitFor(async () => {
      const awarded = await allOf<{ subjectId: string }>(
        school.api,
        `/v1/decisions?ruleId=${rule.body.id}&outcome=award`,
      )
      const people = awarded.map(({ subjectId }) => subjectId).sort()
      expect(people).toEqual([sue, await subjectOf(school.api, 'zoe')].sort())
    }, SOON)

    // Beside the active version: with another number, and with another path.
    const fewer = await start({
      ruleId: rule.body.id,
      document: { ...document, when: { ...document.when, count: 1 } },
    })
    expect((await jobOver(school.api, fewer.id)).result).toMatchObject({
      wouldAward: 4,
      alreadyAwarded: 2,
      notKnown: 0,
      difference: { version: 1, wouldAward: 2, wouldNoLongerAward: 0 },
    })
    const actors = await start({ ruleId: rule.body.id, document: { ...document, recipient: 'event.actor' } })
    const { result: other } = await jobOver(school.api, actors.id)
    // Leo did two; Lea took one of hers back, and another was too low.
    expect(other).toMatchObject({
      wouldAward: 1,
      leftOut: 0,
      difference: { version: 1, wouldAward: 1, wouldNoLongerAward: 2 },
    })
    const lost = other.difference.sample.wouldNoLongerAward as { subjectId: string }[]
    expect(lost.map(({ subjectId }) => subjectId)).toContain(sue)
  })
})
