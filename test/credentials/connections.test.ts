import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { systemClock } from '#adapters/system/system-clock.ts'
import { createSystemRandom } from '#adapters/system/system-random.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { HostConnectionId, HostFetchId } from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { createRunHostFetches, type RunHostFetchesNeeds } from '#services/connections/run-host-fetches.ts'
import type { Database } from '#services/ports/database.ts'
import type { HostFetch, OpenHostFetch } from '#services/ports/host-fetch-store.ts'
import type { Pause } from '#services/ports/pause.ts'
import { createEndorser } from '#test/product/endorser.ts'
import { awardOf } from '#test/product/first-aid.ts'
import { earnAndClaim, setUpGradedBadge } from '#test/product/graded-badge.ts'
import { addMember } from '#test/product/member.ts'
import { composeAgain, withStores } from '#test/product/second-composition.ts'
import { strangersBadgeOf } from '#test/product/strangers-badge.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'
import { keyOf, sign } from '#test/verification/sample-issuer.ts'
import { startBadgeHost, type TestBadgeHost } from './badge-host.ts'
import { Visitor } from './visitor.ts'

// A product against itself: one person's backpack is the other backpack of another person, and the consumer walks through
// everything that an application of others does.

let product: TestProduct
let school: TestOrganisation
let there: Visitor
let here: Visitor
let badgeHere: string
let badgeThere: string
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('connected-school')
  await setUpGradedBadge(school.api, 'connected-academy')
  badgeThere = (await earnAndClaim(product, school, 'connected-there')).credentialId
  badgeHere = (await earnAndClaim(product, school, 'connected-here')).credentialId
  there = await new Visitor(product).signIn('connected-there@example.org')
  here = await new Visitor(product).signIn('connected-here@example.org')
})
afterAll(() => product?.stop())
// An account has room for so many.
afterEach(async () => {
  for (const { id } of (await ask('GET', '/v1/connections')).body.items.slice(1))
    await ask('DELETE', `/v1/connections/${id}`)
})

interface Told {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at answers of every shape
  readonly body: any
}

async function ask(method: string, path: string, body?: unknown, by = here): Promise<Told> {
  const answer = await by.send(method, path, body)
  const text = await answer.text()
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) }
}

/** Begins, says yes there, and finishes. */
async function connected(decision: 'allow' | 'refuse' = 'allow') {
  const begun = await ask('POST', '/v1/connections', { url: product.url })
  expect([begun.status, begun.body.connection?.state]).toEqual([201, 'asked'])
  const back = await there.answerRequest(begun.body.authorizeUrl, decision)
  const { id } = begun.body.connection
  expect(`${back.origin}${back.pathname}`).toBe(`${product.url}/connections/callback/${id}`)
  return { id, query: back.search.slice(1) }
}
/** Fetches, until that is over. */
async function fetched(id: string, body = {}) {
  const started = await ask('POST', `/v1/connections/${id}/fetch`, body)
  expect(started.status).toBe(202)
  return over(id)
}
async function over(id: string) {
  for (;;) {
    const { body } = await ask('GET', `/v1/connections/${id}/fetch`)
    if (body.finishedAt !== null) return body
    await new Promise((settle) => setTimeout(settle, 25))
  }
}
/** Connects to a host that asks nobody. */
async function connectedTo(host: TestBadgeHost, by = here): Promise<string> {
  const { body } = await ask('POST', '/v1/connections', { url: host.url }, by)
  const state = new URL(body.authorizeUrl).searchParams.get('state')
  expect((await finish(body.connection.id, `code=x&state=${state}`, by)).body.state).toBe('connected')
  return body.connection.id
}
const finish = (id: string, query: string, by = here) =>
  ask('POST', `/v1/connections/${id}/finish`, { query }, by)

