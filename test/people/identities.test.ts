import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import { peopleOf } from '#services/access/person-of.ts'
import { BrowserLike } from '#test/product/browser-like.ts'
import { tokenIn } from '#test/product/endorser.ts'
import { earning, setUpFirstAid } from '#test/product/first-aid.ts'
import { type OidcServer, startOidcServer } from '#test/product/oidc-server.ts'
import { composeAgain } from '#test/product/second-composition.ts'
import {
  freePort,
  startTestProduct,
  type TestOrganisation,
  type TestProduct,
} from '#test/product/test-product.ts'

let product: TestProduct
let idp: OidcServer
let college: TestOrganisation
beforeAll(async () => {
  const port = await freePort()
  idp = await startOidcServer([`http://localhost:${port}/sign-in/callback/school`])
  product = await startTestProduct({
    PORT: String(port),
    OIDC_PROVIDERS: JSON.stringify([
      {
        id: 'school',
        name: 'School',
        issuer: idp.issuer,
        clientId: idp.client.id,
        clientSecret: idp.client.secret,
      },
    ]),
  })
  college = await product.organisation('identities-college')
  await setUpFirstAid(college.api, 'identities-academy')
})
afterAll(async () => {
  await product?.stop()
  await idp?.close()
})

const linkFor = async (email: string): Promise<string> =>
  tokenIn(await product.running.product.routes.signIn.link({ type: 'email', value: email }))

async function signedIn(email: string): Promise<BrowserLike> {
  const who = new BrowserLike(product.url)
  expect((await who.signInByToken(await linkFor(email))).status).toBe(201)
  return who
}

const mailsTo = (email: string) =>
  product.inbox.mails.filter(({ to }) => JSON.stringify(to).includes(`"${email}"`))

async function codeFor(who: BrowserLike, email: string, language = 'en'): Promise<string> {
  const before = mailsTo(email).length
  expect((await who.post('/v1/account/identity-codes', { email, language })).status).toBe(202)
  await vi.waitFor(() => expect(mailsTo(email).length).toBeGreaterThan(before), { timeout: 15_000 })
  return /\b(\d{8})\b/.exec(mailsTo(email).at(-1)?.text ?? '')?.[1] ?? ''
}

const told = (email: string, subject: RegExp) =>
  vi.waitFor(() => expect(mailsTo(email).some((mail) => subject.test(mail.subject ?? ''))).toBe(true), {
    timeout: 15_000,
  })

const identitiesOf = async (who: BrowserLike): Promise<{ id: string; value: string; primary: boolean }[]> =>
  (await who.get('/v1/account')).body.identities

