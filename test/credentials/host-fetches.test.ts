import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { systemClock } from '#adapters/system/system-clock.ts'
import { createSystemRandom } from '#adapters/system/system-random.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { HostConnectionId, HostFetchId } from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import { createRunHostFetches, type RunHostFetchesNeeds } from '#services/connections/run-host-fetches.ts'
import type { HostFetch, OpenHostFetch } from '#services/ports/host-fetch-store.ts'
import type { Pause } from '#services/ports/pause.ts'
import { strangersBadgeOf } from '#test/product/strangers-badge.ts'
import { keyOf, sign } from '#test/verification/sample-issuer.ts'
import { startBadgeHost } from './badge-host.ts'
import { type Connecting, startConnecting } from './connecting.ts'
import { Visitor } from './visitor.ts'

let stage: Connecting
let product: Connecting['product']
let ask: Connecting['ask']
let fetched: Connecting['fetched']
let connectedTo: Connecting['connectedTo']
let stranger: Connecting['stranger']
let strangersBadges: Connecting['strangersBadges']
beforeAll(async () => {
  stage = await startConnecting('connected-fetches')
  ;({ product, ask, fetched, connectedTo, stranger, strangersBadges } = stage)
})
afterAll(() => stage?.stop())
afterEach(() => stage.endConnections(0))

const keptIds = async () =>
  (await ask('GET', '/v1/backpack/imported')).body.items.map(({ id }: { id: string }) => id)

test('all that is there comes, page by page, and the next time what is new', async () => {
  const good = await strangersBadges(4)
  const forged = { ...good[0], id: 'urn:uuid:0', name: 'Forged' }
  const junk = Array.from({ length: 300 }, (_, n) => n)
  const host = await startBadgeHost([
    ...good.slice(0, 2),
    ...junk,
    { id: 'urn:x:1' },
    forged,
    ...good.slice(2),
  ])
  const id = await connectedTo(host)
  const before = (await keptIds()).length
  const first = await fetched(id)
  expect(first).toMatchObject({
    state: 'done',
    since: null,
    ...{ done: 306, total: 306, created: 4, replaced: 0, known: 0 },
    refused: { 'document-unreadable': 300, 'not-a-badge': 1, 'pushed-badge-invalid': 1 },
  })
  expect(host.asked).toEqual([0, 50, 100, 150, 200, 250, 300].map((at) => `?limit=50&offset=${at}`))
  expect((await keptIds()).length - before).toBe(4)

  // Nothing is new.
  host.asked.length = 0
  expect(await fetched(id)).toMatchObject({ state: 'done', done: 0, created: 0, known: 0, refused: {} })
  expect(host.asked).toEqual([expect.stringMatching(/^\?limit=50&offset=0&since=20/), '?limit=1&offset=0'])

  // What was issued meanwhile.
  host.badges.push(
    await stranger.sign({ ...strangersBadgeOf(stranger.did), validFrom: new Date().toISOString() }),
  )
  expect(await fetched(id)).toMatchObject({ done: 1, created: 1, known: 0, since: expect.any(String) })

  // One that was issued long ago has come there only now: their number tells.
  host.badges.splice(0, 300)
  host.asked.length = 0
  await fetched(id, { everything: true })
  host.badges.unshift(...(await strangersBadges(1, 2001)))
  expect(await fetched(id)).toMatchObject({ state: 'done', created: 1, known: 3, since: null })

  // One page at a time is open, and can be stopped.
  host.interfere = () => true
  const slow = await ask('POST', `/v1/connections/${id}/fetch`, {})
  expect((await ask('POST', `/v1/connections/${id}/fetch`, { everything: true })).body.createdAt).toBe(
    slow.body.createdAt,
  )
  expect((await ask('DELETE', `/v1/connections/${id}/fetch`)).status).toBe(204)
  expect((await ask('GET', `/v1/connections/${id}/fetch`)).body.state).toBe('cancelled')
  expect((await ask('DELETE', `/v1/connections/${id}/fetch`)).status).toBe(404)
  await host.close()
})