test('badges come from another backpack and go there, until the connection is ended', async () => {
  const { id, query } = await connected()
  // Nobody else finishes it, nor with another state.
  const mallory = await new Visitor(product).signIn('mallory@example.org')
  for (const refused of [
    await finish(id, query, mallory),
    await finish(id, query.replace(/state=./, 'state=_')),
  ])
    expect([refused.status, refused.body.code]).toEqual([400, 'connection-trip-invalid'])
  const done = await finish(id, query)
  expect(done.body).toMatchObject({
    id,
    state: 'connected',
    url: `${product.url}/ims/ob/v3p0`,
    name: 'Waarmerk',
  })
  expect(done.body.scopes).toContain('offline_access')
  expect((await finish(id, query)).body.code).toBe('connection-trip-invalid')

  // From there.
  expect((await ask('GET', `/v1/connections/${id}/fetch`)).status).toBe(404)
  const counts = { created: 1, replaced: 0, known: 0, refused: {}, done: 1, total: 1, since: null }
  expect(await fetched(id)).toMatchObject({ state: 'done', ...counts, error: null })
  expect((await ask('GET', '/v1/connections')).body.items[0].fetch).toMatchObject(counts)
  expect(await fetched(id, { everything: true })).toMatchObject({ created: 0, known: 1 })
  const [kept] = (await ask('GET', '/v1/backpack/imported')).body.items
  expect(kept).toMatchObject({ name: 'TEST First aid graded', verdict: 'valid' })

  // And there.
  const push = (badge = badgeHere) => ask('POST', `/v1/connections/${id}/push`, { credentialId: badge })
  expect((await push()).body).toEqual({ outcome: 'created' })
  expect((await push()).body).toEqual({ outcome: 'replaced' })
  expect((await push(badgeThere)).status).toBe(404)
  // What somebody may read is not theirs to send: a badge of another that is public, or of the issuer that they work for.
  await ask('PUT', `/v1/credentials/${badgeThere}/visibility`, { visibility: 'public' }, there)
  expect((await ask('GET', `/v1/credentials/${badgeThere}`)).status).toBe(200)
  expect((await push(badgeThere)).status).toBe(404)
  const { database } = product.running.parts
  await database.asWorker(async (stores) => {
    const account = await stores.access.findAccount({ type: 'email', value: 'connected-here@example.org' })
    if (account !== undefined) await addMember(stores, school, account)
  })
  expect((await push(badgeThere)).status).toBe(404)
  expect((await ask('POST', `/v1/credentials/${badgeThere}/wallet-offers`, { pin: false })).status).toBe(404)
  expect((await ask('GET', '/v1/backpack/imported', undefined, there)).body.items).toMatchObject([
    { name: 'TEST First aid graded' },
  ])
  expect((await ask('POST', `/v1/connections/${id}/push-profile`)).status).toBe(204)
  const taken = await ask('GET', `/v1/connections/${id}/profile`)
  expect(taken.body.profile).toMatchObject({ type: ['Profile'], email: 'connected-here@example.org' })

  // What was taken back there is told here, and comes back by saying yes again.
  const [application] = (await ask('GET', '/v1/applications', undefined, there)).body.items
  expect(application.client.name).toBe(`Waarmerk (${new URL(product.url).host})`)
  expect((await ask('DELETE', `/v1/applications/${application.id}`, undefined, there)).status).toBe(204)
  expect((await push()).body).toMatchObject({ status: 409, code: 'host-connection-lost' })
  expect((await ask('GET', '/v1/connections')).body.items[0]).toMatchObject({ id, state: 'lost' })
  const again = await ask('POST', `/v1/connections/${id}/again`)
  const back = await there.answerRequest(again.body.authorizeUrl)
  expect((await finish(id, back.search.slice(1))).body.state).toBe('connected')
  expect((await push()).body).toEqual({ outcome: 'replaced' })

  // A badge that no longer stands goes nowhere.
  const { id: award } = await awardOf(school.api, 'connected-here')
  expect((await school.api.post(`/v1/awards/${award}/revoke`, { reason: 'Mistake.' })).status).toBe(200)
  expect((await push()).body).toMatchObject({ status: 409, code: 'badge-ended' })
  const offer = await ask('POST', `/v1/credentials/${badgeHere}/wallet-offers`, { pin: false })
  expect(offer.body.code).toBe('badge-ended')

  // The end gives the tokens back.
  expect((await ask('DELETE', `/v1/connections/${id}`)).status).toBe(204)
  expect((await ask('GET', '/v1/connections')).body.items).toEqual([])
  expect((await ask('POST', `/v1/connections/${id}/push-profile`)).status).toBe(404)
  const events = (await ask('GET', '/v1/account/events')).body.items.map(
    ({ action }: { action: string }) => action,
  )
  for (const action of ['begun', 'made', 'fetched', 'pushed', 'profile_pushed', 'ended'])
    expect(events).toContain(`connection.${action}`)
})

test('a token that is over is renewed on the way, and the new one is kept', async () => {
  const { id, query } = await connected()
  await finish(id, query)
  // What the other host has let in is over, but for its refresh token.
  await product.running.parts.database.asWorker(async (stores) => {
    const account = await stores.access.findAccount({ type: 'email', value: 'connected-there@example.org' })
    if (account === undefined) throw new Error('There is no such account.')
    for (const grant of await stores.oauth.grantsOf(account, 0 as never))
      if (grant.grantHash !== undefined) await stores.oauth.destroyOfGrant('AccessToken', grant.grantHash)
  })
  for (let n = 0; n < 2; n++) {
    const { state, created, known } = await fetched(id, { everything: true })
    expect([state, created + known]).toEqual(['done', 1])
  }
})

