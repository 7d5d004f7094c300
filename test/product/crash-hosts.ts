import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { expect } from 'vitest'
import type { CrashPoint } from '#services/ports/crash-points.ts'
import { startBadgeHost, type TestBadgeHost } from '#test/credentials/badge-host.ts'
import { ApiCaller } from './api-caller.ts'
import { asked, dieAt, taken, waited } from './crash-life.ts'
import { type CrashStage, stopWell } from './crash-stage.ts'
import { createEndorser } from './endorser.ts'
import { earning } from './first-aid.ts'
import { isReady } from './product-process.ts'
import { strangersBadgeOf } from './strangers-badge.ts'

// Badges come from another backpack, and go to a wallet, killed at each point between.

const PRE_AUTHORIZED = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'

export async function killAmongHosts(stage: CrashStage): Promise<void> {
  const first = stage.start()
  await isReady(first)
  const { earner, credentialId } = await claimAndSignIn(stage, 'wim')
  await stopWell(first)
  await killAmongWallets(stage, earner, credentialId)
  const stranger = createEndorser()
  const badges = await Promise.all([1, 2, 3].map(() => stranger.sign(strangersBadgeOf(stranger.did))))
  const host = await startBadgeHost(badges)
  // Tokens are renewed each time that they are used.
  host.expiresIn = 30
  try {
    await killAmongFetches(stage, earner, host)
  } finally {
    await host.close()
  }
}

/** An answer that got lost costs an offer, and never a badge: its earner makes another. */
async function killAmongWallets(stage: CrashStage, earner: ApiCaller, credentialId: string): Promise<void> {
  const offer = async () => {
    const path = `/v1/credentials/${credentialId}/wallet-offers`
    const { body } = await taken(() => earner.post(path, { pin: false }), [201])
    const said = JSON.parse(new URL(body.uri).searchParams.get('credential_offer') ?? '')
    return { id: body.id as string, code: said.grants[PRE_AUTHORIZED]['pre-authorized_code'] as string }
  }
  const wallet = new ApiCaller(stage.url)
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const trade = (code: string) => {
    const body = new URLSearchParams({ grant_type: PRE_AUTHORIZED, 'pre-authorized_code': code }).toString()
    return taken(() => wallet.send('POST', '/openid4vci/token', body, form), [200, 400])
  }
  const take = async (token: string) => {
    const { c_nonce: nonce } = (await taken(() => wallet.post('/openid4vci/nonce'), [200])).body
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
    const jwt = await new SignJWT({ nonce })
      .setProtectedHeader({ alg: 'ES256', typ: 'openid4vci-proof+jwt', jwk: await exportJWK(publicKey) })
      .setIssuedAt()
      .setAudience(stage.origin)
      .sign(privateKey)
    const body = { credential_configuration_id: 'OpenBadgeCredential_ldp_vc', proofs: { jwt: [jwt] } }
    const by = { authorization: `Bearer ${token}` }
    return taken(() => wallet.post('/openid4vci/credential', body, by), [200, 401])
  }

  const made = dieAt(stage, 'wallet-offer.before-commit', offer)
  await made.death
  await dieAt(stage, 'wallet-offer.after-commit').death
  const traded = dieAt(stage, 'wallet-token.before-commit', async () => trade((await made.act).code))
  await traded.death
  await dieAt(stage, 'wallet-token.after-commit').death
  const took = dieAt(stage, 'wallet-credential.before-commit', async () => {
    // The first code was traded, and nobody has the token.
    expect((await traded.act).body.error).toBe('invalid_grant')
    const second = await offer()
    const { body } = await trade(second.code)
    return { ...second, answer: await take(body.access_token) }
  })
  await took.death
  await dieAt(stage, 'wallet-credential.after-commit').death

  const product = stage.start()
  const second = await took.act
  expect([second.answer.status, second.answer.body.error]).toEqual([401, 'invalid_token'])
  const third = await offer()
  const { body } = await take((await trade(third.code)).body.access_token)
  const { bytes } = await taken(
    () => earner.get(`/v1/credentials/${credentialId}/document?format=json`),
    [200],
  )
  expect(body.credentials).toEqual([{ credential: JSON.parse(new TextDecoder().decode(bytes)) }])
  const state = async (id: string) => (await earner.get(`/v1/wallet-offers/${id}`)).body.state
  expect([await state((await made.act).id), await state(second.id), await state(third.id)]).toEqual([
    'opened',
    'taken',
    'taken',
  ])
  // Of what the product did, each has its line; one offer is nobody's, as nobody was told of it.
  expect(await lines(stage, 'wallet_offer.%')).toEqual({ 'wallet_offer.made': 4, 'wallet_offer.taken': 2 })
  expect(
    await asked(stage, 'SELECT state, count(*)::int AS n FROM wallet_offer GROUP BY 1 ORDER BY 1'),
  ).toEqual([
    { state: 'offered', n: 1 },
    { state: 'opened', n: 1 },
    { state: 'taken', n: 2 },
  ])
  await stopWell(product)
  expect(product.complained()).toBe('')
}