describe('several identities of one person', () => {
  test('an address is added with the code that was mailed there, and its other addresses are told', async () => {
    const ann = await signedIn('ann@one.example.org')
    const code = await codeFor(ann, 'ann@two.example.org', 'nl')
    expect(mailsTo('ann@two.example.org').at(-1)?.subject).toContain('is je code voor Waarmerk')
    const added = await ann.post('/v1/account/identities', { email: 'Ann@Two.example.org', code })
    expect(added).toMatchObject({ status: 200, body: { outcome: 'added', merge: null } })
    expect((await identitiesOf(ann)).map(({ value }) => value)).toEqual([
      'ann@one.example.org',
      'ann@two.example.org',
    ])
    await told('ann@one.example.org', /Something was added/)
    // Either of them signs in to the one account, and a code counts once.
    const other = await signedIn('ann@two.example.org')
    expect((await other.get('/v1/account')).body.id).toBe((await ann.get('/v1/account')).body.id)
    const again = await ann.post('/v1/account/identities', { email: 'ann@two.example.org', code })
    expect(again.body.code).toBe('identity-code-invalid')
  })

  test('a wrong code, somebody else’s, and one that was tried five times do not work', async () => {
    const [bob, eve] = [await signedIn('bob@one.example.org'), await signedIn('eve@one.example.org')]
    const email = 'bob@two.example.org'
    const code = await codeFor(bob, email)
    const tries = (who: BrowserLike, text: string) =>
      who.post('/v1/account/identities', { email, code: text })
    expect((await tries(eve, code)).body).toMatchObject({ status: 403, code: 'identity-code-invalid' })
    const wrong = code === '00000000' ? '11111111' : '00000000'
    for (let time = 0; time < 5; time++) expect((await tries(bob, wrong)).status).toBe(403)
    expect((await tries(bob, code)).status).toBe(403)
    expect(await identitiesOf(bob)).toHaveLength(1)
    expect((await bob.post('/v1/account/identities', { email, code: '1' })).body.code).toBe('invalid-request')
  })

  test('an address is sent five codes at most while the first works, and the answer does not tell', async () => {
    const flood = await signedIn('flood@one.example.org')
    for (let time = 0; time < 8; time++)
      expect(
        (await flood.post('/v1/account/identity-codes', { email: 'victim@two.example.org' })).status,
      ).toBe(202)
    await vi.waitFor(() => expect(mailsTo('victim@two.example.org')).toHaveLength(5), { timeout: 15_000 })
  })

  test('what a provider proves is added while signed in, and the round trip counts for that account only', async () => {
    const cas = await signedIn('cas@one.example.org')
    idp.people.set('cas', { email: 'cas@school.example.org', email_verified: true })
    const answer = await cas.visit('cas', { purpose: 'add-identity', returnTo: '/account' })
    const stranger = await signedIn('stranger@one.example.org')
    expect((await stranger.finish(answer)).body.code).toBe('sign-in-attempt-invalid')
    const done = await cas.finish(answer)
    expect(done.body).toMatchObject({ outcome: 'identity-added', returnTo: '/account', merges: [] })
    expect(done.headers.getSetCookie()).toEqual([])
    expect((await identitiesOf(cas)).map(({ value }) => value)).toEqual([
      'cas@one.example.org',
      `${idp.issuer}#cas`,
      'cas@school.example.org',
    ])
    const nobody = new BrowserLike(product.url)
    const begun = await nobody.post('/v1/sign-in-attempts', { provider: 'school', purpose: 'add-identity' })
    expect(begun.body.code).toBe('unauthenticated')
  })

  test('an identity is removed with notice to all, the one that goes too; the last one stays', async () => {
    const dee = await signedIn('dee@one.example.org')
    const code = await codeFor(dee, 'dee@two.example.org')
    await dee.post('/v1/account/identities', { email: 'dee@two.example.org', code })
    const [one, two] = await identitiesOf(dee)
    expect((await dee.remove(`/v1/account/identities/${two?.id}`)).status).toBe(204)
    await told('dee@one.example.org', /Something was removed/)
    await told('dee@two.example.org', /Something was removed/)
    expect((await dee.remove(`/v1/account/identities/${two?.id}`)).body.code).toBe('not-found')
    expect((await dee.remove(`/v1/account/identities/${one?.id}`)).body).toMatchObject({
      status: 409,
      code: 'identity-needed',
    })
    // Somebody else's is as good as none.
    const other = await signedIn('dea@one.example.org')
    expect((await other.remove(`/v1/account/identities/${one?.id}`)).body.code).toBe('not-found')
  })

  test('both of two are removed at once from two processes: one stays', async () => {
    const fay = await signedIn('fay@one.example.org')
    const code = await codeFor(fay, 'fay@two.example.org')
    await fay.post('/v1/account/identities', { email: 'fay@two.example.org', code })
    const { id: accountId, identities } = (await fay.get('/v1/account')).body
    const second = composeAgain(product, {})
    const sessionId = await sessionOf(accountId)
    const person = { kind: 'session' as const, accountId, sessionId, grants: [] }
    const done = await Promise.allSettled(
      [0, 1, 0, 1].map((at, turn) =>
        (turn % 2 === 0 ? product.running.product : second).routes.account.remove(person, identities[at].id),
      ),
    )
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await identitiesOf(fay)).toHaveLength(1)
  })

  test('language and primary address are chosen; mails go there, and no address of another is chosen', async () => {
    const gus = await signedIn('gus@one.example.org')
    const code = await codeFor(gus, 'gus@two.example.org')
    await gus.post('/v1/account/identities', { email: 'gus@two.example.org', code })
    const [one, two] = await identitiesOf(gus)
    const changed = await gus.patch('/v1/account', { language: 'nl', primaryIdentityId: two?.id })
    expect(changed.body).toMatchObject({ language: 'nl' })
    expect((await identitiesOf(gus)).map(({ primary }) => primary)).toEqual([false, true])
    expect((await gus.patch('/v1/account', { primaryIdentityId: one?.id })).status).toBe(200)
    expect((await identitiesOf(gus)).map(({ primary }) => primary)).toEqual([true, false])
    const other = await signedIn('gea@one.example.org')
    expect((await other.patch('/v1/account', { primaryIdentityId: one?.id })).body.code).toBe('not-found')
    expect((await gus.patch('/v1/account', { language: 'xx' })).body.code).toBe('invalid-request')
  })

  test('whoever signs out everywhere else keeps this session and no other', async () => {
    const [here, there] = [await signedIn('hal@one.example.org'), await signedIn('hal@one.example.org')]
    expect((await here.remove('/v1/account/sessions')).status).toBe(204)
    expect((await here.get('/v1/account')).status).toBe(200)
    expect((await there.get('/v1/account')).status).toBe(401)
  })

  test('a session of a claim link changes nothing of an account', async () => {
    await college.api.post('/v1/events', earning('ike'))
    const mail = await product.inbox.waitFor('ike@example.org', 20_000)
    const ike = new BrowserLike(product.url)
    const token = /\/claim#([\w-]+)/.exec(mail.text ?? '')?.[1]
    expect((await ike.post(`/v1/claims/${token}/accept`)).status).toBe(200)
    const [identity] = await identitiesOf(await signedIn('ike@example.org'))
    const refused = [
      await ike.get('/v1/account'),
      await ike.patch('/v1/account', { language: 'nl' }),
      await ike.post('/v1/account/identity-codes', { email: 'thief@example.org' }),
      await ike.post('/v1/account/identities', { email: 'thief@example.org', code: '00000000' }),
      await ike.remove(`/v1/account/identities/${identity?.id}`),
      await ike.remove('/v1/account/sessions'),
      await ike.post('/v1/sign-in-attempts', { provider: 'school', purpose: 'add-identity' }),
    ]
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(
      refused.map(() => [403, 'full-session-required']),
    )
  })
})