test('a no there is told here', async () => {
  const { id, query } = await connected('refuse')
  expect((await finish(id, query)).body).toMatchObject({ status: 502, code: 'host-refused' })
  expect((await ask('POST', `/v1/connections/${id}/fetch`, {})).body.code).toBe('host-connection-lost')
})

const stranger = createEndorser()
/** Badges of a stranger; the first is the oldest. */
const strangersBadges = (count: number, year = 2025): Promise<JsonObject[]> =>
  Promise.all(
    Array.from({ length: count }, (_, n) =>
      stranger.sign({
        ...strangersBadgeOf(stranger.did),
        validFrom: new Date(Date.UTC(year, 0, 1, 0, n)).toISOString(),
      }),
    ),
  )
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

/** A host at which tokens are over as soon as they are given, and which has no profile of anybody. */
async function hostOfShortTokens(): Promise<TestBadgeHost> {
  const host = await startBadgeHost()
  host.expiresIn = 30
  host.interfere = (request, response) => {
    if (request.url?.endsWith('/profile') !== true) return false
    response.writeHead(404).end()
    return true
  }
  return host
}
/** The connection as another process on the same database uses it. */
async function otherProcess(id: string, parts: Parameters<typeof composeAgain>[1] = {}) {
  const connectionId = id as HostConnectionId
  const { database } = product.running.parts
  const found = await database.asWorker((stores) => stores.hostConnections.find(connectionId))
  if (found === undefined || found.state === 'ended') throw new Error('There is no such connection.')
  const { accountId } = found
  const { connectHosts } = composeAgain(product, parts).routes
  const person = { kind: 'session', accountId, sessionId: '', grants: [] } as const
  return {
    readProfile: () => connectHosts.readProfile(person, connectionId),
    again: () => connectHosts.again(person, connectionId),
    claimRenewal: (ms: number) =>
      database.asWorker((stores) => stores.hostConnections.claimRenewal(found, ms)),
    lose: () =>
      database.asWorker((stores) => stores.hostConnections.replace(found, { ...found, state: 'lost' })),
  }
}
/** Whoever held a lease is dead by now. */
async function endLeases() {
  const client = new pg.Client(product.running.parts.databaseUrl)
  await client.connect()
  await client.query('UPDATE host_connection SET renewing_until = now() WHERE renewing_until IS NOT NULL')
  await client.end()
}
/** Says yes once more at a host that asks nobody. */
async function saidYesAgain(id: string): Promise<Told> {
  const { body } = await ask('POST', `/v1/connections/${id}/again`)
  return finish(id, `code=x&state=${new URL(body.authorizeUrl).searchParams.get('state')}`)
}
const readProfile = (id: string) => ask('GET', `/v1/connections/${id}/profile`)
const stateOf = async (id: string) =>
  (await ask('GET', '/v1/connections')).body.items.find((each: { id: string }) => each.id === id)?.state

test('of processes that need new tokens at one moment one asks, and the others take what it got', async () => {
  const host = await hostOfShortTokens()
  const id = await connectedTo(host)
  const others = await Promise.all([1, 2, 3].map(() => otherProcess(id)))
  // All of them wait by then.
  host.beforeRenewal = () => new Promise((settle) => setTimeout(settle, 400))
  const [told, ...empty] = await Promise.all([readProfile(id), ...others.map((other) => other.readProfile())])
  expect([told.body, ...empty]).toEqual([{ profile: null }, undefined, undefined, undefined])
  expect(host.renewals).toEqual(['renewed'])
  expect(await stateOf(id)).toBe('connected')
  // And once more, with what the first got.
  await Promise.all(others.map((other) => other.readProfile()))
  expect(host.renewals).toEqual(['renewed', 'renewed'])
  await host.close()
})

test('whoever dies while it renews tokens holds nobody up for ever', async () => {
  const host = await hostOfShortTokens()
  const id = await connectedTo(host)
  const { claimRenewal } = await otherProcess(id)
  const until = await claimRenewal(700)
  expect(await claimRenewal(701)).toBeUndefined()
  expect((await readProfile(id)).status).toBe(200)
  expect(Date.now()).toBeGreaterThanOrEqual(until ?? Number.POSITIVE_INFINITY)
  expect(host.renewals).toEqual(['renewed'])

  // One that is alive all the while: the others are told to come again, also one whose clock is hours ahead.
  expect(await (await otherProcess(id)).claimRenewal(3_600_000)).toBeDefined()
  let now = Date.now() + 7_200_000
  const waiting = await otherProcess(id, {
    clock: {
      now: () => {
        now += 3_000
        return asInstant(now)
      },
    },
  })
  await expect(waiting.readProfile()).rejects.toMatchObject({ code: 'unavailable' })
  expect([host.renewals.length, await stateOf(id)]).toEqual([1, 'connected'])
  await host.close()
})

