import { afterAll, describe, expect, test, vi } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import { RIGHTS } from '#engine/access/rights.ts'
import type { AccountId } from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { signedIn } from '#test/product/member.ts'
import { composeAgain } from '#test/product/second-composition.ts'
import { accountOf, patch, remove, startSchool } from './school.ts'

const { product, school, owner, member, membershipOf, roleNamed, tokenTo } =
  await startSchool('people-school')
afterAll(() => product.stop())

/** Two accounts become one at this moment. */
const mergeOf = (into: AccountId, from: AccountId, email: string, now: Instant) =>
  ({
    id: crypto.randomUUID(),
    into,
    from,
    identity: { type: 'email', value: email },
    createdAt: now,
    expiresAt: now,
  }) as const

describe('invitations', () => {
  test('a mail in the language asked for leads to a membership; its link is shown nowhere else', async () => {
    const address = 'Invited@Example.org'
    const awarder = await roleNamed('Awarder')
    const sent = await owner.post('/v1/invitations', { email: address, roleId: awarder.id, language: 'nl' })
    expect(sent.status).toBe(201)
    expect(sent.body).toMatchObject({ email: 'invited@example.org', state: 'open', timesSent: 1 })
    expect(Date.parse(sent.body.expiresAt) - Date.parse(sent.body.createdAt)).toBe(14 * 86_400_000)
    const token = await tokenTo('invited@example.org')
    const mail = product.inbox.mails.find(({ to }) => JSON.stringify(to).includes('invited@example.org'))
    expect(mail?.subject).toBe('Je bent uitgenodigd voor Test people-school')
    expect(mail?.text).toContain('Je rol wordt dan: Toekenner.')
    expect(mail?.text).toContain('owner@people-school.example.org nodigt je uit')

    const link = `/v1/invitation-links/${token}`
    const anybody = new ApiCaller(product.url)
    expect((await anybody.get(link)).body).toMatchObject({
      state: 'open',
      email: 'invited@example.org',
      organisation: { slug: 'people-school' },
      unitName: null,
      role: { name: 'Awarder', builtIn: 'awarder' },
      invitedBy: 'owner@people-school.example.org',
      yours: false,
    })
    expect((await anybody.post(`${link}/accept`)).body.code).toBe('unauthenticated')
    const wrong = await signedIn(product, 'wrong@example.org')
    const others = await wrong.post(`${link}/accept`)
    expect([others.status, others.body.code, others.body.parameters]).toEqual([
      403,
      'invitation-others',
      { address: 'invited@example.org' },
    ])

    const right = await signedIn(product, 'invited@example.org')
    expect((await right.get(link)).body.yours).toBe(true)
    const accepted = await right.post(`${link}/accept`)
    expect([accepted.status, accepted.body.organisation.slug]).toEqual([200, 'people-school'])
    expect((await right.get('/v1/session')).body.organisations).toMatchObject([{ slug: 'people-school' }])
    expect((await right.get('/v1/units')).body.items[0].rights).toEqual(['read', 'award'])
    const twice = await right.post(`${link}/accept`)
    expect([twice.status, twice.body.code, twice.body.parameters.state]).toEqual([
      409,
      'invitation-closed',
      'accepted',
    ])
    expect((await anybody.get(link)).body.state).toBe('accepted')

    const shown = JSON.stringify([
      sent.body,
      (await owner.get('/v1/invitations')).body,
      (await owner.get('/v1/audit')).body,
    ])
    expect(shown).not.toContain(token)
    const member = await owner.post('/v1/invitations', { email: address, rights: ['read'] })
    expect([member.status, member.body.code]).toEqual([409, 'already-member'])
  })

  test('one is open for an address and a unit; sent again, only the newest link counts', async () => {
    const email = 'again@example.org'
    const first = await owner.post('/v1/invitations', { email, rights: ['read'] })
    const old = await tokenTo(email)
    const double = await owner.post('/v1/invitations', { email: 'AGAIN@example.org', rights: ['read'] })
    expect([double.status, double.body.code, double.body.parameters.invitationId]).toEqual([
      409,
      'invitation-open',
      first.body.id,
    ])
    expect((await owner.post(`/v1/invitations/${first.body.id}/resend`)).body.timesSent).toBe(2)
    const fresh = await tokenTo(email, 2)
    const person = await signedIn(product, email)
    const unknown = await person.post(`/v1/invitation-links/${old}/accept`)
    expect([unknown.status, unknown.body.code]).toEqual([404, 'invitation-unknown'])
    expect((await person.post(`/v1/invitation-links/${fresh}/accept`)).status).toBe(200)
    const late = await owner.post(`/v1/invitations/${first.body.id}/resend`)
    expect([late.status, late.body.parameters]).toEqual([
      409,
      { state: 'accepted', possible: ['invite again'] },
    ])
  })

  test('ten mails and no more', async () => {
    const { id } = (await owner.post('/v1/invitations', { email: 'ten@example.org', rights: ['read'] })).body
    for (let time = 2; time <= 10; time++)
      expect((await owner.post(`/v1/invitations/${id}/resend`)).body.timesSent).toBe(time)
    expect((await owner.post(`/v1/invitations/${id}/resend`)).body.code).toBe('sent-too-often')
  })

  test('withdrawn, declined or over, it says so; and the address can be invited again', async () => {
    const anybody = new ApiCaller(product.url)
    const email = 'three-times@example.org'
    const person = await signedIn(product, email)
    const next = async (nth: number) => {
      const { body } = await owner.post('/v1/invitations', { email, rights: ['read'] })
      return { id: body.id as string, link: `/v1/invitation-links/${await tokenTo(email, nth)}` }
    }
    const closed = async ({ link }: { link: string }, state: string) => {
      for (const answer of [await person.post(`${link}/accept`), await anybody.post(`${link}/decline`)])
        expect([answer.status, answer.body.code, answer.body.parameters.state]).toEqual([
          409,
          'invitation-closed',
          state,
        ])
    }
    const withdrawn = await next(1)
    for (let time = 0; time < 2; time++)
      expect((await owner.post(`/v1/invitations/${withdrawn.id}/withdraw`)).status).toBe(204)
    await closed(withdrawn, 'withdrawn')

    const declined = await next(2)
    expect((await anybody.post(`${declined.link}/decline`)).status).toBe(204)
    await closed(declined, 'declined')
    expect((await owner.post(`/v1/invitations/${declined.id}/withdraw`)).body.code).toBe('invitation-closed')

    const over = await next(3)
    await withClient(product.running.parts.databaseUrl, (client) =>
      client.query("UPDATE invitation SET expires_at = now() - interval '1 second' WHERE id = $1", [over.id]),
    )
    await closed(over, 'expired')
    expect((await owner.get(`/v1/invitations/${over.id}`)).body.state).toBe('expired')
    const { items } = (await owner.get('/v1/invitations?state=expired')).body
    expect(items.map(({ id }: { id: string }) => id)).toEqual([over.id])

    const last = await next(4)
    expect((await person.post(`${last.link}/accept`)).status).toBe(200)
  })

  test('nobody invites to more than they hold, nor where they do not administer', async () => {
    const limited = await member('limited-inviter@people.example.org', ['read', 'administer'])
    const more = await limited.post('/v1/invitations', { email: 'x@example.org', rights: ['award'] })
    expect([more.status, more.body.code]).toEqual([403, 'rights-exceed-own'])
    const administrator = await roleNamed('Administrator')
    const role = await limited.post('/v1/invitations', { email: 'x@example.org', roleId: administrator.id })
    expect(role.body.code).toBe('rights-exceed-own')
    const reader = await member('reader-inviter@people.example.org', ['read'])
    expect((await reader.post('/v1/invitations', { email: 'x@example.org', rights: ['read'] })).status).toBe(
      403,
    )
  })

  test('what somebody invited to falls with their own rights', async () => {
    const inviter = await member('inviter@people.example.org', RIGHTS)
    const email = 'back-door@example.org'
    const asked = await inviter.post('/v1/invitations', { email, rights: ['read', 'administer'] })
    const token = await tokenTo(email)
    const { id } = await membershipOf('inviter@people.example.org')
    await patch(owner, `/v1/members/${id}`, { rights: ['read'] }, 1)
    expect((await owner.get(`/v1/invitations/${asked.body.id}`)).body.state).toBe('withdrawn')
    const person = await signedIn(product, email)
    expect((await person.post(`/v1/invitation-links/${token}/accept`)).body.code).toBe('invitation-closed')
  })

  test('a session that a claim link opened makes nobody a member', async () => {
    const email = 'by-claim-link@example.org'
    await owner.post('/v1/invitations', { email, rights: ['read'] })
    const person = await signedIn(product, email)
    await withClient(product.running.parts.databaseUrl, async (client) =>
      client.query("UPDATE session SET scope = 'earner' WHERE account_id = $1", [await accountOf(person)]),
    )
    const refused = await person.post(`/v1/invitation-links/${await tokenTo(email)}/accept`)
    expect([refused.status, refused.body.code]).toEqual([403, 'full-session-required'])
  })

  test('whose account becomes part of another at the same moment, is no member with the one that is gone', async () => {
    const email = 'merging@example.org'
    await owner.post('/v1/invitations', { email, rights: ['read'] })
    const token = await tokenTo(email)
    const person = await signedIn(product, email)
    const fromId = await accountOf(person)
    const intoId = await accountOf(await signedIn(product, 'merged-into@example.org'))
    const principal = { kind: 'session', accountId: fromId, sessionId: '', grants: [] } as const
    const sessions = await withClient(
      product.running.parts.databaseUrl,
      async (client) => (await client.query('SELECT id FROM session WHERE account_id = $1', [fromId])).rows,
    )
    const { accept } = composeAgain(product, {}).routes.answerInvitations
    let accepted: Promise<unknown> = Promise.resolve()
    await product.running.parts.database.asWorker(async (stores) => {
      const now = asInstant(Date.now())
      const merge = mergeOf(intoId, fromId, email, now)
      for (const each of [intoId, fromId].sort()) await stores.accounts.lock(each)
      // It comes while the merge is not committed.
      accepted = accept({ ...principal, sessionId: sessions[0].id }, token).catch(({ code }) => code)
      await vi.waitFor(async () => expect(await waitingForLocks()).toBeGreaterThan(0), { timeout: 15_000 })
      await stores.accounts.insertMerge(merge)
      await stores.accounts.merge(merge, now)
    })
    expect(await accepted).toBe('full-session-required')
    const memberships = await product.running.parts.database.asWorker((stores) =>
      stores.memberships.ofAccount(school.id, fromId),
    )
    expect(memberships).toEqual([])
  })

  const waitingForLocks = () =>
    withClient(
      product.running.parts.databaseUrl,
      async (client) =>
        (await client.query("SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock'"))
          .rows[0].n,
    )

  const invitedBy = async (by: ApiCaller, email: string, wanted: object = {}) =>
    (await by.post('/v1/invitations', { email, rights: ['read'], ...wanted })).body.id as string
  const stateOf = async (id: string) => (await owner.get(`/v1/invitations/${id}`)).body.state
  const keyOf = async (by: ApiCaller, wanted: object = {}) => {
    const made = await by.post('/v1/api-keys', { name: 'K', rights: ['read', 'administer'], ...wanted })
    const { body } = made
    return {
      id: body.apiKey.id as string,
      api: new ApiCaller(product.url, { authorization: `Bearer ${body.secret}` }),
    }
  }

  test('what a key invited to falls with the key, and with the rights of who made it', async () => {
    const maker = await member('key-maker@people.example.org', RIGHTS)
    const [ended, kept] = [await keyOf(maker), await keyOf(maker)]
    const byEnded = await invitedBy(ended.api, 'by-ended@example.org')
    const byKept = await invitedBy(kept.api, 'by-kept@example.org')
    await remove(owner, `/v1/api-keys/${ended.id}`)
    expect([await stateOf(byEnded), await stateOf(byKept)]).toEqual(['withdrawn', 'open'])
    const { id } = await membershipOf('key-maker@people.example.org')
    await remove(owner, `/v1/members/${id}`)
    expect(await stateOf(byKept)).toBe('withdrawn')
  })

  test('what a key invited to falls with the role that the key has', async () => {
    const rights = ['read', 'administer']
    const role = (await owner.post('/v1/roles', { name: 'Inviting', rights })).body
    const key = await keyOf(owner, { rights: undefined, roleId: role.id })
    const asked = await invitedBy(key.api, 'by-role@example.org')
    await patch(owner, `/v1/roles/${role.id}`, { rights: ['read'] }, 1)
    expect(await stateOf(asked)).toBe('withdrawn')
  })

  test('what somebody invited to falls where a unit is moved out of their reach', async () => {
    const unit = async (name: string, parentId?: string) =>
      (await owner.post('/v1/units', { name, parentId })).body.id as string
    const [from, to] = [await unit('Reach'), await unit('Elsewhere')]
    const moved = await unit('Course', from)
    const dean = await keyOf(owner, { unitId: from })
    const within = await invitedBy(dean.api, 'within@example.org', { unitId: from })
    const below = await invitedBy(dean.api, 'below@example.org', { unitId: moved })
    const byOwner = await invitedBy(owner, 'by-owner@example.org', { unitId: moved })
    await patch(owner, `/v1/units/${moved}`, { parentId: to }, 1)
    expect([await stateOf(within), await stateOf(below), await stateOf(byOwner)]).toEqual([
      'open',
      'withdrawn',
      'open',
    ])
  })

  test('what an account invited to that became part of another falls with that one', async () => {
    const [into, from] = ['into@people.example.org', 'from@people.example.org']
    const old = await member(from, RIGHTS)
    const asked = await invitedBy(old, 'by-merged@example.org')
    const living = await signedIn(product, into)
    const [intoId, fromId] = [await accountOf(living), await accountOf(old)]
    await product.running.parts.database.asWorker(async (stores) => {
      const now = asInstant(Date.now())
      const merge = mergeOf(intoId, fromId, from, now)
      await stores.accounts.insertMerge(merge)
      await stores.accounts.merge(merge, now)
    })
    expect(await stateOf(asked)).toBe('open')
    const { id } = await membershipOf(into)
    await remove(owner, `/v1/members/${id}`)
    expect(await stateOf(asked)).toBe('withdrawn')
  })

  test('an unknown link is refused by code', async () => {
    const answer = await new ApiCaller(product.url).get(`/v1/invitation-links/${'x'.repeat(43)}`)
    expect([answer.status, answer.body.code]).toEqual([404, 'invitation-unknown'])
  })
})