test('what was issued in the second of the last fetch is not missed, whether or not the host counts', async () => {
  const date = new Date(Math.floor(Date.now() / 1_000) * 1_000 - 2_000)
  const inTheSecond = (ms: number) =>
    stranger.sign({
      ...strangersBadgeOf(stranger.did),
      validFrom: new Date(date.getTime() + ms).toISOString(),
    })
  for (const isSilent of [true, false]) {
    const host = await startBadgeHost([...(await strangersBadges(2)), await inTheSecond(300)])
    Object.assign(host, { isSilent, date })
    const id = await connectedTo(host)
    expect(await fetched(id)).toMatchObject({ state: 'done', created: 3 })
    // In the same second, by clocks of whole seconds too.
    host.badges.push(await inTheSecond(0), await inTheSecond(900))
    expect(await fetched(id)).toMatchObject({
      ...{ state: 'done', created: 2, known: 1, since: expect.any(String) },
    })
    expect(await fetched(id)).toMatchObject({ state: 'done', created: 0, known: 3 })
    if (!isSilent) {
      // What is listed once more makes no room for one that was issued long ago.
      host.badges.unshift(...(await strangersBadges(1, 2003)))
      expect(await fetched(id)).toMatchObject({ state: 'done', created: 1, known: 5, since: null })
      // Nor does what is refused each time.
      host.badges.push({ id: 'urn:x:ahead', validFrom: new Date(date.getTime() + 86_400_000).toISOString() })
      await fetched(id)
      host.badges.unshift(...(await strangersBadges(1, 2004)))
      expect(await fetched(id)).toMatchObject({ created: 1, known: 6, refused: { 'not-a-badge': 1 } })
    }
    await host.close()
  }
})

test('what comes into a list while it is read is found the next time', async () => {
  const host = await startBadgeHost([...(await strangersBadges(2, 2020)), ...Array(58).fill(0)])
  const id = await connectedTo(host)
  const [late] = await strangersBadges(1, 2005)
  // In front of what was read already.
  host.interfere = ({ url }) => {
    if (url?.includes('offset=50') === true && host.badges.length === 60) host.badges.unshift(late)
    return false
  }
  expect(await fetched(id)).toMatchObject({ state: 'done', created: 2, total: 60 })
  expect(await fetched(id)).toMatchObject({ state: 'done', created: 1, known: 2, since: null })
  expect(await fetched(id)).toMatchObject({ state: 'done', created: 0, done: 0 })
  await host.close()
})

test('a badge that is too large for a page is passed over and counted, and a host without counts is read to its end', async () => {
  const [a, b, c] = await strangersBadges(3, 2024)
  const host = await startBadgeHost([a, 'x'.repeat(4_100_000), b, c])
  host.interfere = (_request, response) => {
    response.removeHeader('date')
    response.sendDate = false
    return false
  }
  const id = await connectedTo(host)
  expect(await fetched(id)).toMatchObject({ state: 'done', created: 3, refused: { 'document-too-large': 1 } })
  await host.close()
})

/** No time passes. */
const untilOver: Pause = (_ms, signal) =>
  new Promise((settle) => signal?.addEventListener('abort', () => settle(), { once: true }))