async function killAmongFetches(stage: CrashStage, earner: ApiCaller, host: TestBadgeHost): Promise<void> {
  const finish = async (id: string, authorizeUrl: string) => {
    const state = new URL(authorizeUrl).searchParams.get('state')
    // It counts once: where the answer got lost, the list says what came of it.
    await taken(
      () => earner.post(`/v1/connections/${id}/finish`, { query: `code=x&state=${state}` }),
      [200, 400],
    )
    const { body } = await taken(() => earner.get('/v1/connections'), [200])
    expect(body.items[0]).toMatchObject({ id, state: 'connected' })
  }
  const fetchAll = (id: string) =>
    taken(() => earner.post(`/v1/connections/${id}/fetch`, { everything: true }), [202])
  const over = (id: string) =>
    waited(async () => {
      const { body } = await earner.get(`/v1/connections/${id}/fetch`)
      expect(body.finishedAt).toEqual(expect.any(String))
      return body
    })
  /** The claims of whoever died run out. */
  const later = async () => {
    await asked(stage, "UPDATE host_fetch SET next_at = now() WHERE state IN ('queued', 'running')")
    await asked(stage, 'UPDATE host_connection SET renewing_until = now() WHERE renewing_until IS NOT NULL')
  }

  const connected = dieAt(stage, 'host-fetch.claimed', async () => {
    const { body } = await taken(() => earner.post('/v1/connections', { url: host.url }), [201])
    const { id } = body.connection
    await finish(id, body.authorizeUrl)
    await fetchAll(id)
    return id as string
  })
  await connected.death
  const dieNext = async (point: CrashPoint, renewals: number) => {
    const life = dieAt(stage, point, later)
    await life.death
    await life.act
    expect([point, host.renewals]).toEqual([point, Array(renewals).fill('renewed')])
  }
  await dieNext('host-tokens.claimed', 0)
  await dieNext('host-tokens.stored', 1)
  await dieNext('host-fetch.kept', 2)
  await dieNext('host-fetch.before-commit', 3)
  await dieNext('host-fetch.after-commit', 4)

  // Tokens that came and were not kept: a strict host ends everything, which is told, and a yes mends it.
  const id = await connected.act
  const lost = dieAt(stage, 'host-tokens.answered', async () => {
    const fetched = 'SELECT state, created + known AS n, next_offset FROM host_fetch'
    expect(await asked(stage, fetched)).toEqual([{ state: 'done', n: 3, next_offset: 3 }])
    expect(await lines(stage, 'connection.fetched')).toEqual({ 'connection.fetched': 1 })
    await fetchAll(id)
  })
  await lost.death
  const product = stage.start()
  await lost.act
  await later()
  expect(await over(id)).toMatchObject({ state: 'failed', error: { code: 'host-connection-lost' } })
  expect(host.renewals).toEqual([...Array(5).fill('renewed'), 'refused'])
  const { body: again } = await taken(() => earner.post(`/v1/connections/${id}/again`), [200, 201])
  await finish(id, again.authorizeUrl)
  await fetchAll(id)
  expect(await over(id)).toMatchObject({ state: 'done', created: 0, known: 3, refused: {} })
  // Each badge is there once, with one line of how it came.
  expect(
    await asked(stage, 'SELECT count(*)::int AS n, count(DISTINCT digest)::int AS own FROM imported_badge'),
  ).toEqual([{ n: 3, own: 3 }])
  expect(await lines(stage, 'imported_badge.%')).toEqual({ 'imported_badge.imported': 3 })
  expect(await lines(stage, 'connection.fetched')).toEqual({ 'connection.fetched': 2 })
  await stopWell(product)
  expect(product.complained()).toBe('')
}

/** Earns the badge, claims it by its mail, and signs in by another. */
async function claimAndSignIn(stage: CrashStage, learner: string) {
  const address = `${learner}@example.org`
  const anybody = new ApiCaller(stage.url)
  const mailed = (link: RegExp) =>
    waited(async () => {
      const texts = stage.inbox.mails.filter(({ to }) => to.includes(address)).map(({ text }) => text ?? '')
      const token = texts.map((text) => link.exec(text)?.[1]).find((each) => each !== undefined)
      expect(token).toBeDefined()
      return token
    })
  await stage.post(earning(learner))
  const claim = await mailed(/\/claim#([\w-]+)/)
  const { credentialId } = (await taken(() => anybody.post(`/v1/claims/${claim}/accept`), [200])).body
  await taken(() => anybody.post('/v1/sign-in-links', { email: address, language: 'en' }), [202])
  const token = await mailed(/\/sign-in#([\w-]+)/)
  const { headers } = await taken(() => anybody.post('/v1/session', { token }), [201])
  const cookie = headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return {
    earner: new ApiCaller(stage.url, { cookie, origin: stage.origin }),
    credentialId: credentialId as string,
  }
}

/** What stands in the trail of accounts, by action. */
async function lines(stage: CrashStage, like: string): Promise<Record<string, number>> {
  const rows = await asked(
    stage,
    'SELECT action, count(*)::int AS n FROM account_event WHERE action LIKE $1 GROUP BY 1 ORDER BY 1',
    [like],
  )
  return Object.fromEntries(rows.map(({ action, n }) => [action, Number(n)]))
}
