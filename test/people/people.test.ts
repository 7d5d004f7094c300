import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import { RIGHTS, type Right } from '#engine/access/rights.ts'
import type { AccountId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { addMember, signedIn } from '#test/product/member.ts'
import { composeAgain } from '#test/product/second-composition.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

let product: TestProduct
let school: TestOrganisation
/** Signed in as the one who made the school. */
let owner: ApiCaller
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('people-school')
  owner = await signedIn(product, 'owner@people-school.example.org')
})
afterAll(() => product?.stop())

const patch = (by: ApiCaller, path: string, body: object, revision: number) =>
  by.send('PATCH', path, JSON.stringify(body), {
    'content-type': 'application/json',
    'if-match': `"v${revision}"`,
  })
const remove = (by: ApiCaller, path: string) => by.send('DELETE', path, undefined)

async function accountOf(person: ApiCaller): Promise<AccountId> {
  return (await person.get('/v1/session')).body.accountId
}

/** A member of an organisation with these rights, signed in. */
async function member(
  address: string,
  rights: readonly Right[] = RIGHTS,
  of: TestOrganisation = school,
): Promise<ApiCaller> {
  const person = await signedIn(product, address)
  const accountId = await accountOf(person)
  await product.running.parts.database.asWorker((stores) => addMember(stores, of, accountId, rights))
  return person
}

async function membershipOf(address: string, by: ApiCaller = owner): Promise<{ id: string }> {
  const { items } = (await by.get('/v1/members?limit=100')).body
  return items.find(({ emails }: { emails: string[] }) => emails.includes(address))
}

async function roleNamed(name: string, by: ApiCaller = owner): Promise<{ id: string }> {
  const { items } = (await by.get('/v1/roles')).body
  return items.find((role: { name: string }) => role.name === name)
}

/** The token in the newest mail to an address. */
async function tokenTo(address: string, nth = 1): Promise<string> {
  const mails = () => product.inbox.mails.filter(({ to }) => JSON.stringify(to).includes(address))
  await expect.poll(() => mails().length, { timeout: 20_000 }).toBe(nth)
  const text = String(mails().at(-1)?.text)
  return /\/invitation#([\w-]+)/.exec(text)?.[1] ?? ''
}

