import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { RIGHTS } from '#engine/access/rights.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { isReady, startProductProcess } from '#test/product/product-process.ts'
import { freePort } from '#test/product/test-product.ts'
import { backfillRule, fillHistory, type History, liveEvents } from './backfill-history.ts'
import { type Latencies, type LiveStream, startLiveStream } from './live-latency.ts'

export interface BackfillMeasured {
  readonly history: History
  /** Of live events alone, and of those that came while the backfill ran. */
  readonly alone: Latencies
  readonly during: Latencies
  readonly seconds: number
  /** People who earned it live, and who were awarded, all told. */
  readonly live: number
  readonly awarded: number
  /** Wrong awards: missing, twice, or of somebody who did not earn it. */
  readonly wrong: number
}

export interface BackfillAsked {
  readonly events: number
  /** How long live events are measured without a backfill, and how often one is sent (default: ten a second). */
  readonly aloneMs: number
  readonly everyMs?: number
  readonly settings?: Readonly<Record<string, string>>
  readonly progress: (what: string) => void
}

/**
 * The whole product in a process of its own, with its own PostgreSQL and chain: fills the past, sends live events over
 * HTTP without and with a backfill beside them, and holds the awards against who was made to earn one.
 */
export async function measureBackfill(asked: BackfillAsked): Promise<BackfillMeasured> {
  const folder = await mkdtemp(join(tmpdir(), 'waarmerk-backfill-'))
  const port = await freePort()
  const product = startProductProcess({
    dataFolder: join(folder, 'data'),
    port,
    settings: { LOG_LEVEL: 'error', ...asked.settings },
  })
  let client: pg.Client | undefined
  try {
    const [, token] = await isReady(product)
    const { api, organisationId, issuerId } = await setUp(product.url, token)
    client = new pg.Client({ connectionString: await databaseUrl(join(folder, 'data')) })
    await client.connect()
    asked.progress(`${asked.events} past events`)
    const history = await fillHistory(client, organisationId, asked.events)
    const rule = await draftRule(api, issuerId)
    return await measure({ ...asked, api, client, history, rule })
  } finally {
    await client?.end()
    product.kill('SIGINT')
    await product.ended
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  }
}

async function measure({
  api,
  client,
  history,
  rule,
  aloneMs,
  everyMs = 100,
  progress,
}: BackfillAsked & {
  readonly api: ApiCaller
  readonly client: pg.Client
  readonly history: History
  readonly rule: string
}): Promise<BackfillMeasured> {
  let people = 0
  const stream = (): LiveStream => {
    const first = people
    const live = startLiveStream(client, everyMs, async (number) => {
      const person = first + Math.floor(number / 2)
      people = Math.max(people, person + 1)
      return send(api, liveEvents(person)[number % 2])
    })
    return live
  }

  progress('live events alone, with the rule in force')
  const active = await api.post(`/v1/rules/${rule}/versions/1/activate`, { backfill: false })
  if (active.status !== 200) throw new Error(JSON.stringify(active.body))
  const quiet = stream()
  await sleep(aloneMs)
  const alone = await quiet.stop()

  progress('live events beside the backfill')
  await api.post(`/v1/rules/${rule}/pause`)
  const busy = stream()
  const began = performance.now()
  const { body } = await api.post(`/v1/rules/${rule}/resume`)
  const job = await jobOver(client, body.backfillJobId, progress)
  const seconds = (performance.now() - began) / 1000
  const during = await busy.stop()
  if (job !== 'done') throw new Error(`The backfill ended as ${job}.`)

  const { rows } = await client.query(
    `SELECT count(*)::int AS decisions, count(DISTINCT decision.subject_id)::int AS people,
            count(*) FILTER (WHERE identifier.value LIKE 'live.%')::int AS live,
            count(*) FILTER (WHERE identifier.value LIKE 'past.%'
              AND split_part(split_part(identifier.value, '.', 2), '@', 1)::int % 10 = 0)::int AS past
     FROM decision JOIN subject_identifier identifier ON identifier.subject_id = decision.subject_id
     WHERE outcome = 'award'`,
  )
  const found = rows[0] as { decisions: number; people: number; live: number; past: number }
  const live = await liveEarners(client)
  const wrong =
    Math.abs(history.earners - found.past) +
    Math.abs(live - found.live) +
    (found.decisions - found.people) +
    (found.decisions - found.past - found.live)
  return { history, alone, during, seconds, live, awarded: found.people, wrong }
}

/** As a source does: what may be repeated is repeated, and the time that it takes counts. */
async function send(api: ApiCaller, event: unknown): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const { status, body } = await api.post('/v1/events', event)
    if (status === 202) return body.items[0].id
    if (body.retry !== true || attempt === 20)
      throw new Error(`An event was refused: ${JSON.stringify(body)}`)
    await sleep(100)
  }
}

/** Whose two events both came through the door. */
async function liveEarners(client: pg.Client): Promise<number> {
  const { rows } = await client.query(
    `SELECT count(*)::int AS n FROM (
       SELECT subject_id FROM event WHERE source_event_id LIKE 'live-%' GROUP BY subject_id HAVING count(*) = 2) AS both_sent`,
  )
  return rows[0].n
}

async function setUp(url: string, token: string | undefined) {
  const visitor = new ApiCaller(url)
  const signedIn = await visitor.post('/v1/session', { token })
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const owner = new ApiCaller(url, { cookie, origin: url })
  const organisation = await owner.post('/v1/organisations', { slug: 'bench', name: 'Benchmark' })
  const organisationId: string = organisation.body.id
  const key = await owner.post(`/v1/api-keys?organisation=${organisationId}`, {
    name: 'bench',
    rights: RIGHTS,
  })
  const api = new ApiCaller(url, { authorization: `Bearer ${key.body.secret}` })
  const issuer = await api.post('/v1/issuers', { slug: 'bench-academy', name: 'Benchmark' })
  return { api, organisationId, issuerId: issuer.body.id as string }
}

async function draftRule(api: ApiCaller, issuerId: string): Promise<string> {
  const made = await api.post('/v1/achievements', {
    issuerId,
    slug: 'bench-badge',
    definition: { name: { en: 'Bench' }, description: { en: 'X.' }, criteria: { en: 'X.' } },
  })
  await api.post(`/v1/achievements/${made.body.id}/versions/1/publish`)
  const rule = await api.post('/v1/rules', { name: 'Bench', document: backfillRule('bench-badge') })
  if (rule.status !== 201) throw new Error(JSON.stringify(rule.body))
  return rule.body.id
}

async function jobOver(client: pg.Client, id: string, progress: (what: string) => void): Promise<string> {
  for (let told = 0; ; ) {
    await sleep(100)
    const { rows } = await client.query('SELECT state, done, total FROM job WHERE id = $1', [id])
    const { state, done, total } = rows[0] as { state: string; done: number; total: number }
    if (state !== 'queued' && state !== 'running') return state
    if (performance.now() - told > 10_000) {
      told = performance.now()
      progress(`${done} of ${total} people`)
    }
  }
}

async function databaseUrl(dataFolder: string): Promise<string> {
  const password = await readFile(join(dataFolder, 'postgres', 'password'), 'utf8')
  const lines = (await readFile(join(dataFolder, 'postgres', 'data', 'postmaster.pid'), 'utf8')).split('\n')
  return `postgresql://app:${password}@127.0.0.1:${lines[3]}/waarmerk`
}
