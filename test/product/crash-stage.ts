import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { RIGHTS } from '#engine/access/rights.ts'
import { startSmtpInbox } from '#test/mail/smtp-inbox.ts'
import { ApiCaller } from './api-caller.ts'
import { compareWithRecord } from './crash-comparison.ts'
import { earning, setUpFirstAid } from './first-aid.ts'
import { openOutsideRecord, type SentEvent } from './outside-record.ts'
import { isReady, killAllProducts, type ProductProcess, startProductProcess } from './product-process.ts'
import { freePort, type Inbox } from './test-product.ts'
import { startWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts'

/** One product on a folder, a port and a mail server of its own, that is killed and started again. */
export interface CrashStage {
  readonly dataFolder: string
  readonly api: ApiCaller
  /** Where it listens. */
  readonly url: string
  /** What it calls itself: that of the folder that every stage is a copy of. */
  readonly origin: string
  readonly inbox: Inbox
  /** Somebody else's server, of all stages. */
  readonly receiver: WebhookReceiver
  start(settings?: Readonly<Record<string, string>>): ProductProcess
  /** Sends until it is acknowledged, through any number of deaths, and records that. */
  post(events: readonly SentEvent[]): Promise<void>
  /** Has everybody looked at anew by a job, through any number of deaths. */
  backfill(): Promise<void>
  /** Waits for everything to settle, and compares it with the record: these have earned the badge here. */
  compare(earners: readonly string[]): Promise<void>
}

export interface CrashScene {
  /** A copy of the prepared folder: an issuer, a rule, and one badge that is anchored and claimed. */
  stage(name: string): Promise<CrashStage>
  close(): Promise<void>
}

/** Who has a badge in every copy of the prepared folder. */
const EARLIER = ['zoe']

const QUICK = { BATCH_MAX_AGE_S: '1', SWEEP_INTERVAL_MS: '300' }

/** Makes one data folder through the front door: signs in by the printed link, and goes on over HTTP. */
export async function prepareCrashScene(): Promise<CrashScene> {
  const parent = await mkdtemp(join(tmpdir(), 'waarmerk-crash-'))
  const inboxes: Inbox[] = []
  // One for all copies: what it is told of an award of one of them is no other's.
  const receiver = await startWebhookReceiver()
  const original = join(parent, 'original')
  const port = await freePort()
  const origin = `http://localhost:${port}`

  const openStage = async (folder: string, apiKey: string): Promise<CrashStage> => {
    const inbox = await startSmtpInbox()
    inboxes.push(inbox)
    // The issuer's origin is in the folder for good; only the address to listen at differs.
    const ownPort = folder === original ? port : await freePort()
    const url = `http://localhost:${ownPort}`
    const api = new ApiCaller(url, { authorization: `Bearer ${apiKey}` })
    const record = openOutsideRecord(join(folder, 'record.jsonl'))
    const dataFolder = join(folder, 'data')
    return {
      dataFolder,
      api,
      url,
      origin,
      inbox,
      receiver,
      start: (settings = {}) =>
        startProductProcess({
          dataFolder,
          port: ownPort,
          settings: { ...QUICK, PUBLIC_URL: origin, SMTP_URL: inbox.url, ...settings },
        }),
      backfill: () => backfillUntilAcknowledged(api),
      post: async (events) => record.acknowledge(events, await postUntilAcknowledged(api, events)),
      compare: (earners) => {
        const earlier = folder === original ? [] : EARLIER
        const compared = { url, apiKey, dataFolder, record, inbox, receiver, mailed: earners }
        return compareWithRecord({ ...compared, earners: [...earlier, ...earners] })
      },
    }
  }

  await mkdir(join(original, 'data'), { recursive: true })
  const apiKey = await prepare(original, port, receiver.url)
  const first = await openStage(original, apiKey)
  const product = first.start()
  await isReady(product)
  await first.post(EARLIER.flatMap(earning))
  await first.compare(EARLIER)
  await stopWell(product)

  return {
    async stage(name) {
      const folder = join(parent, name)
      await cp(original, folder, { recursive: true, preserveTimestamps: true })
      return openStage(folder, apiKey)
    },
    async close() {
      await killAllProducts()
      for (const inbox of inboxes) await inbox.close()
      await receiver.close()
      await rm(parent, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
    },
  }
}

export async function stopWell(product: ProductProcess): Promise<void> {
  product.kill('SIGINT')
  expect(await product.ended).toEqual({ code: 0, signal: null })
}

/** Gives an API key with every right. */
async function prepare(folder: string, port: number, webhookUrl: string): Promise<string> {
  const product = startProductProcess({ dataFolder: join(folder, 'data'), port })
  const [, token] = await isReady(product)
  const signedIn = await new ApiCaller(product.url).post('/v1/session', { token })
  expect(signedIn.status).toBe(201)
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const owner = new ApiCaller(product.url, { cookie, origin: product.url })
  const organisation = await owner.post('/v1/organisations', { slug: 'crash-school', name: 'Crash School' })
  expect(organisation.status).toBe(201)
  const key = await owner.post(`/v1/api-keys?organisation=${organisation.body.id}`, {
    name: 'crash test',
    rights: RIGHTS,
  })
  expect(key.status).toBe(201)
  const apiKey: string = key.body.secret
  const api = new ApiCaller(product.url, { authorization: `Bearer ${apiKey}` })
  const webhook = { url: webhookUrl, description: 'Crash test', eventTypes: ['award.*', 'batch.*'] }
  expect((await api.post('/v1/webhooks', webhook)).status).toBe(201)
  await setUpFirstAid(api, 'crash-academy')
  await stopWell(product)
  return apiKey
}

async function postUntilAcknowledged(
  api: ApiCaller,
  events: readonly SentEvent[],
): Promise<readonly { readonly id: string }[]> {
  for (let left = 600; ; left--) {
    // A broken connection says nothing about what became of the events: send them again.
    const answer = await api.post('/v1/events', events).catch(() => undefined)
    if (answer?.status === 202) return answer.body.items
    if (answer !== undefined && answer.status < 500)
      throw new Error(`Refused: ${JSON.stringify(answer.body)}`)
    if (left === 0) throw new Error('Not acknowledged after all this time.')
    await sleep(100)
  }
}

/** Paused and resumed: what came meanwhile, and everything before, is looked at by a job. */
async function backfillUntilAcknowledged(api: ApiCaller): Promise<void> {
  for (let left = 600; left > 0; left--) {
    const rules = await api.get('/v1/rules').catch(() => undefined)
    const rule = `/v1/rules/${rules?.body?.items?.[0]?.id}`
    await api.post(`${rule}/pause`).catch(() => undefined)
    const resumed = await api.post(`${rule}/resume`).catch(() => undefined)
    if (resumed?.status === 200) return
    await sleep(100)
  }
  throw new Error('Not resumed after all this time.')
}