describe('units', () => {
  const made = async (name: string, parentId?: string) =>
    (await owner.post('/v1/units', { name, parentId })).body.id as string

  test('are renamed, moved and deleted, and each says what one may do there', async () => {
    const faculty = await made('Faculty')
    const department = await made('Department', faculty)
    const { body } = await owner.get(`/v1/units/${faculty}`)
    expect(body).toEqual({
      id: faculty,
      parentId: school.rootUnit,
      kind: 'group',
      name: 'Faculty',
      rights: [...RIGHTS],
      revision: 1,
    })
    const renamed = await patch(owner, `/v1/units/${faculty}`, { name: 'Science' }, 1)
    expect([renamed.status, renamed.body.name, renamed.headers.get('etag')]).toEqual([200, 'Science', '"v2"'])
    const stale = await patch(owner, `/v1/units/${faculty}`, { name: 'Late' }, 1)
    expect([stale.status, stale.body.code]).toEqual([412, 'precondition-failed'])

    const other = await made('Other')
    expect((await patch(owner, `/v1/units/${department}`, { parentId: other }, 1)).body.parentId).toBe(other)
    const circle = await patch(owner, `/v1/units/${other}`, { parentId: department }, 1)
    expect([circle.status, circle.body.code]).toEqual([409, 'unit-cycle'])

    const full = await remove(owner, `/v1/units/${other}`)
    expect([full.status, full.body.code, full.body.parameters]).toEqual([
      409,
      'unit-not-empty',
      { units: 1, members: 0, invitations: 0, apiKeys: 0, webhooks: 0 },
    ])
    expect((await remove(owner, `/v1/units/${department}`)).status).toBe(204)
    expect((await remove(owner, `/v1/units/${other}`)).status).toBe(204)
    expect((await remove(owner, `/v1/units/${other}`)).body.code).toBe('not-found')
  })

  test('a key that is over and an invitation that is closed do not hold a group, and stay to be seen', async () => {
    const group = await made('Short-lived')
    const key = await owner.post('/v1/api-keys', { name: 'Over', rights: ['read'], unitId: group })
    const asked = await owner.post('/v1/invitations', {
      email: 'short@example.org',
      unitId: group,
      rights: ['read'],
    })
    const full = await remove(owner, `/v1/units/${group}`)
    expect(full.body.parameters).toEqual({ units: 0, members: 0, invitations: 1, apiKeys: 1, webhooks: 0 })
    await remove(owner, `/v1/api-keys/${key.body.apiKey.id}`)
    await owner.post(`/v1/invitations/${asked.body.id}/withdraw`)
    expect((await remove(owner, `/v1/units/${group}`)).status).toBe(204)
    expect((await owner.get(`/v1/invitations/${asked.body.id}`)).body).toMatchObject({
      state: 'withdrawn',
      unitId: school.rootUnit,
    })
  })

  test('an invitation that was over before its group went is in the books as such', async () => {
    await product.organisation('overdue-college')
    const head = await signedIn(product, 'owner@overdue-college.example.org')
    const group = (await head.post('/v1/units', { name: 'Overdue' })).body.id
    const asked = await head.post('/v1/invitations', {
      email: 'overdue@example.org',
      unitId: group,
      rights: ['read'],
    })
    await withClient(product.running.parts.databaseUrl, (client) =>
      client.query("UPDATE invitation SET expires_at = now() - interval '1 second' WHERE id = $1", [
        asked.body.id,
      ]),
    )
    expect((await remove(head, `/v1/units/${group}`)).status).toBe(204)
    const { items } = (await head.get('/v1/audit?limit=5')).body
    expect(items).toContainEqual(
      expect.objectContaining({ action: 'invitation.expired', targetId: asked.body.id }),
    )
  })

  test('a webhook holds a group for as long as it is there, and not after', async () => {
    const group = await made('Heard')
    const hook = await owner.post('/v1/webhooks', {
      url: 'https://hooks.example.org/',
      description: 'Group',
      eventTypes: ['*'],
      unitId: group,
    })
    const full = await remove(owner, `/v1/units/${group}`)
    expect([full.status, full.body.parameters.webhooks]).toEqual([409, 1])
    await remove(owner, `/v1/webhooks/${hook.body.webhook.id}`)
    expect((await remove(owner, `/v1/units/${group}`)).status).toBe(204)
  })

  test('the root has the name of the organisation, the unit of an issuer that of its issuer', async () => {
    const college = await product.organisation('named-college')
    const head = await signedIn(product, 'owner@named-college.example.org')
    await patch(head, `/v1/units/${college.rootUnit}`, { name: 'New College' }, 1)
    expect((await head.get('/v1/session')).body.organisations).toMatchObject([
      { slug: 'named-college', name: 'New College' },
    ])
    const issuer = await head.post('/v1/issuers', { slug: 'named-issuer', name: 'Issuer' })
    const unit = `/v1/units/${issuer.body.unitId}`
    expect((await patch(head, unit, { name: 'Else' }, 1)).body.code).toBe('conflict')
    expect((await remove(head, unit)).body.code).toBe('conflict')
    expect((await remove(head, `/v1/units/${college.rootUnit}`)).body.code).toBe('conflict')
    const under = await patch(head, `/v1/units/${college.rootUnit}`, { parentId: issuer.body.unitId }, 2)
    expect([under.status, under.body.code]).toEqual([409, 'conflict'])
  })

  test('to move takes the right on both ends', async () => {
    const [from, to] = [await made('From'), await made('To')]
    const moved = await made('Moved', from)
    const keyOn = async (unitId: string) => {
      const { body } = await owner.post('/v1/api-keys', { name: 'K', rights: ['administer', 'read'], unitId })
      return new ApiCaller(product.url, { authorization: `Bearer ${body.secret}` })
    }
    for (const by of [await keyOn(from), await keyOn(moved), await keyOn(to)]) {
      const refused = await patch(by, `/v1/units/${moved}`, { parentId: to }, 1)
      expect([refused.status, refused.body.code]).toEqual([403, 'forbidden'])
    }
    // What one may not read is not listed.
    const listed = (await (await keyOn(from)).get('/v1/units')).body.items
    expect(listed.map(({ id }: { id: string }) => id).sort()).toEqual([from, moved].sort())
  })

  test('two moves at once never make a circle', async () => {
    for (let round = 0; round < 5; round++) {
      const [a, b] = [await made(`A${round}`), await made(`B${round}`)]
      const answers = await Promise.all([
        patch(owner, `/v1/units/${a}`, { parentId: b }, 1),
        patch(owner, `/v1/units/${b}`, { parentId: a }, 1),
      ])
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    }
  })

  test('units stand twenty deep and no deeper', async () => {
    let parent = school.rootUnit as string
    for (let depth = 2; depth <= 20; depth++) parent = await made(`Depth ${depth}`, parent)
    const below = await owner.post('/v1/units', { name: 'Too deep', parentId: parent })
    expect([below.status, below.body.code]).toEqual([409, 'unit-too-deep'])
    const issuer = await owner.post('/v1/issuers', { slug: 'deep-issuer', name: 'X', parentUnitId: parent })
    expect(issuer.body.code).toBe('unit-too-deep')
  })
})

