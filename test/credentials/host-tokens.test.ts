import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { HostConnectionId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { Database } from '#services/ports/database.ts'
import { composeAgain, withStores } from '#test/product/second-composition.ts'
import { startBadgeHost, type TestBadgeHost } from './badge-host.ts'
import { type Connecting, startConnecting } from './connecting.ts'

let stage: Connecting
let product: Connecting['product']
let ask: Connecting['ask']
let finish: Connecting['finish']
let fetched: Connecting['fetched']
let connectedTo: Connecting['connectedTo']
let saidYesAgain: Connecting['saidYesAgain']
beforeAll(async () => {
  stage = await startConnecting('connected-tokens')
  ;({ product, ask, finish, fetched, connectedTo, saidYesAgain } = stage)
})
afterAll(() => stage?.stop())
afterEach(() => stage.endConnections(0))

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