describe('two accounts of one person', () => {
  /** Somebody with two accounts, each with a badge and a membership, who has just proven both. */
  async function twoAccounts(name: string) {
    const [work, home] = [`${name}@work.example.org`, `${name}@home.example.org`]
    const atWork = await signedIn(work)
    const atHome = await signedIn(home)
    await atWork.post('/v1/organisations', { slug: `${name}-work`, name: 'Work' })
    await atHome.post('/v1/organisations', { slug: `${name}-home`, name: 'Home' })
    await college.api.post(
      '/v1/events',
      earning(name).map((event) => ({ ...event, subject: `mailto:${home}` })),
    )
    const mail = await product.inbox.waitFor(home, 20_000)
    const token = /\/claim#([\w-]+)/.exec(mail.text ?? '')?.[1]
    expect((await atHome.post(`/v1/claims/${token}/accept`)).status).toBe(200)
    const code = await codeFor(atWork, home)
    const proven = await atWork.post('/v1/account/identities', { email: home, code })
    return { work, home, atWork, atHome, proven }
  }

  test('become one after proof of both and a yes, and never silently', async () => {
    const { home, atWork, atHome, proven } = await twoAccounts('jo')
    expect(proven.body).toMatchObject({
      outcome: 'merge-needed',
      merge: { identity: { value: home }, other: { identities: 1, badges: 1, organisations: 1 } },
    })
    // Nothing has happened yet.
    expect((await atHome.get('/v1/backpack')).body.items).toHaveLength(1)
    expect((await atWork.get('/v1/backpack')).body.items).toHaveLength(0)
    const fromId = (await atHome.get('/v1/account')).body.id

    const path = `/v1/account/merges/${proven.body.merge.id}/confirm`
    expect((await atHome.post(path)).body.code).toBe('not-found')
    expect((await atWork.post(path)).status).toBe(200)
    expect((await atWork.get('/v1/backpack')).body.items).toHaveLength(1)
    expect((await atWork.get('/v1/session')).body.organisations).toHaveLength(2)
    expect(await identitiesOf(atWork)).toHaveLength(2)
    // The sessions of the other have ended; its address signs in to the one account.
    expect((await atHome.get('/v1/account')).status).toBe(401)
    const again = await signedIn(home)
    expect((await again.get('/v1/account')).body.id).toBe((await atWork.get('/v1/account')).body.id)
    // Twice is once.
    expect((await atWork.post(path)).status).toBe(200)
    await told(home, /Two accounts have become one/)
    expect((await atWork.get('/v1/account/events')).body.items[0].action).toBe('account.merged')

    const audit = (await college.api.get('/v1/audit')).body.items
    expect(audit.find(({ action }: { action: string }) => action === 'claim.moved')).toMatchObject({
      actor: 'earner',
    })
    expect(JSON.stringify(audit)).not.toContain(fromId)
  })

  test('not after a quarter of an hour, and not when the address has gone elsewhere', async () => {
    const { atWork, atHome, proven } = await twoAccounts('kim')
    const path = `/v1/account/merges/${proven.body.merge.id}/confirm`
    await withClient(product.running.parts.databaseUrl, (client) =>
      client.query("UPDATE account_merge SET expires_at = now() - interval '1 second' WHERE id = $1", [
        proven.body.merge.id,
      ]),
    )
    expect((await atWork.post(path)).body).toMatchObject({ status: 409, code: 'merge-invalid' })
    expect((await atHome.get('/v1/account')).status).toBe(200)
  })

  test('ten presses in two processes, and the opposite merge at once: one account, everything in it', async () => {
    const { work, home, atWork, atHome, proven } = await twoAccounts('lee')
    const code = await codeFor(atHome, work)
    const opposite = await atHome.post('/v1/account/identities', { email: work, code })
    const ids = await Promise.all([atWork, atHome].map(async (who) => (await who.get('/v1/account')).body.id))
    const second = composeAgain(product, {})
    const people = await Promise.all(
      ids.map(async (accountId) => ({
        kind: 'session' as const,
        accountId,
        sessionId: await sessionOf(accountId),
        grants: [],
      })),
    )
    const [worker, homer] = people as [(typeof people)[0], (typeof people)[0]]
    const done = await Promise.allSettled([
      ...Array.from({ length: 10 }, (_, turn) =>
        (turn % 2 === 0 ? product.running.product : second).routes.account.merge(
          worker,
          proven.body.merge.id,
        ),
      ),
      ...Array.from({ length: 10 }, (_, turn) =>
        (turn % 2 === 0 ? product.running.product : second).routes.account.merge(
          homer,
          opposite.body.merge.id,
        ),
      ),
    ])
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
    const survivor = await signedIn(home)
    expect((await identitiesOf(survivor)).map(({ value }) => value).sort()).toEqual([home, work].sort())
    expect((await survivor.get('/v1/backpack')).body.items).toHaveLength(1)
    expect((await survivor.get('/v1/session')).body.organisations).toHaveLength(2)
  })

  test('by a round trip to a provider as well: the identity stays where it is until the yes', async () => {
    idp.people.set('mia', { email: 'mia@school.example.org', email_verified: true })
    const atSchool = new BrowserLike(product.url)
    await atSchool.signIn('mia')
    const mia = await signedIn('mia@home.example.org')
    const linked = await mia.finish(await mia.visit('mia', { purpose: 'add-identity' }))
    expect(linked.body).toMatchObject({ outcome: 'identity-added', added: [] })
    expect(linked.body.merges).toHaveLength(1)
    expect(await identitiesOf(mia)).toHaveLength(1)
    expect((await mia.post(`/v1/account/merges/${linked.body.merges[0].id}/confirm`)).status).toBe(200)
    expect(await identitiesOf(mia)).toHaveLength(3)
    expect((await atSchool.get('/v1/account')).status).toBe(401)
    expect((await atSchool.signIn('mia')).body.outcome).toBe('signed-in')
    expect(await identitiesOf(atSchool)).toHaveLength(3)
  })

  test('are no second person where two are wanted', async () => {
    const { atWork, atHome, proven } = await twoAccounts('ona')
    const [into, from] = await Promise.all(
      [atWork, atHome].map(async (who) => `account:${(await who.get('/v1/account')).body.id}`),
    )
    const people = () =>
      product.running.parts.database.inOrganisation(college.id, (stores) =>
        peopleOf(stores, college.id, [into ?? '', from ?? '']),
      )
    expect(new Set((await people()).values()).size).toBe(2)
    await atWork.post(`/v1/account/merges/${proven.body.merge.id}/confirm`)
    expect([...(await people()).values()]).toEqual([into, into])
  })

  test('rights on one unit are those of both', async () => {
    const [one, two] = [await signedIn('nia@one.example.org'), await signedIn('nia@two.example.org')]
    const ids = await Promise.all([one, two].map(async (who) => (await who.get('/v1/account')).body.id))
    await withClient(product.running.parts.databaseUrl, async (client) => {
      for (const [at, rights] of [
        [0, '{read,award}'],
        [1, '{read,sign}'],
      ] as const)
        await client.query(
          'INSERT INTO membership (organisation_id, id, unit_id, account_id, rights) VALUES ($1, gen_random_uuid(), $2, $3, $4)',
          [college.id, college.rootUnit, ids[at], rights],
        )
    })
    const code = await codeFor(one, 'nia@two.example.org')
    const proven = await one.post('/v1/account/identities', { email: 'nia@two.example.org', code })
    expect((await one.post(`/v1/account/merges/${proven.body.merge.id}/confirm`)).status).toBe(200)
    const grants = await product.running.product.routes.signIn.grants(ids[0])
    expect(grants.map(({ rights }) => [...rights])).toEqual([['award', 'read', 'sign']])
  })

  test.each([
    ['the same role stays a role', 'teacher', 'teacher', ['award', 'read'], true],
    ['a role and another role are written out', 'teacher', 'signer', ['award', 'read', 'sign'], false],
    ['a role and rights are written out', 'teacher', undefined, ['award', 'read', 'update'], false],
  ] as const)('%s', async (_, ofOne, ofTwo, rights, isRole) => {
    const name = `${ofOne}-${ofTwo}`
    const emails = [`${name}@one.example.org`, `${name}@two.example.org`] as const
    const [one, two] = [await signedIn(emails[0]), await signedIn(emails[1])]
    const ids = await Promise.all([one, two].map(async (who) => (await who.get('/v1/account')).body.id))
    const roles = (await college.api.get('/v1/roles')).body.items
    const roleOf = async (role: string | undefined) => {
      if (role === undefined) return null
      const found = roles.find((each: { name: string }) => each.name === role)
      if (found !== undefined) return found.id
      const rightsOf = role === 'teacher' ? ['read', 'award'] : ['read', 'sign']
      const made = (await college.api.post('/v1/roles', { name: role, rights: rightsOf })).body
      roles.push(made)
      return made.id
    }
    const roleIds = [await roleOf(ofOne), await roleOf(ofTwo)]
    await withClient(product.running.parts.databaseUrl, async (client) => {
      for (const at of [0, 1])
        await client.query(
          'INSERT INTO membership (organisation_id, id, unit_id, account_id, rights, role_id) VALUES ($1, gen_random_uuid(), $2, $3, $4, $5)',
          [college.id, college.rootUnit, ids[at], roleIds[at] === null ? '{read,update}' : '{}', roleIds[at]],
        )
    })
    const code = await codeFor(one, emails[1])
    const proven = await one.post('/v1/account/identities', { email: emails[1], code })
    expect((await one.post(`/v1/account/merges/${proven.body.merge.id}/confirm`)).status).toBe(200)
    const grants = await product.running.product.routes.signIn.grants(ids[0])
    expect(grants.map((grant) => [...grant.rights].sort())).toEqual([[...rights]])
    const members = (await college.api.get('/v1/members')).body.items
    const own = members.find(({ accountId }: { accountId: string }) => accountId === ids[0])
    expect(own.roleId).toBe(isRole ? roleIds[0] : null)
  })
})

async function sessionOf(accountId: string): Promise<string> {
  return withClient(product.running.parts.databaseUrl, async (client) => {
    const { rows } = await client.query(
      'SELECT id::text FROM session WHERE account_id = $1 AND revoked_at IS NULL ORDER BY created_at DESC LIMIT 1',
      [accountId],
    )
    return rows[0].id
  })
}