describe('members', () => {
  test('are listed with their address, role and rights, page by page', async () => {
    const college = await product.organisation('listed-college')
    const head = await signedIn(product, 'owner@listed-college.example.org')
    await member('one@listed.example.org', ['read'], college)
    await member('two@listed.example.org', ['read', 'award'], college)
    const first = await head.get('/v1/members?limit=2')
    const second = await head.get(`/v1/members?limit=2&cursor=${first.body.next}`)
    const all = [...first.body.items, ...second.body.items]
    expect(all.map(({ emails, rights, you }) => [emails[0], rights.length, you])).toEqual([
      ['two@listed.example.org', 2, false],
      ['one@listed.example.org', 1, false],
      ['owner@listed-college.example.org', 7, true],
    ])
    expect(all.map(({ roleId }) => roleId === null)).toEqual([true, true, false])
    expect(second.body.next).toBeNull()
  })

  test('are seen by who administers their unit, and by nobody else', async () => {
    const reader = await member('reader@people.example.org', ['read'])
    expect((await reader.get('/v1/members')).body.code).toBe('forbidden')
    const faculty = (await owner.post('/v1/units', { name: 'Seen' })).body.id
    const { body } = await owner.post('/v1/api-keys', {
      name: 'Dean',
      rights: ['administer'],
      unitId: faculty,
    })
    const dean = new ApiCaller(product.url, { authorization: `Bearer ${body.secret}` })
    expect((await dean.get('/v1/members')).body.items).toEqual([])
    const { id } = await membershipOf('reader@people.example.org')
    for (const answer of [
      await dean.get(`/v1/members/${id}`),
      await patch(dean, `/v1/members/${id}`, { rights: ['read'] }, 1),
      await remove(dean, `/v1/members/${id}`),
    ])
      expect([answer.status, answer.body.code]).toEqual([403, 'forbidden'])
  })

  test('another role or other rights count from the next request on, and a stale change is refused', async () => {
    const clerk = await member('clerk@people.example.org', ['read'])
    const { id } = await membershipOf('clerk@people.example.org')
    const path = `/v1/members/${id}`
    expect((await clerk.get('/v1/members')).status).toBe(403)
    const designer = await roleNamed('Administrator')
    const changed = await patch(owner, path, { roleId: designer.id }, 1)
    expect([changed.status, changed.body.roleId, changed.headers.get('etag')]).toEqual([
      200,
      designer.id,
      '"v2"',
    ])
    expect((await clerk.get('/v1/members')).status).toBe(200)
    expect((await patch(owner, path, { rights: ['read'] }, 1)).body.code).toBe('precondition-failed')
    expect((await patch(owner, path, { rights: ['read'] }, 2)).status).toBe(200)
    expect((await clerk.get('/v1/members')).status).toBe(403)
    for (const bad of [{}, { roleId: designer.id, rights: ['read'] }, { rights: [] }, { rights: ['own'] }])
      expect((await patch(owner, path, bad, 3)).body.code).toBe('invalid-request')
    const unknown = await patch(owner, path, { roleId: '00000000-0000-4000-8000-00000000dead' }, 3)
    expect([unknown.status, unknown.body.code]).toEqual([404, 'not-found'])
  })

  test('nobody grants what they do not hold; what the other one has already may stay', async () => {
    const limited = await member('limited@people.example.org', ['read', 'administer'])
    await member('strong@people.example.org', ['read', 'sign'])
    const { id } = await membershipOf('strong@people.example.org')
    const more = await patch(limited, `/v1/members/${id}`, { rights: ['read', 'sign', 'award'] }, 1)
    expect([more.status, more.body.code, more.body.parameters]).toEqual([
      403,
      'rights-exceed-own',
      { right: 'award' },
    ])
    const administrator = await roleNamed('Administrator')
    const role = await patch(limited, `/v1/members/${id}`, { roleId: administrator.id }, 1)
    expect(role.body.code).toBe('rights-exceed-own')
    const kept = await patch(limited, `/v1/members/${id}`, { rights: ['sign', 'administer'] }, 1)
    expect(kept.status).toBe(200)
  })

  test('who is removed reaches nothing from the next request on, with the session that they have', async () => {
    const gone = await member('gone@people.example.org', ['read'])
    expect((await gone.get('/v1/units')).status).toBe(200)
    const { id } = await membershipOf('gone@people.example.org')
    expect((await remove(owner, `/v1/members/${id}`)).status).toBe(204)
    expect((await gone.get('/v1/units')).body.code).toBe('forbidden')
    expect((await gone.get('/v1/session')).body).toMatchObject({ organisations: [] })
    expect((await remove(owner, `/v1/members/${id}`)).body.code).toBe('not-found')
    const { items } = (await owner.get('/v1/audit?limit=1')).body
    expect(items).toMatchObject([{ action: 'member.removed', targetType: 'membership', targetId: id }])
  })

  test('who leaves is no member any more', async () => {
    const leaver = await member('leaver@people.example.org', ['read'])
    expect((await leaver.post('/v1/organisations/leave')).status).toBe(204)
    expect((await leaver.get('/v1/session')).body.organisations).toEqual([])
    expect((await leaver.post('/v1/organisations/leave')).body.code).toBe('no-organisation')
    expect((await school.api.post('/v1/organisations/leave')).body.code).toBe('session-required')
  })

  test('the last administrator stays: by removal, by change, by leaving, by a role', async () => {
    const college = await product.organisation('last-college')
    const head = await signedIn(product, 'owner@last-college.example.org')
    const { id } = await membershipOf('owner@last-college.example.org', head)
    await member('helper@last.example.org', ['read', 'award'], college)
    const viewer = await roleNamed('Viewer', head)
    const refusals = [
      await remove(head, `/v1/members/${id}`),
      await patch(head, `/v1/members/${id}`, { rights: ['read', 'award'] }, 1),
      await patch(head, `/v1/members/${id}`, { roleId: viewer.id }, 1),
      await head.post('/v1/organisations/leave'),
      // A key administers as well, and does not count: it is no person.
      await remove(college.api, `/v1/members/${id}`),
    ]
    for (const { status, body } of refusals) expect([status, body.code]).toEqual([409, 'last-administrator'])

    const own = await head.post('/v1/roles', { name: 'Head', rights: ['read', 'administer'] })
    expect((await patch(head, `/v1/members/${id}`, { roleId: own.body.id }, 1)).status).toBe(200)
    const weaker = await patch(head, `/v1/roles/${own.body.id}`, { rights: ['read'] }, 1)
    expect([weaker.status, weaker.body.code]).toEqual([409, 'last-administrator'])
    expect((await head.get('/v1/members')).status).toBe(200)
  })

  test('two administrators who remove each other at once, in two processes: one is left', async () => {
    const second = composeAgain(product, {})
    for (let round = 0; round < 8; round++) {
      const college = await product.organisation(`duel-${round}`)
      const one = await signedIn(product, `owner@duel-${round}.example.org`)
      const other = await member(`other@duel-${round}.example.org`, RIGHTS, college)
      const ids = [
        await membershipOf(`owner@duel-${round}.example.org`, one),
        await membershipOf(`other@duel-${round}.example.org`, one),
      ].map(({ id }) => id)
      const accountId = await accountOf(other)
      const grants = [{ organisationId: college.id, unitId: college.rootUnit, rights: RIGHTS }]
      const principal = { kind: 'session', accountId, sessionId: '', grants } as const
      const answers = await Promise.allSettled([
        remove(one, `/v1/members/${ids[1]}`).then(({ body }) => {
          if (body !== undefined) throw new Error(body.code)
        }),
        second.routes.members.remove(principal, college.id, ids[0] as never),
      ])
      expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      const left = await product.running.parts.database.asWorker((stores) =>
        stores.memberships.countAdministrators(college.id),
      )
      expect(left).toBe(1)
    }
  })
})