test('tokens that were answered and not kept are the end of the connection at a strict host, and a yes mends it', async () => {
  const host = await hostOfShortTokens()
  const id = await connectedTo(host)
  // As if the process had died between the answer and the transaction.
  const dying = withStores(product.running.parts.database, (stores) => ({
    ...stores,
    hostConnections: {
      ...stores.hostConnections,
      renew: async () => {
        throw new Error('Killed.')
      },
    },
  }))
  await expect((await otherProcess(id, { database: dying })).readProfile()).rejects.toThrow('Killed.')
  await endLeases()
  await expect((await otherProcess(id)).readProfile()).rejects.toMatchObject({ code: 'host-connection-lost' })
  expect(host.renewals).toEqual(['renewed', 'refused'])
  expect(await stateOf(id)).toBe('lost')
  expect((await saidYesAgain(id)).body.state).toBe('connected')
  expect(await fetched(id)).toMatchObject({ state: 'done', error: null })
  await host.close()
})

test('whoever got no answer shows the token to nobody again before the lease is over', async () => {
  const host = await hostOfShortTokens()
  const id = await connectedTo(host)
  // It has given new ones, and they never come.
  host.beforeRenewal = async (response) => {
    response.destroy()
  }
  expect((await readProfile(id)).body.code).toBe('fetch-failed')
  let now = Date.now()
  const clock = {
    now: () => {
      now += 3_000
      return asInstant(now)
    },
  }
  await expect((await otherProcess(id, { clock })).readProfile()).rejects.toMatchObject({
    code: 'unavailable',
  })
  expect([host.renewals, await stateOf(id)]).toEqual([['renewed'], 'connected'])
  // Where nobody listens, nobody has seen it.
  await endLeases()
  await host.close()
  expect((await readProfile(id)).body.code).toBe('fetch-failed')
  expect(await (await otherProcess(id)).claimRenewal(1)).toBeDefined()
})

test('a token that is refused while a yes brings others takes nothing of them along', async () => {
  const host = await startBadgeHost()
  const id = await connectedTo(host)
  let isRefusing = true
  host.interfere = (_request, response) => {
    if (isRefusing) response.writeHead(401).end('{}')
    return isRefusing
  }
  const losing = withStores(product.running.parts.database, (stores) => ({
    ...stores,
    hostConnections: {
      ...stores.hostConnections,
      replace: async (before, after) => {
        expect((await saidYesAgain(id)).body.state).toBe('connected')
        return stores.hostConnections.replace(before, after)
      },
    },
  }))
  const { readProfile: refused } = await otherProcess(id, { database: losing })
  await expect(refused()).rejects.toMatchObject({ code: 'host-connection-lost' })
  expect(await stateOf(id)).toBe('connected')
  isRefusing = false
  expect(await fetched(id)).toMatchObject({ state: 'done', error: null })
  await host.close()
})

test('tokens that come after a connection was ended are given back as well', async () => {
  const host = await hostOfShortTokens()
  const id = await connectedTo(host)
  host.beforeRenewal = async () => {
    expect((await ask('DELETE', `/v1/connections/${id}`)).status).toBe(204)
  }
  expect((await readProfile(id)).body.code).toBe('host-connection-lost')
  expect([...host.revoked].sort()).toEqual([...host.given].sort())
  expect(host.given).toHaveLength(2)
  await host.close()
})

test('tokens that a yes brings after the connection was ended are given back', async () => {
  const host = await hostOfShortTokens()
  const { body } = await ask('POST', '/v1/connections', { url: host.url })
  const { id } = body.connection
  host.beforeGrant = async () => {
    expect((await ask('DELETE', `/v1/connections/${id}`)).status).toBe(204)
  }
  const state = new URL(body.authorizeUrl).searchParams.get('state')
  expect((await finish(id, `code=x&state=${state}`)).body.code).toBe('connection-trip-invalid')
  expect(host.given).toHaveLength(1)
  expect(host.revoked).toEqual(host.given)
  await host.close()
})

test('of a connection that is lost when new tokens come, these are given back', async () => {
  const host = await hostOfShortTokens()
  const id = await connectedTo(host)
  const { lose } = await otherProcess(id)
  host.beforeRenewal = async () => {
    expect(await lose()).toBe(true)
  }
  expect((await readProfile(id)).body.code).toBe('host-connection-lost')
  expect(host.revoked).toEqual([host.given[1]])
  await host.close()
})