/** The step as another worker runs it, long after today: the product's own finds nothing of it due. */
async function laterWorker(id: HostConnectionId, since?: Instant) {
  let now = Date.UTC(2090, 0, 1)
  const { database, log } = product.running.parts
  const queued: OpenHostFetch = {
    id: crypto.randomUUID() as HostFetchId,
    connectionId: id,
    state: 'queued',
    since,
    ...{ nextOffset: 0, pageSize: 50, created: 0, replaced: 0, known: 0, refused: {}, attempts: 0 },
    createdAt: systemClock.now(),
    nextAt: asInstant(now),
  }
  await database.asWorker((stores) => stores.hostFetches.begin(queued))
  type Over = Pick<RunHostFetchesNeeds, 'hosts'> & Partial<RunHostFetchesNeeds>
  const step = (over: Over) =>
    createRunHostFetches({
      ...{ database, log, random: createSystemRandom(), clock: { now: () => asInstant(now) } },
      pause: untilOver,
      hostCredentials: product.running.product.openBadges.hostCredentials,
      useHost: {
        withToken: async (_account, connectionId, _scope, work) => {
          const found = await database.asWorker((stores) => stores.hostConnections.find(connectionId))
          if (found === undefined) throw new Error('There is no such connection.')
          return work(found, 'token')
        },
      },
      ...over,
    })
  return {
    step,
    pass: (over: Over) => step(over)(),
    wait: (ms: number) => {
      now += ms
    },
    state: (): Promise<HostFetch | undefined> => database.asWorker((stores) => stores.hostFetches.find(id)),
  }
}

/** A host whose list is this. */
const hostOf = (badges: readonly Json[], offsets: number[] = []): RunHostFetchesNeeds['hosts'] => ({
  credentials: async (_host, _token, { limit, offset }) => {
    offsets.push(offset)
    const documents = badges.slice(offset, offset + limit)
    return { documents, isLast: offset + limit >= badges.length, total: badges.length }
  },
})

test('a worker that dies leaves its page to the next one, and nothing is kept twice', async () => {
  const host = await startBadgeHost()
  const id = await connectedTo(host)
  const badges: readonly Json[] = [
    ...(await strangersBadges(2, 2023)),
    ...Array.from({ length: 48 }, (_, n) => n),
    ...(await strangersBadges(3, 2022)),
  ]
  const offsets: number[] = []
  const hosts = hostOf(badges, offsets)
  const before = (await keptIds()).length
  const worker = await laterWorker(id)
  await worker.pass({ hosts })
  expect(await worker.state()).toMatchObject({
    nextOffset: 50,
    created: 2,
    refused: { 'document-unreadable': 48 },
  })

  // It keeps one badge of the second page, and hangs for ever.
  const { hostCredentials } = product.running.product.openBadges
  let goOn = (): void => {}
  let kept = 0
  const dying = worker.pass({
    hosts,
    hostCredentials: {
      upsert: async (...given) => {
        if (kept++ === 1)
          await new Promise<void>((settle) => {
            goOn = settle
          })
        return hostCredentials.upsert(...given)
      },
    },
  })
  await expect.poll(() => kept).toBe(2)
  await worker.pass({ hosts })
  expect(offsets).toEqual([0, 50])
  worker.wait(61_000)
  await worker.pass({ hosts })
  expect(offsets).toEqual([0, 50, 50])
  const done = { state: 'done', nextOffset: 53, created: 4, known: 1, refused: { 'document-unreadable': 48 } }
  expect(await worker.state()).toMatchObject(done)
  // It was not dead: what it still does changes nothing.
  goOn()
  await dying
  expect(await worker.state()).toMatchObject(done)
  expect((await keptIds()).length - before).toBe(5)
  await host.close()
})

test('what is stopped stops in the middle of its page, and so does what is disconnected', async () => {
  const host = await startBadgeHost()
  const hosts = hostOf(Array.from({ length: 5 }, (_, n) => ({ id: `urn:x:${n}` })))
  for (const path of ['/fetch', '']) {
    const id = await connectedTo(host)
    const worker = await laterWorker(id)
    let taken = 0
    await worker.pass({
      hosts,
      hostCredentials: {
        upsert: async () => {
          taken++
          if (taken === 2) expect((await ask('DELETE', `/v1/connections/${id}${path}`)).status).toBe(204)
          return 'created'
        },
      },
    })
    expect(taken).toBe(2)
    expect(await worker.state()).toMatchObject({ state: 'cancelled', created: 2, nextOffset: 0 })
  }
  await host.close()
})