describe('roles', () => {
  test('every organisation has four that never change', async () => {
    const { items } = (await owner.get('/v1/roles')).body
    expect(items.slice(0, 4).map(({ builtIn }: { builtIn: string }) => builtIn)).toEqual([
      'administrator',
      'awarder',
      'designer',
      'viewer',
    ])
    const [administrator] = items
    const path = `/v1/roles/${administrator.id}`
    for (const answer of [await patch(owner, path, { rights: ['read'] }, 1), await remove(owner, path)])
      expect([answer.status, answer.body.code]).toEqual([409, 'role-built-in'])
  })

  test('a changed role changes what its members, invitations and keys may do', async () => {
    const role = await owner.post('/v1/roles', { name: 'Teacher', rights: ['read'] })
    const { id } = role.body
    const teacher = await member('teacher@people.example.org', ['read'])
    const membership = await membershipOf('teacher@people.example.org')
    await patch(owner, `/v1/members/${membership.id}`, { roleId: id }, 1)
    const key = await owner.post('/v1/api-keys', { name: 'Teachers', roleId: id })
    expect(key.body.apiKey).toMatchObject({ roleId: id, rights: ['read'], state: 'active' })
    const byKey = new ApiCaller(product.url, { authorization: `Bearer ${key.body.secret}` })
    for (const by of [teacher, byKey]) expect((await by.get('/v1/members')).status).toBe(403)

    expect((await patch(owner, `/v1/roles/${id}`, { rights: ['read', 'administer'] }, 1)).status).toBe(200)
    for (const by of [teacher, byKey]) expect((await by.get('/v1/members')).status).toBe(200)
    const stale = await patch(owner, `/v1/roles/${id}`, { name: 'Docent' }, 1)
    expect([stale.status, stale.body.code]).toEqual([412, 'precondition-failed'])
    expect((await patch(owner, `/v1/roles/${id}`, { name: 'Docent', rights: ['read'] }, 2)).body).toEqual({
      id,
      name: 'Docent',
      description: '',
      rights: ['read'],
      builtIn: null,
      revision: 3,
    })
    for (const by of [teacher, byKey]) expect((await by.get('/v1/members')).status).toBe(403)
  })

  test('a role that is used is not deleted, and says by whom; what is over does not hold it', async () => {
    const { id } = (await owner.post('/v1/roles', { name: 'Held', rights: ['read'] })).body
    await member('held@people.example.org', ['read'])
    const membership = await membershipOf('held@people.example.org')
    await patch(owner, `/v1/members/${membership.id}`, { roleId: id }, 1)
    const key = (await owner.post('/v1/api-keys', { name: 'Held', roleId: id })).body.apiKey
    const invitation = (await owner.post('/v1/invitations', { email: 'held-too@example.org', roleId: id }))
      .body
    const used = await remove(owner, `/v1/roles/${id}`)
    expect([used.status, used.body.code, used.body.parameters]).toEqual([
      409,
      'role-in-use',
      { members: [membership.id], invitations: [invitation.id], apiKeys: [key.id] },
    ])
    expect((await owner.get(`/v1/roles/${id}`)).body.usedBy).toEqual(used.body.parameters)
    await remove(owner, `/v1/members/${membership.id}`)
    await remove(owner, `/v1/api-keys/${key.id}`)
    await owner.post(`/v1/invitations/${invitation.id}/withdraw`)
    expect((await remove(owner, `/v1/roles/${id}`)).status).toBe(204)
    expect((await owner.get(`/v1/invitations/${invitation.id}`)).body).toMatchObject({
      roleId: null,
      rights: ['read'],
    })
  })

  test('names are unique, capitals aside, and nobody makes a role that is more than they are', async () => {
    await owner.post('/v1/roles', { name: 'Examiner', rights: ['read'] })
    const again = await owner.post('/v1/roles', { name: 'EXAMINER', rights: ['read'] })
    expect([again.status, again.body.code]).toEqual([409, 'role-name-taken'])
    const limited = await member('limited-role@people.example.org', ['read', 'administer'])
    const more = await limited.post('/v1/roles', { name: 'More', rights: ['sign'] })
    expect([more.status, more.body.code]).toEqual([403, 'rights-exceed-own'])
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => owner.post('/v1/roles', { name: 'Once', rights: ['read'] })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409])
  })
})

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
      const merge = {
        id: crypto.randomUUID(),
        into: intoId,
        from: fromId,
        identity: { type: 'email', value: email },
        createdAt: now,
        expiresAt: now,
      } as const
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
      const merge = {
        id: crypto.randomUUID(),
        into: intoId,
        from: fromId,
        identity: { type: 'email', value: from },
        createdAt: now,
        expiresAt: now,
      } as const
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