test('somebody who is sent off once more keeps the newest tokens, until they say yes or end it', async () => {
  const host = await hostOfShortTokens()
  const id = await connectedTo(host)
  // New tokens come while they are away.
  let away = ''
  host.beforeRenewal = async () => {
    away = (await ask('POST', `/v1/connections/${id}/again`)).body.authorizeUrl
  }
  expect((await readProfile(id)).body.code).toBe('host-connection-lost')
  host.beforeRenewal = undefined
  expect(host.revoked).toEqual([])
  const state = new URL(away).searchParams.get('state')
  expect((await finish(id, `code=x&state=${state}`)).body.state).toBe('connected')

  // New tokens come while they are on their way out of here.
  const { database } = product.running.parts
  let transactions = 0
  const going: Database = {
    ...database,
    asWorker: async (work) => {
      transactions++
      if (transactions === 2) expect((await readProfile(id)).status).toBe(200)
      return database.asWorker(work)
    },
  }
  await (await otherProcess(id, { database: going })).again()
  expect([transactions, host.given.length]).toEqual([2, 4])
  expect((await ask('DELETE', `/v1/connections/${id}`)).status).toBe(204)
  expect(host.revoked).toEqual([host.given[3]])
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
  const id = (await connectedTo(host)) as HostConnectionId
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
    const id = (await connectedTo(host)) as HostConnectionId
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
  const id = (await connectedTo(host)) as HostConnectionId
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
  const id = (await connectedTo(host)) as HostConnectionId
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
  const slow = [(await connectedTo(host)) as HostConnectionId, (await connectedTo(host)) as HostConnectionId]
  const quick = (await connectedTo(host, there)) as HostConnectionId
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
  const id = (await connectedTo(host)) as HostConnectionId
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
    const id = (await connectedTo(host)) as HostConnectionId
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
  const id = (await connectedTo(host)) as HostConnectionId
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
  const id = (await connectedTo(host)) as HostConnectionId
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

test('what is no such host is refused with a reason', async () => {
  const description = (flow: object) => ({
    info: { title: 'Bad' },
    components: {
      securitySchemes: {
        OAuth2ACG: {
          'x-imssf-registrationUrl': 'https://bad.example.org/r',
          flows: { authorizationCode: flow },
        },
      },
    },
  })
  const answers: Record<string, RequestListener> = {
    empty: (_request, response) => response.end(),
    words: (_request, response) => response.end('"words"'),
    script: (_request, response) =>
      response.end(
        JSON.stringify(
          description({ authorizationUrl: 'javascript:alert(1)', tokenUrl: 'https://bad.example.org/t' }),
        ),
      ),
    broken: (_request, response) => response.writeHead(500).end('{}'),
  }
  for (const [name, answer] of Object.entries(answers)) {
    const server = createServer(answer)
    await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
    const { port } = server.address() as AddressInfo
    const refused = await ask('POST', '/v1/connections', { url: `http://localhost:${port}` })
    expect([name, refused.status, refused.body.code]).toEqual([name, 422, 'host-unusable'])
    server.closeAllConnections()
    await new Promise((settle) => server.close(settle))
  }
  for (const url of ['http://10.0.0.1', 'ftp://example.org', 'https://localhost.invalid'])
    expect((await ask('POST', '/v1/connections', { url })).body.code).toMatch(/^fetch-(refused|failed)$/)
  expect((await ask('POST', '/v1/connections', { url: 'no url' })).body.code).toBe('host-unusable')
})

test('of several connections that are begun at once, no more than 20 come to be', async () => {
  const host = await startBadgeHost()
  const { database } = product.running.parts
  const [first] = (await ask('GET', '/v1/connections')).body.items
  await database.asWorker(async (stores) => {
    const like = await stores.hostConnections.find(first.id)
    if (like === undefined) throw new Error('There is no connection.')
    const { length } = await stores.hostConnections.ofAccount(like.accountId)
    for (let n = length; n < 19; n++)
      await stores.hostConnections.insert({
        ...like,
        ...{ id: crypto.randomUUID() as HostConnectionId, state: 'lost', sealed: new Uint8Array(1) },
      })
  })
  const begun = await Promise.all([1, 2, 3].map(() => ask('POST', '/v1/connections', { url: host.url })))
  expect(begun.map(({ status }) => status).sort()).toEqual([201, 409, 409])
  expect(begun.find(({ status }) => status === 409)?.body.code).toBe('too-many-connections')
  await host.close()
})