test('a badge that could not be looked at just now is looked at again the next time', async () => {
  const host = await startBadgeHost()
  const id = await connectedTo(host)
  const hosts = hostOf([{ id: 'urn:x:1' }, { id: 'urn:x:2' }])
  const told = [errors.unavailable({ what: 'reader' }), errors.rateLimited({ retryAfterSeconds: 2 })]
  const since = async () =>
    (await product.running.parts.database.asWorker((stores) => stores.hostConnections.find(id)))?.fetchedSince
  for (const refusal of told) {
    const worker = await laterWorker(id)
    await worker.pass({
      hosts,
      hostCredentials: {
        upsert: async () => {
          throw refusal
        },
      },
    })
    expect(await worker.state()).toMatchObject({ state: 'done', refused: { [refusal.code]: 2 } })
    expect(await since()).toBeUndefined()
  }
  const worker = await laterWorker(id)
  await worker.pass({ hosts, hostCredentials: { upsert: async () => 'created' } })
  expect(await worker.state()).toMatchObject({ state: 'done', created: 2, refused: {} })
  expect(await since()).toBeDefined()
  await host.close()
})

test('a badge that takes too long could not be checked now, and a page that does goes on where it stood', async () => {
  const host = await startBadgeHost()
  const id = await connectedTo(host)
  const { database } = product.running.parts
  const worker = await laterWorker(id)
  let goOn = (): void => {}
  let isStuck = false
  await worker.pass({
    hosts: hostOf([{ id: 'urn:x:1' }, { id: 'urn:x:2' }]),
    pause: (ms, signal) => (isStuck && ms === 20_000 ? Promise.resolve() : untilOver(ms, signal)),
    hostCredentials: {
      upsert: () => {
        isStuck = !isStuck
        if (!isStuck) return Promise.resolve('created')
        return new Promise((settle) => {
          goOn = () => settle('created')
        })
      },
    },
  })
  const done = { state: 'done', nextOffset: 2, created: 1, refused: { 'pushed-badge-undecided': 1 } }
  expect(await worker.state()).toMatchObject(done)
  goOn()
  expect(await worker.state()).toMatchObject(done)
  // Nothing is lost: the next fetch looks as far back.
  const found = await database.asWorker((stores) => stores.hostConnections.find(id))
  expect([found?.fetchedAt !== undefined, found?.fetchedSince]).toEqual([true, undefined])

  const other = await laterWorker(id)
  const offsets: number[] = []
  const slow = {
    hosts: hostOf(
      Array.from({ length: 5 }, (_, n) => ({ id: `urn:x:${n}` })),
      offsets,
    ),
    hostCredentials: {
      upsert: async () => {
        other.wait(19_000)
        return 'created' as const
      },
    },
  }
  await other.pass(slow)
  expect(await other.state()).toMatchObject({ state: 'running', nextOffset: 4, created: 4 })
  await other.pass(slow)
  expect(await other.state()).toMatchObject({ state: 'done', nextOffset: 5, created: 5, known: 0 })
  expect(offsets).toEqual([0, 4])
  await host.close()
})

test('a slow host holds up neither other people nor more than one place', async () => {
  const host = await startBadgeHost()
  const slow = [await connectedTo(host), await connectedTo(host)]
  const quick = await connectedTo(host, await new Visitor(product).signIn('quick@example.org'))
  const { database } = product.running.parts
  const mine = await database.asWorker((stores) => stores.hostConnections.find(quick))
  const workers = await Promise.all(slow.map((each) => laterWorker(each)))
  const states = async () =>
    (await Promise.all(workers.map(async (worker) => (await worker.state())?.state))).sort()
  let taken = 0
  let goOn = (): void => {}
  const needs: Parameters<(typeof worker)['step']>[0] = {
    hosts: hostOf([{ id: 'urn:x:1' }]),
    hostCredentials: {
      upsert: async (account) => {
        if (account !== mine?.accountId && taken++ === 0)
          await new Promise<void>((settle) => {
            goOn = settle
          })
        return 'created'
      },
    },
  }
  const worker = await laterWorker(quick)
  const pass = worker.step(needs)
  // The place of whoever is done is free at once, as often as that is.
  for (let n = 0; n < 3; n++) {
    const again = n === 0 ? worker : await laterWorker(quick)
    await pass()
    expect(await again.state()).toMatchObject({ state: 'done', created: 1 })
  }
  expect([taken, await states()]).toEqual([1, ['queued', 'running']])
  // Another process takes nothing of that account either, and does not ask all the time.
  expect(await worker.pass(needs)).toEqual({ more: true, pauseMs: 1_000 })
  expect(taken).toBe(1)
  goOn()
  await pass()
  expect(await states()).toEqual(['done', 'queued'])
  await pass()
  expect([taken, await states()]).toEqual([2, ['done', 'done']])
  await host.close()
})