describe('API keys', () => {
  test('are renamed, and say when they were last used, to the minute', async () => {
    const made = await owner.post('/v1/api-keys', { name: 'Before', rights: ['read'] })
    const { id } = made.body.apiKey
    const api = new ApiCaller(product.url, { authorization: `Bearer ${made.body.secret}` })
    const renamed = await owner.send('PATCH', `/v1/api-keys/${id}`, '{"name":"After"}', {
      'content-type': 'application/json',
    })
    expect([renamed.status, renamed.body.name, renamed.body.lastUsedAt]).toEqual([200, 'After', null])
    const listed = async () =>
      (await owner.get('/v1/api-keys')).body.items.find((key: { id: string }) => key.id === id)
    await api.get('/v1/units')
    const first = (await listed()).lastUsedAt
    expect(Date.now() - Date.parse(first)).toBeLessThan(60_000)
    for (let time = 0; time < 5; time++) await api.get('/v1/units')
    expect((await listed()).lastUsedAt).toBe(first)
    const passed = await product.running.parts.database.asWorker(async (stores) => {
      const at = asInstant(Date.parse(first) + 60_000)
      await stores.access.noteKeyUse(id, at, asInstant(at - 60_000))
      return at
    })
    expect(Date.parse((await listed()).lastUsedAt)).toBe(passed)
  })

  test('the list shows what is over and why', async () => {
    const soon = new Date(Date.now() + 600).toISOString()
    const over = await owner.post('/v1/api-keys', { name: 'Over', rights: ['read'], expiresAt: soon })
    const ended = await owner.post('/v1/api-keys', { name: 'Ended', rights: ['read'] })
    await remove(owner, `/v1/api-keys/${ended.body.apiKey.id}`)
    const states = async () => {
      const { items } = (await owner.get('/v1/api-keys')).body
      const stateOf = (id: string) => items.find((key: { id: string }) => key.id === id).state
      return [stateOf(over.body.apiKey.id), stateOf(ended.body.apiKey.id)]
    }
    await expect.poll(states, { timeout: 15_000 }).toEqual(['expired', 'revoked'])
    const both = await owner.post('/v1/api-keys', { name: 'Neither' })
    expect(both.body.code).toBe('invalid-request')
  })
})

