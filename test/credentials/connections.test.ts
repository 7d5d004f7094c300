import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { HostConnectionId } from '#engine/shared/ids.ts'
import { awardOf } from '#test/product/first-aid.ts'
import { earnAndClaim, setUpGradedBadge } from '#test/product/graded-badge.ts'
import { addMember } from '#test/product/member.ts'
import type { TestOrganisation } from '#test/product/test-product.ts'
import { startBadgeHost } from './badge-host.ts'
import { type Connecting, startConnecting } from './connecting.ts'
import { Visitor } from './visitor.ts'

// A product against itself: one person's backpack is the other backpack of another person, and the consumer walks through
// everything that an application of others does.

let stage: Connecting
let product: Connecting['product']
let ask: Connecting['ask']
let finish: Connecting['finish']
let fetched: Connecting['fetched']
let school: TestOrganisation
let there: Visitor
let badgeHere: string
let badgeThere: string
beforeAll(async () => {
  stage = await startConnecting('connected-here')
  ;({ product, ask, finish, fetched } = stage)
  school = await product.organisation('connected-school')
  await setUpGradedBadge(school.api, 'connected-academy')
  badgeThere = (await earnAndClaim(product, school, 'connected-there')).credentialId
  badgeHere = (await earnAndClaim(product, school, 'connected-here')).credentialId
  there = await new Visitor(product).signIn('connected-there@example.org')
})
afterAll(() => stage?.stop())
afterEach(() => stage.endConnections(1))

/** Begins, says yes there, and finishes. */
async function connected(decision: 'allow' | 'refuse' = 'allow') {
  const begun = await ask('POST', '/v1/connections', { url: product.url })
  expect([begun.status, begun.body.connection?.state]).toEqual([201, 'asked'])
  const back = await there.answerRequest(begun.body.authorizeUrl, decision)
  const { id } = begun.body.connection
  expect(`${back.origin}${back.pathname}`).toBe(`${product.url}/connections/callback/${id}`)
  return { id, query: back.search.slice(1) }
}

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
