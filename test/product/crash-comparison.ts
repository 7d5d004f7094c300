import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Transaction } from 'ethers'
import { expect, vi } from 'vitest'
import { badgeAnchor } from '#adapters/ethereum/badge-anchor.ts'
import { type JournalEntry, type JournalHeader, readLines } from '#adapters/ethereum/chain-journal.ts'
import { withClient } from '#adapters/postgres/with-client.ts'
import { ApiCaller } from './api-caller.ts'
import type { OutsideRecord } from './outside-record.ts'
import type { Inbox } from './test-product.ts'
import type { WebhookReceiver } from './webhook-receiver.ts'

export interface Compared {
  readonly url: string
  readonly apiKey: string
  readonly dataFolder: string
  readonly record: OutsideRecord
  readonly inbox: Inbox
  /** Somebody else's server that is told of awards and batches. */
  readonly receiver: WebhookReceiver
  /** Whose events earn them the badge, all of them acknowledged. Nobody else may have one. */
  readonly earners: readonly string[]
  /** Those of them whose mail goes to this inbox. */
  readonly mailed: readonly string[]
}

interface EventView {
  readonly id: string
  readonly source: string
  readonly sourceId: string
  readonly state: string
}
interface AwardView {
  readonly id: string
  readonly ruleId: string
  readonly subjectId: string
  readonly state: string
  readonly credentialId: string
  readonly anchor: string
}
interface BatchView {
  readonly id: string
  readonly root: string
  readonly state: string
}

/** Waits until nothing is under way, then holds the product against what was recorded outside: nothing lost, nothing twice. */
export async function compareWithRecord(compared: Compared): Promise<void> {
  const api = callerOf(compared)
  const awards = await settled(compared)
  await expectEveryEventOnce(compared)
  await expectOneAwardEach(compared, awards)
  await expectLeavesInOneBatch(compared)
  await expectRootsOnChainOnce(compared)
  for (const award of awards) await expectValid(compared, award)
  for (const learner of compared.mailed) await expectClaimable(compared, learner)
  await expectToldOnce(compared, awards)

  const known = compared.record.read()
  const again = await api.post(
    '/v1/events',
    known.map(({ event }) => event),
  )
  expect(again.body).toMatchObject({ accepted: 0, quarantined: 0, duplicates: known.length })
  expect(again.body.items.map(({ id }: { id: string }) => id)).toEqual(known.map(({ id }) => id))
  expect((await all<AwardView>(api, '/v1/awards')).length).toBe(awards.length)
}

const callerOf = ({ url, apiKey }: Compared): ApiCaller =>
  new ApiCaller(url, { authorization: `Bearer ${apiKey}` })

function settled(compared: Compared): Promise<readonly AwardView[]> {
  const api = callerOf(compared)
  return vi.waitFor(
    async () => {
      const events = await all<EventView>(api, '/v1/events')
      expect(events.filter(({ state }) => state !== 'evaluated' && state !== 'unmatched')).toEqual([])
      const awards = await all<AwardView>(api, '/v1/awards')
      expect(awards.length).toBeGreaterThanOrEqual(compared.earners.length)
      expect(awards.filter(({ state, anchor }) => state !== 'issued' || anchor !== 'final')).toEqual([])
      const batches = await all<BatchView>(api, '/v1/batches')
      expect(batches.filter(({ state }) => state !== 'final')).toEqual([])
      for (const learner of compared.mailed) expect(mailsTo(compared, learner)).not.toEqual([])
      return awards
    },
    { timeout: 60_000, interval: 200 },
  )
}

async function expectEveryEventOnce(compared: Compared): Promise<void> {
  const name = ({ source, sourceId }: { source: string; sourceId: string }) => `${source} ${sourceId}`
  const stored = (await all<EventView>(callerOf(compared), '/v1/events')).map(
    (event) => `${name(event)} ${event.id}`,
  )
  const acknowledged = compared.record
    .read()
    .map(({ event, id }) => `${name({ source: event.source, sourceId: event.id })} ${id}`)
  expect([...stored].sort()).toEqual([...new Set(acknowledged)].sort())
}

async function expectOneAwardEach(compared: Compared, awards: readonly AwardView[]): Promise<void> {
  const api = callerOf(compared)
  const subjects = await Promise.all(
    compared.earners.map(async (learner) => {
      const { body } = await api.get(`/v1/subjects?identifier=email:${learner}@example.org`)
      return body.id as string
    }),
  )
  expect(awards.map(({ subjectId }) => subjectId).sort()).toEqual([...subjects].sort())
  expect(new Set(awards.map(({ ruleId }) => ruleId)).size).toBe(1)
  expect(new Set(awards.map(({ credentialId }) => credentialId)).size).toBe(awards.length)
  const decisions = await all<{ subjectId: string }>(api, '/v1/decisions', 'outcome=award&')
  expect(decisions.map(({ subjectId }) => subjectId).sort()).toEqual([...subjects].sort())
}