test('a badge that is given up is not looked at any more, and whoever was asked about it is hung up on', async () => {
  let asked = (): void => {}
  let hungUp = (): void => {}
  const isAsked = new Promise<void>((settle) => {
    asked = settle
  })
  const isHungUp = new Promise<void>((settle) => {
    hungUp = settle
  })
  // It never answers.
  const slow = createServer((request) => {
    request.socket.once('close', hungUp)
    asked()
  })
  await new Promise<void>((settle) => slow.listen(0, '127.0.0.1', settle))
  const did = `did:web:localhost%3A${(slow.address() as AddressInfo).port}`
  const slowBadge = () => sign(strangersBadgeOf(did), keyOf(did, 61), asInstant(systemClock.now() - 1_000))
  const [good = {}] = await strangersBadges(1, 2019)

  const host = await startBadgeHost()
  const id = await connectedTo(host)
  const worker = await laterWorker(id)
  const before = (await keptIds()).length
  let isSecond = false
  await worker.pass({
    hosts: hostOf([await slowBadge(), good]),
    // The time of the first is over as soon as that host was asked.
    pause: (ms, signal) => {
      if (ms !== 20_000 || isSecond) return untilOver(ms, signal)
      isSecond = true
      return Promise.race([isAsked, untilOver(ms, signal)])
    },
  })
  await isHungUp
  expect(await worker.state()).toMatchObject({
    ...{ state: 'done', created: 1, refused: { 'pushed-badge-undecided': 1 } },
  })
  expect((await keptIds()).length - before).toBe(1)

  // And so it is where the process ends.
  const [second = {}] = await strangersBadges(1, 2018)
  const ending = new AbortController()
  const last = await laterWorker(id)
  const hung = new Promise<void>((settle) => {
    slow.once('request', (request) => {
      request.socket.once('close', settle)
      ending.abort()
    })
  })
  await last.step({ hosts: hostOf([await slowBadge(), second]) })(ending.signal)
  await hung
  expect(await last.state()).toMatchObject({ state: 'running', created: 0, nextOffset: 0, refused: {} })
  // What it gave back is nobody's to take up here.
  expect((await ask('DELETE', `/v1/connections/${id}`)).status).toBe(204)
  slow.closeAllConnections()
  await new Promise((settle) => slow.close(settle))
  await host.close()
})

test('a stop while the last page is asked for, or while the host is counted, is a stop, and what was kept is counted', async () => {
  const host = await startBadgeHost()
  const badges = [{ id: 'urn:x:1' }, { id: 'urn:x:2' }]
  const hostCredentials: RunHostFetchesNeeds['hostCredentials'] = { upsert: async () => 'created' }
  const { database } = product.running.parts
  for (const [when, kept] of [
    ['page', 0],
    ['count', 2],
  ] as const) {
    const id = await connectedTo(host)
    // What was fetched before: then the host is counted at the end.
    await database.asWorker((stores) =>
      stores.hostConnections.fetched(id, systemClock.now(), { since: systemClock.now(), total: 0 }),
    )
    const worker = await laterWorker(id, systemClock.now())
    const plain = hostOf(badges)
    const hosts: RunHostFetchesNeeds['hosts'] = {
      credentials: async (description, token, page) => {
        if ((when === 'page') === (page.since !== undefined))
          expect((await ask('DELETE', `/v1/connections/${id}/fetch`)).status).toBe(204)
        return plain.credentials(description, token, page)
      },
    }
    await worker.pass({ hosts, hostCredentials })
    expect([when, await worker.state()]).toMatchObject([when, { state: 'cancelled', created: kept }])
    expect((await ask('GET', `/v1/connections/${id}/fetch`)).body).toMatchObject({ created: kept })
    // The next one looks as far back as this one did.
    const found = await database.asWorker((stores) => stores.hostConnections.find(id))
    expect(found?.fetchedTotal).toBe(0)
  }
  await host.close()
})

