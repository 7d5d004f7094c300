import { afterAll, describe, expect, test } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import { RIGHTS } from '#engine/access/rights.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { signedIn } from '#test/product/member.ts'
import { composeAgain } from '#test/product/second-composition.ts'
import { accountOf, patch, remove, startSchool } from './school.ts'

const { product, school, owner, member, membershipOf, roleNamed } = await startSchool('members-school')
afterAll(() => product.stop())

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