describe('a second person, where the organisation wants one', () => {
  const settings = async (by: ApiCaller, secondPerson: object) => {
    const { headers } = await by.get('/v1/organisations/settings')
    return by.send('PATCH', '/v1/organisations/settings', JSON.stringify({ secondPerson }), {
      'content-type': 'application/json',
      'if-match': headers.get('etag') ?? '',
    })
  }

  test('approves what another one wrote, before it is published', async () => {
    const college = await product.organisation('four-eyes')
    const author = await signedIn(product, 'owner@four-eyes.example.org')
    const second = await member('second@four-eyes.example.org', ['read', 'update', 'award'], college)
    const on = await settings(author, { publishAchievement: true })
    expect(on.body.secondPerson).toEqual({
      activateRule: false,
      publishAchievement: true,
      changeKey: false,
      bulkRevoke: false,
    })
    const issuer = await author.post('/v1/issuers', { slug: 'four-eyes-issuer', name: 'Issuer' })
    const definition = { name: { en: 'X' }, description: { en: 'X.' }, criteria: { en: 'X.' } }
    const made = await author.post('/v1/achievements', {
      issuerId: issuer.body.id,
      slug: 'seen-by-two',
      definition,
    })
    const version = (number: number) => `/v1/achievements/${made.body.id}/versions/${number}`
    const send = (by: ApiCaller, path: string, revision: number) =>
      by.send('POST', path, '{}', { 'content-type': 'application/json', 'if-match': `"v${revision}"` })
    const early = await author.post(`${version(1)}/publish`)
    expect([early.status, early.body.code]).toEqual([409, 'version-state-wrong'])
    expect((await send(author, `${version(1)}/submit`, 1)).status).toBe(200)
    for (const by of [author, college.api]) {
      const refused = await send(by, `${version(1)}/approve`, 1)
      expect([refused.status, refused.body.code, refused.body.parameters]).toEqual([
        403,
        'second-person-needed',
        { right: 'award' },
      ])
    }
    expect((await send(second, `${version(1)}/approve`, 1)).status).toBe(200)
    expect((await author.post(`${version(1)}/publish`)).status).toBe(200)

    // Of the next version the second one writes a word: neither of its two authors is a second person.
    await author.post(`/v1/achievements/${made.body.id}/versions`, { definition })
    await second.send(
      'PUT',
      version(2),
      JSON.stringify({ definition: { ...definition, name: { en: 'Y' } } }),
      { 'content-type': 'application/json', 'if-match': '"v1"' },
    )
    expect((await send(author, `${version(2)}/submit`, 2)).status).toBe(200)
    for (const by of [author, second])
      expect((await send(by, `${version(2)}/approve`, 2)).body.code).toBe('second-person-needed')
    const third = await member('third@four-eyes.example.org', ['read', 'award'], college)
    expect((await send(third, `${version(2)}/approve`, 2)).status).toBe(200)
    expect((await author.post(`${version(2)}/publish`)).status).toBe(200)
  })

  test('makes the new key for which another one asked, once', async () => {
    const college = await product.organisation('two-keys')
    const first = await signedIn(product, 'owner@two-keys.example.org')
    const second = await member('second@two-keys.example.org', ['read', 'administer'], college)
    const { id } = (await first.post('/v1/issuers', { slug: 'two-keys-issuer', name: 'Issuer' })).body
    const [rotate, change] = [`/v1/issuers/${id}/rotate-key`, `/v1/issuers/${id}/key-change`]
    expect((await first.post(rotate)).status).toBe(200)
    await settings(first, { changeKey: true })
    const refused = async (by: ApiCaller) => {
      const answer = await by.post(rotate)
      expect([answer.status, answer.body.code]).toEqual([403, 'second-person-needed'])
    }
    for (const by of [first, second, college.api]) await refused(by)
    expect((await second.get(change)).body).toBeNull()

    // A key speaks for whoever made it: asking with one's own key is asking oneself.
    const { secret } = (await first.post('/v1/api-keys', { name: 'Own', rights: ['administer'] })).body
    const ownKey = new ApiCaller(product.url, { authorization: `Bearer ${secret}` })
    expect((await ownKey.post(change)).status).toBe(200)
    expect((await second.post(change)).body.requestedBy).toMatch(/^key:/)
    for (const by of [first, ownKey, college.api]) await refused(by)
    expect((await second.post(rotate)).status).toBe(200)
    await refused(second)

    await second.post(change)
    await withClient(product.running.parts.databaseUrl, (client) =>
      client.query(
        "UPDATE key_change_request SET created_at = now() - interval '8 days' WHERE issuer_id = $1",
        [id],
      ),
    )
    expect((await first.get(change)).body).toBeNull()
    await refused(first)
    expect((await second.post(change)).status).toBe(200)
    const both = await Promise.all([first.post(rotate), first.post(rotate)])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 403])
  })
})