test('badges over their bound do not keep a page from being split, and a host whose every badge is too large comes to an end', async () => {
  const host = await startBadgeHost()
  const id = await connectedTo(host)
  const large = errors.documentTooLarge({ limit: '1 MB' })
  const hostCredentials: RunHostFetchesNeeds['hostCredentials'] = {
    upsert: async (_account, { bytes }) => {
      if (bytes.length > 100) throw large
      return 'created'
    },
  }
  const tooLarge = () => errors.fetchFailed({ host: 'host.example.org', reason: 'too-large' })
  const heavy = (n: number) => ({ id: `urn:x:${n}`, name: 'x'.repeat(100) })
  const list = [...Array.from({ length: 50 }, (_, n) => heavy(n)), 'giant', ...[1, 2, 3].map(String)]
  const plain = hostOf(list)
  const worker = await laterWorker(id)
  const hosts: RunHostFetchesNeeds['hosts'] = {
    credentials: async (description, token, page) => {
      const answer = await plain.credentials(description, token, page)
      if (answer.documents.includes('giant')) throw tooLarge()
      return answer
    },
  }
  for (let n = 0; n < 12; n++) await worker.pass({ hosts, hostCredentials })
  expect(await worker.state()).toMatchObject({
    ...{ state: 'done', created: 3, nextOffset: 54 },
    refused: { 'document-too-large': 51 },
  })

  const other = await laterWorker(id)
  const giants: RunHostFetchesNeeds['hosts'] = {
    credentials: async () => {
      throw tooLarge()
    },
  }
  for (let n = 0; n < 30; n++) await other.pass({ hosts: giants })
  expect(await other.state()).toMatchObject({
    ...{ state: 'failed', nextOffset: 20, error: { code: 'fetch-failed' } },
    refused: { 'document-too-large': 20 },
  })
  await host.close()
})

test('a host that is away for a while is asked again, and one that stays away is told with its reason', async () => {
  const host = await startBadgeHost()
  const id = await connectedTo(host)
  const worker = await laterWorker(id)
  const away: RunHostFetchesNeeds['hosts'] = {
    credentials: async () => {
      throw errors.hostRefused({ host: 'host.example.org', reason: '503 (busy)' })
    },
  }
  for (let n = 1; n < 8; n++) {
    await worker.pass({ hosts: away })
    expect(await worker.state()).toMatchObject({ state: 'queued', attempts: n })
    worker.wait(2 ** n * 1_000)
  }
  await worker.pass({ hosts: away })
  expect((await ask('GET', `/v1/connections/${id}/fetch`)).body).toMatchObject({
    state: 'failed',
    error: { code: 'host-refused', reason: expect.stringContaining('503 (busy)') },
  })
  // Nothing was learnt: the next one asks for everything.
  const endless: RunHostFetchesNeeds['hosts'] = {
    credentials: async () => ({ documents: Array(5_000).fill(0), isLast: false }),
  }
  const other = await laterWorker(id)
  await other.pass({ hosts: endless })
  for (let n = 0; n < 8; n++) {
    await other.pass({ hosts: endless })
    other.wait(300_000)
  }
  expect(await other.state()).toMatchObject({ state: 'failed', error: { code: 'host-refused' } })
  await host.close()
})