/** From the rows themselves: over HTTP nobody but its holder learns of a leaf. */
async function expectLeavesInOneBatch({ dataFolder }: Compared): Promise<void> {
  await withClient(await databaseUrl(dataFolder), async (client) => {
    const { rows: batches } = await client.query<{ id: string; leaf_hashes: Buffer }>(
      'SELECT id, leaf_hashes FROM batch',
    )
    const places = new Map<string, string[]>()
    for (const { id, leaf_hashes: hashes } of batches)
      for (let at = 0; at < hashes.length / 32; at++) {
        const hash = hashes.subarray(at * 32, at * 32 + 32).toString('hex')
        places.set(hash, [...(places.get(hash) ?? []), `${id} ${at}`])
      }
    expect([...places.values()].filter((found) => found.length !== 1)).toEqual([])

    const { rows: leaves } = await client.query<{ hash: string; place: string }>(
      "SELECT encode(hash, 'hex') AS hash, batch_id || ' ' || position AS place FROM leaf",
    )
    for (const { hash, place } of leaves) expect(places.get(hash)).toEqual([place])

    const { rows: editions } = await client.query(
      'SELECT count(*)::int AS signed, count(DISTINCT (status_list_id, status_index))::int AS places, ' +
        '(SELECT count(*)::int FROM award) AS awards ' +
        "FROM credential_edition WHERE state = 'signed'",
    )
    expect(editions[0].signed).toBe(editions[0].awards)
    expect(editions[0].places).toBe(editions[0].awards)
    const { rows: unsigned } = await client.query("SELECT 1 FROM credential_edition WHERE state <> 'signed'")
    expect(unsigned).toEqual([])
  })
}

/** From the journal of the chain: every transaction that it ever took stands there. */
async function expectRootsOnChainOnce(compared: Compared): Promise<void> {
  const file = join(compared.dataFolder, 'chain', 'chain.journal')
  const [, ...entries] = readLines(await readFile(file), file).payloads as [JournalHeader, ...JournalEntry[]]
  expect(entries.filter(({ succeeded }) => !succeeded)).toEqual([])
  const anchored = entries.flatMap(({ raw }) => {
    const call = badgeAnchor.parseTransaction({ data: Transaction.from(raw).data })
    return call?.name === 'anchorBySig' ? [call.args[0].root as string] : []
  })
  const batches = await all<BatchView>(callerOf(compared), '/v1/batches')
  expect(anchored.sort()).toEqual(batches.map(({ root }) => root).sort())
}

async function expectValid(compared: Compared, { credentialId }: AwardView): Promise<void> {
  const api = callerOf(compared)
  const { body: credential } = await api.get(`/credentials/${credentialId}`)
  const report = await new ApiCaller(compared.url).post('/v1/verify', { credential })
  expect(report.body.verdict).toBe('valid')
  expect(report.body.checks).toContainEqual(expect.objectContaining({ name: 'anchor', outcome: 'passed' }))
}

/** Every mail that went out works, also where one went out twice. */
async function expectClaimable(compared: Compared, learner: string): Promise<void> {
  const anybody = new ApiCaller(compared.url)
  const taken = new Set<string>()
  for (const { text } of mailsTo(compared, learner)) {
    const token = /\/claim#([\w-]+)/.exec(text)?.[1]
    const { status, body } = await anybody.post(`/v1/claims/${token}/accept`)
    // One that was used lets nobody in any more, and says of which badge it was.
    expect([status, body.code]).toEqual(taken.size === 0 ? [200, undefined] : [409, 'claim-over'])
    taken.add((await anybody.get(`/v1/claims/${token}`)).body.credentialId)
  }
  expect(taken.size).toBe(1)
}

/** A message may come twice, then with one id: what a receiver that remembers ids has seen is each move once. */
async function expectToldOnce(
  { receiver, ...compared }: Compared,
  awards: readonly AwardView[],
): Promise<void> {
  const batches = await all<BatchView>(callerOf({ receiver, ...compared }), '/v1/batches')
  const expected = [
    ...awards.flatMap(({ id }) => [`award.granted ${id}`, `award.issued ${id}`]),
    ...batches.map(({ id }) => `batch.anchored ${id}`),
  ]
  // A claim of a worker that died has to run out first.
  await vi.waitFor(
    () => {
      const seen = new Map(receiver.received.map(({ id, payload }) => [id, payload]))
      const told = [...seen.values()].map(({ type, data }) => `${type} ${data.awardId ?? data.batchId}`)
      expect(told.filter((each) => expected.includes(each)).sort()).toEqual([...expected].sort())
    },
    { timeout: 90_000, interval: 500 },
  )
}

const mailsTo = ({ inbox }: Compared, learner: string) =>
  inbox.mails.filter(({ to }) => to.includes(`${learner}@example.org`))

/** Follows a collection to its end. */
async function all<T>(api: ApiCaller, path: string, query = ''): Promise<T[]> {
  const items: T[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await api.get(`${path}?${query}limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`)
    expect(page.status).toBe(200)
    items.push(...page.body.items)
    cursor = page.body.next
  }
  return items
}

/** How the private PostgreSQL of a running product is reached. */
export async function databaseUrl(dataFolder: string): Promise<string> {
  const password = await readFile(join(dataFolder, 'postgres', 'password'), 'utf8')
  const lines = (await readFile(join(dataFolder, 'postgres', 'data', 'postmaster.pid'), 'utf8')).split('\n')
  return `postgresql://app:${password}@127.0.0.1:${lines[3]}/waarmerk`
}
