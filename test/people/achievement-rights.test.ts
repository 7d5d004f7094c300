import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { unitOfAchievement } from '#engine/access/achievement-unit.ts'
import { type Principal, RIGHTS, type Right } from '#engine/access/rights.ts'
import type { AccountId, AchievementId, IssuerId, OrganisationId, UnitId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { achievementsWith } from '#services/access/achievements-with.ts'
import { requireRightOnAchievement } from '#services/access/authorise.ts'
import type { Stores } from '#services/ports/stores.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { createEndorser } from '#test/product/endorser.ts'
import {
  awardOf,
  basicsRule,
  completed,
  earning,
  type FirstAid,
  setUpFirstAid,
} from '#test/product/first-aid.ts'
import { signedIn } from '#test/product/member.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'
import { startWebhookReceiver, type WebhookReceiver } from '#test/product/webhook-receiver.ts'

// Somebody who holds rights on one achievement, and on nothing else: `own` is theirs, `sister` is of the same issuer.

interface Badge {
  readonly achievementId: string
  readonly versionId: string
  readonly ruleId: string
}

let product: TestProduct
let school: TestOrganisation
let owner: ApiCaller
let own: FirstAid
let sister: Badge
let stranger: FirstAid
let receiver: WebhookReceiver

const definition = {
  language: 'en',
  name: { en: 'Evacuation drill', nl: 'Ontruimingsoefening' },
  description: { en: 'Led a drill.' },
  criteria: { en: 'Lead one.' },
}

beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('one-badge-school')
  owner = await signedIn(product, 'owner@one-badge-school.example.org')
  own = await setUpFirstAid(school.api, 'one-badge-academy')
  sister = await published('drill')
  receiver = await startWebhookReceiver()
  const other = await product.organisation('other-badge-school')
  stranger = await setUpFirstAid(other.api, 'other-badge-academy')
})
afterAll(async () => {
  await product?.stop()
  await receiver?.close()
})

/** Another badge of the same issuer, with a rule in force. */
async function published(slug: string): Promise<Badge> {
  const made = await school.api.post('/v1/achievements', { issuerId: own.issuerId, slug, definition })
  const version = await school.api.post(`/v1/achievements/${made.body.id}/versions/1/publish`)
  const rule = await school.api.post('/v1/rules', { name: slug, document: basicsRule(slug) })
  await school.api.post(`/v1/rules/${rule.body.id}/versions/1/activate`)
  return { achievementId: made.body.id, versionId: version.body.id, ruleId: rule.body.id }
}

async function keyOn(
  unitId: string,
  rights: readonly Right[] = RIGHTS,
): Promise<{ id: string; api: ApiCaller }> {
  const { status, body } = await school.api.post('/v1/api-keys', { name: 'one badge', rights, unitId })
  expect(status).toBe(201)
  const api = new ApiCaller(product.url, { authorization: `Bearer ${body.secret}` })
  return { id: body.apiKey.id, api }
}

/** Invited to an achievement, and in. */
async function memberOn(
  unitId: string,
  address: string,
  rights: readonly Right[] = RIGHTS,
): Promise<ApiCaller> {
  const { status } = await owner.post('/v1/invitations', { email: address, rights, unitId })
  expect(status).toBe(201)
  const mail = await product.inbox.waitFor(address, 20_000)
  expect(mail.text).toContain((await owner.get(`/v1/units/${unitId}`)).body.name)
  const token = /\/invitation#([\w-]+)/.exec(mail.text)?.[1]
  const person = await signedIn(product, address)
  expect((await person.post(`/v1/invitation-links/${token}/accept`)).status).toBe(200)
  return person
}

const patch = (by: ApiCaller, path: string, body: object) =>
  by.send('PATCH', path, JSON.stringify(body), { 'content-type': 'application/json', 'if-match': '"v1"' })
const remove = (by: ApiCaller, path: string) => by.send('DELETE', path, undefined)
const idsIn = async (by: ApiCaller, path: string): Promise<readonly string[]> => {
  const { status, body } = await by.get(path)
  expect([path, status]).toEqual([path, 200])
  return body.items.map(({ id }: { id: string }) => id)
}

describe('an achievement is a unit', () => {
  test('below that of its issuer, named like itself, and its answer says which', async () => {
    const { body: achievement } = await owner.get(`/v1/achievements/${own.achievementId}`)
    const { body: issuer } = await owner.get(`/v1/issuers/${own.issuerId}`)
    const { status, body: unit } = await owner.get(`/v1/units/${achievement.unitId}`)
    expect([status, unit]).toEqual([
      200,
      {
        id: achievement.unitId,
        parentId: issuer.unitId,
        kind: 'achievement',
        name: 'First aid basics',
        rights: [...RIGHTS],
        revision: 1,
      },
    ])
  })

  test('is left out of the tree until it is asked for, page by page, by name and by issuer', async () => {
    const tree = (await owner.get('/v1/units')).body
    expect(tree.next).toBeNull()
    expect(new Set(tree.items.map(({ kind }: { kind: string }) => kind))).toEqual(
      new Set(['organisation', 'issuer']),
    )
    const first = (await owner.get('/v1/units?kind=achievement&limit=1')).body
    const second = (await owner.get(`/v1/units?kind=achievement&limit=1&cursor=${first.next}`)).body
    expect([first.items[0].id, second.items[0].id]).toEqual([sister.achievementId, own.achievementId])
    expect(second.next).toBeNull()
    expect(await idsIn(owner, '/v1/units?kind=achievement&name=FIRST%20aid')).toEqual([own.achievementId])
    const { unitId } = (await owner.get(`/v1/issuers/${own.issuerId}`)).body
    expect(await idsIn(owner, `/v1/units?kind=achievement&parentId=${unitId}`)).toHaveLength(2)
    expect(await idsIn(owner, `/v1/units?kind=achievement&parentId=${school.rootUnit}`)).toEqual([])
    expect(await idsIn(owner, '/v1/units?kind=issuer')).toEqual([unitId])
  })

  test('its unit has no name, place or life of its own, and nothing stands below it', async () => {
    const unit = sister.achievementId
    const group = (await owner.post('/v1/units', { name: 'Group' })).body.id
    const refused = [
      await patch(owner, `/v1/units/${unit}`, { name: 'Other' }),
      await patch(owner, `/v1/units/${unit}`, { parentId: group }),
      await remove(owner, `/v1/units/${unit}`),
      await owner.post('/v1/units', { name: 'Below', parentId: unit }),
      await patch(owner, `/v1/units/${group}`, { parentId: unit }),
      await owner.post('/v1/issuers', { slug: 'below-a-badge', name: 'Below', parentUnitId: unit }),
    ]
    for (const { status, body } of refused)
      expect([status, body.code, body.parameters]).toEqual([
        409,
        'unit-of-achievement',
        { achievementId: sister.achievementId },
      ])
    expect((await owner.get(`/v1/units/${unit}`)).body.revision).toBe(1)
    await remove(owner, `/v1/units/${group}`)
  })

  test('follows the name of the achievement: of what is published, or else of the draft', async () => {
    const { issuerId } = own
    const { body } = await owner.post('/v1/achievements', { issuerId, slug: 'renamed', definition })
    const named = async () => (await owner.get(`/v1/units/${body.unitId}`)).body.name
    expect(await named()).toBe('Evacuation drill')
    const path = `/v1/achievements/${body.id}/versions`
    await owner.put(
      `${path}/1`,
      { definition: { ...definition, name: { en: 'Drill' } } },
      { 'if-match': '"v1"' },
    )
    expect(await named()).toBe('Drill')
    await owner.post(`${path}/1/publish`)
    await owner.post(path, { definition: { ...definition, name: { en: 'Fire drill' } } })
    expect(await named()).toBe('Drill')
    await owner.post(`${path}/2/publish`)
    expect(await named()).toBe('Fire drill')
  })

  test('stands below the deepest issuer that there can be', async () => {
    let parentId: string = school.rootUnit
    for (let depth = 2; depth < 20; depth += 1)
      parentId = (await owner.post('/v1/units', { name: `Level ${depth}`, parentId })).body.id
    const deep = await owner.post('/v1/issuers', {
      slug: 'deep-academy',
      name: 'Deep',
      parentUnitId: parentId,
    })
    expect(deep.status).toBe(201)
    const made = await owner.post('/v1/achievements', { issuerId: deep.body.id, slug: 'deep', definition })
    expect(made.status).toBe(201)
    const { api } = await keyOn(made.body.unitId, ['read'])
    expect((await api.get(`/v1/achievements/${made.body.id}`)).status).toBe(200)
    expect((await api.get(`/v1/achievements/${own.achievementId}`)).body.code).toBe('forbidden')
  })
})

describe.each(['key', 'member'] as const)('a %s with rights on one achievement', (kind) => {
  let caller: ApiCaller
  let revoke: () => Promise<unknown>
  let ownAward: string
  let sisterAward: string
  beforeAll(async () => {
    await school.api.post('/v1/events', [...earning(`${kind}-ann`)])
    await awardOf(school.api, `${kind}-ann`)
    const awards = await vi.waitFor(
      async () => {
        const { items } = (await school.api.get('/v1/awards?state=issued')).body
        const of = (id: string) => items.find((each: { achievementId: string }) => each.achievementId === id)
        expect([of(own.achievementId), of(sister.achievementId)]).not.toContain(undefined)
        return [of(own.achievementId).id, of(sister.achievementId).id]
      },
      { timeout: 20_000, interval: 100 },
    )
    ;[ownAward, sisterAward] = awards
    if (kind === 'key') {
      const { id, api } = await keyOn(own.achievementId)
      caller = api
      revoke = () => remove(owner, `/v1/api-keys/${id}`)
    } else {
      const address = 'teacher@one-badge.example.org'
      caller = await memberOn(own.achievementId, address)
      const { items } = (await owner.get('/v1/members')).body
      const { id } = items.find(({ emails }: { emails: string[] }) => emails.includes(address))
      revoke = () => remove(owner, `/v1/members/${id}`)
    }
  })

  test('does with it, its rules and its awards what the rights say', async () => {
    const { achievementId, ruleId, versionId } = own
    const draft = { ...definition, name: { en: 'First aid basics' } }
    const newest = (await caller.get(`/v1/achievements/${achievementId}`)).body.versions.length
    const asked = { target: 'achievement_version', targetId: versionId, endorserName: 'E', comment: 'C' }
    const allowed: readonly (readonly [string, Promise<{ status: number; body: { code?: string } }>])[] = [
      ['change it', caller.post(`/v1/achievements/${achievementId}/versions`, { definition: draft })],
      ['its health', caller.get(`/v1/rules/${ruleId}/health`)],
      ['its award', caller.get(`/v1/awards/${ownAward}`)],
      ['its editions', caller.get(`/v1/awards/${ownAward}/editions`)],
      ['suspend', caller.post(`/v1/awards/${ownAward}/suspend`, { reason: 'A question.' })],
      ['check a rule', caller.post('/v1/rules/check', { document: basicsRule() })],
      ['check itself', caller.post('/v1/achievements/check', { definition: draft })],
      ['its assessors', caller.get(`/v1/achievements/${achievementId}/assessors`)],
      ['its shares', caller.get(`/v1/achievements/${achievementId}/shares`)],
      [
        'ask for an endorsement',
        caller.post('/v1/endorsements', { ...asked, endorserDid: createEndorser().did }),
      ],
      [
        'award it',
        caller.post('/v1/direct-awards', { achievementId, identifier: `${kind}@direct.example.org` }),
      ],
    ]
    for (const [what, answer] of allowed) {
      const { status, body } = await answer
      expect([what, status < 300, body.code]).toEqual([what, true, undefined])
    }
    const versions = `/v1/achievements/${achievementId}/versions`
    expect((await caller.post(`${versions}/${newest + 1}/publish`)).body.state).toBe('published')
    const rule = await caller.post(`/v1/rules/${ruleId}/versions`, { document: basicsRule() })
    expect(rule.status).toBe(201)
    expect((await caller.post(`/v1/rules/${ruleId}/pause`)).status).toBe(200)
    expect((await caller.post(`/v1/rules/${ruleId}/resume`)).status).toBe(200)
    const again = await caller.post('/v1/rules', { name: `Of a ${kind}`, document: basicsRule() })
    expect(again.status).toBe(201)
  })

  test('is refused its sister, by the name of the right and the unit', async () => {
    const { achievementId, ruleId, versionId } = sister
    const refused: readonly (readonly [Right, Promise<{ status: number; body: Record<string, unknown> }>])[] =
      [
        ['read', caller.get(`/v1/achievements/${achievementId}`)],
        ['update', caller.post(`/v1/achievements/${achievementId}/versions`, { definition })],
        [
          'delete',
          caller.post(`/v1/achievements/${achievementId}/versions/1/retire`, {}, { 'if-match': '"v1"' }),
        ],
        [
          'administer',
          caller.post(`/v1/achievements/${achievementId}/assessors`, {
            email: 'assessor@one-badge.example.org',
            name: 'A',
            qualification: 'Q',
          }),
        ],
        ['read', caller.get(`/v1/rules/${ruleId}`)],
        ['update', caller.post(`/v1/rules/${ruleId}/versions`, { document: basicsRule('drill') })],
        ['update', caller.post('/v1/rules', { name: 'Not mine', document: basicsRule('drill') })],
        ['award', caller.post(`/v1/rules/${ruleId}/pause`)],
        ['read', caller.get(`/v1/awards/${sisterAward}`)],
        ['award', caller.post(`/v1/awards/${sisterAward}/revoke`, { reason: 'Not mine.' })],
        ['award', caller.post(`/v1/awards/${sisterAward}/suspend`, { reason: 'Not mine.' })],
        ['award', caller.post('/v1/direct-awards', { achievementId, identifier: 'not-mine@example.org' })],
        [
          'update',
          caller.post('/v1/endorsements', {
            target: 'achievement_version',
            targetId: versionId,
            endorserDid: createEndorser().did,
            endorserName: 'E',
            comment: 'C',
          }),
        ],
        [
          'administer',
          caller.post('/v1/api-keys', { name: 'Not mine', rights: ['read'], unitId: achievementId }),
        ],
        [
          'administer',
          caller.post('/v1/webhooks', {
            url: receiver.url,
            description: 'Not mine',
            eventTypes: ['*'],
            unitId: achievementId,
          }),
        ],
      ]
    for (const [place, [right, answer]] of refused.entries()) {
      const { status, body } = await answer
      expect([place, status, body['code'], body['parameters']]).toEqual([
        place,
        403,
        'forbidden',
        { right, unit: achievementId },
      ])
    }
  })

  test('what is of the issuer or of the whole organisation stays theirs', async () => {
    const { issuerId } = own
    const refused = [
      await caller.post('/v1/achievements', { issuerId, slug: 'more', definition }),
      await caller.get(`/v1/issuers/${issuerId}`),
      await caller.get('/v1/issuers'),
      await caller.get('/v1/overview'),
      await caller.get('/v1/events'),
      await caller.get('/v1/audit'),
      await caller.get('/v1/api-keys'),
      await caller.get('/v1/rules/health'),
      await caller.post('/v1/units', { name: 'Group' }),
      await caller.post('/v1/events', completed('nobody', 1)),
    ]
    for (const [place, { status, body }] of refused.entries())
      expect([place, status, body.code]).toEqual([place, 403, 'forbidden'])
  })

  test('another tenant’s achievement does not exist', async () => {
    const { achievementId, ruleId } = stranger
    const unknown = [
      await caller.get(`/v1/achievements/${achievementId}`),
      await caller.get(`/v1/rules/${ruleId}`),
      await caller.get(`/v1/units/${achievementId}`),
      await caller.post('/v1/direct-awards', { achievementId, identifier: 'nobody@example.org' }),
      await caller.post('/v1/api-keys', { name: 'X', rights: ['read'], unitId: achievementId }),
    ]
    for (const { status, body } of unknown) expect([status, body.code]).toEqual([404, 'not-found'])
  })

  test('sees in lists what is of its achievement, and nothing else', async () => {
    expect(await idsIn(caller, '/v1/achievements')).toEqual([own.achievementId])
    expect(await idsIn(caller, '/v1/units?kind=achievement')).toEqual([own.achievementId])
    // In the tree there is what was granted to it one by one, and nothing above.
    expect(await idsIn(caller, '/v1/units')).toEqual([own.achievementId])
    const only = async (path: string) => {
      const { items } = (await caller.get(path)).body
      expect([path, items.length > 0]).toEqual([path, true])
      for (const item of items) expect([path, item.achievementId]).toEqual([path, own.achievementId])
    }
    for (const path of ['awards', 'rules', 'direct-awards', 'decisions']) await only(`/v1/${path}`)
    const endorsed = (await caller.get('/v1/endorsements')).body.items
    expect(new Set(endorsed.map(({ targetId }: { targetId: string }) => targetId))).toEqual(
      new Set([own.versionId]),
    )
    const jobs = (await caller.get('/v1/jobs')).body.items
    const rules = await idsIn(caller, '/v1/rules')
    expect(jobs.length).toBeGreaterThan(0)
    for (const { ruleId } of jobs) expect(rules).toContain(ruleId)
    const counts = (await caller.get('/v1/direct-awards/statistics')).body
    const all = (await owner.get('/v1/direct-awards/statistics')).body
    expect(all.unaccepted).toBeGreaterThanOrEqual(counts.unaccepted)
    const members = (await caller.get('/v1/members')).body.items
    for (const { unitId } of members) expect(unitId).toBe(own.achievementId)
  })

  test('hands on what it holds there, and no more', async () => {
    const unitId = own.achievementId
    const invited = await caller.post('/v1/invitations', {
      email: `${kind}-colleague@one-badge.example.org`,
      rights: ['read', 'award'],
      unitId,
    })
    expect(invited.status).toBe(201)
    expect(await idsIn(caller, '/v1/invitations')).toContain(invited.body.id)
    const wide = await caller.post('/v1/invitations', { email: 'wide@example.org', rights: ['read'] })
    expect([wide.status, wide.body.code]).toEqual([403, 'forbidden'])
  })

  test('reaches nothing from the moment on at which the grant is taken away', async () => {
    expect((await caller.get(`/v1/achievements/${own.achievementId}`)).status).toBe(200)
    await revoke()
    const { status, body } = await caller.get(
      `/v1/achievements/${own.achievementId}?organisation=${school.id}`,
    )
    expect([status, body.code]).toEqual(kind === 'key' ? [401, 'unauthenticated'] : [403, 'forbidden'])
  })
})

test('a right that was not granted on the achievement is refused there by its name', async () => {
  const { api } = await keyOn(own.achievementId, ['read'])
  const answer = await api.post(`/v1/achievements/${own.achievementId}/versions`, { definition })
  expect([answer.status, answer.body.code, answer.body.parameters.right]).toEqual([
    403,
    'forbidden',
    'update',
  ])
})

test('who holds rights on an achievement is told, directly and by inheritance, to who administers it', async () => {
  const address = 'direct@one-badge.example.org'
  await memberOn(own.achievementId, address, ['read', 'administer'])
  const { api, id } = await keyOn(own.achievementId, ['administer'])
  const { body } = await owner.get(`/v1/members?unitId=${own.achievementId}`)
  const held = body.items.map(({ emails, unitId }: { emails: string[]; unitId: string }) => [
    emails[0],
    unitId,
  ])
  expect(held).toContainEqual([address, own.achievementId])
  expect(held).toContainEqual(['owner@one-badge-school.example.org', school.rootUnit])
  const beside = (await owner.get(`/v1/members?unitId=${sister.achievementId}`)).body.items
  expect(beside.map(({ emails }: { emails: string[] }) => emails[0])).not.toContain(address)
  const keys = await idsIn(owner, `/v1/api-keys?unitId=${own.achievementId}`)
  expect(keys).toContain(id)
  expect(keys.length).toBeGreaterThan(1)
  expect(await idsIn(owner, `/v1/api-keys?unitId=${sister.achievementId}`)).not.toContain(id)

  // Who administers the achievement and nothing above it is told of nobody above it.
  expect(await idsIn(api, `/v1/api-keys?unitId=${own.achievementId}`)).toContain(id)
  const seen = (await api.get(`/v1/members?unitId=${own.achievementId}`)).body.items
  expect(new Set(seen.map(({ unitId }: { unitId: string }) => unitId))).toEqual(new Set([own.achievementId]))
  for (const list of ['members', 'api-keys']) {
    const refused = await api.get(`/v1/${list}?unitId=${sister.achievementId}`)
    expect([refused.status, refused.body.parameters]).toEqual([
      403,
      { right: 'administer', unit: sister.achievementId },
    ])
    const unknown = await owner.get(`/v1/${list}?unitId=${stranger.achievementId}`)
    expect([unknown.status, unknown.body.code]).toEqual([404, 'not-found'])
  }
})

test('who may award one achievement is told that an award of it waits, and approves it', async () => {
  const made = await school.api.post('/v1/achievements', {
    issuerId: own.issuerId,
    slug: 'gated',
    definition,
  })
  await school.api.post(`/v1/achievements/${made.body.id}/versions/1/publish`)
  const document = { ...basicsRule('gated'), gate: { approval: { right: 'award', quorum: 1 } } }
  const rule = await school.api.post('/v1/rules', { name: 'Gated', document })
  await school.api.post(`/v1/rules/${rule.body.id}/versions/1/activate`)
  const approver = await memberOn(made.body.unitId, 'approver@one-badge.example.org', ['read', 'award'])
  const other = await memberOn(sister.achievementId, 'beside@one-badge.example.org', ['read', 'award'])
  await school.api.post('/v1/events', earning('gated'))
  const told = async (by: ApiCaller): Promise<readonly string[]> =>
    (await by.get('/v1/notifications')).body.items.map(({ kind }: { kind: string }) => kind)
  await vi.waitFor(async () => expect(await told(approver)).toContain('award-waiting'), {
    timeout: 20_000,
    interval: 100,
  })
  expect(await told(other)).not.toContain('award-waiting')
  const [waiting] = (await approver.get('/v1/awards?state=awaiting_approval')).body.items
  expect((await other.post(`/v1/awards/${waiting.id}/approve`)).body.code).toBe('forbidden')
  expect((await approver.post(`/v1/awards/${waiting.id}/approve`)).status).toBe(200)
})

test('an endpoint of the unit of an achievement is told what happens to it, and nothing else', async () => {
  const listening = async (unitId: string, path: string) => {
    const url = `${receiver.url}/${path}`
    const made = await owner.post('/v1/webhooks', { url, description: path, eventTypes: ['*'], unitId })
    expect(made.status).toBe(201)
  }
  await listening(own.achievementId, 'own')
  await listening((await owner.get(`/v1/issuers/${own.issuerId}`)).body.unitId, 'issuer')

  await school.api.post('/v1/events', [...earning('told')])
  for (const { achievementId } of [own, sister])
    await school.api.post('/v1/direct-awards', { achievementId, identifier: 'told-too@example.org' })
  await school.api.post(`/v1/rules/${sister.ruleId}/pause`)
  await school.api.post(`/v1/rules/${own.ruleId}/pause`)
  const to = (path: string) => receiver.received.filter((each) => each.path.endsWith(`/${path}`))
  const types = (path: string, achievementId: string) =>
    to(path)
      .filter(({ payload }) => payload.data.achievementId === achievementId)
      .map(({ payload }) => payload.type)
  const expected = ['award.granted', 'award.issued', 'direct_award.sent', 'rule.paused']
  await vi.waitFor(
    () => {
      expect(types('own', own.achievementId)).toEqual(expect.arrayContaining(expected))
      expect(types('issuer', own.achievementId)).toEqual(expect.arrayContaining(expected))
      expect(types('issuer', sister.achievementId)).toEqual(expect.arrayContaining(expected))
    },
    { timeout: 20_000, interval: 100 },
  )
  expect(to('own').filter(({ payload }) => payload.data.achievementId !== own.achievementId)).toEqual([])
})

test('rights in a tree with achievements are what looking upwards one by one gives', async () => {
  const { database } = product.running.parts
  let runs = 0
  /** Groups, some of them with an issuer, each issuer with achievements; `parents` say below which group. */
  const build = async (stores: Stores, groupParents: readonly number[], issuerGroups: readonly number[]) => {
    runs += 1
    const organisationId = crypto.randomUUID() as OrganisationId
    const parents = new Map<string, string | undefined>()
    const unit = async (kind: 'organisation' | 'group' | 'issuer', parentId?: UnitId) => {
      const id = crypto.randomUUID() as UnitId
      await stores.organisations.insertUnit({
        organisationId,
        id,
        kind,
        name: kind,
        ...(parentId === undefined ? {} : { parentId }),
      })
      parents.set(id, parentId)
      return id
    }
    await stores.organisations.insert({
      id: organisationId,
      slug: `tree-${runs}`,
      name: 'Tree',
      sample: false,
    })
    const groups = [await unit('organisation')]
    for (const parent of groupParents) groups.push(await unit('group', groups[parent % groups.length]))
    const achievements: AchievementId[] = []
    for (const [place, group] of issuerGroups.entries()) {
      const unitId = await unit('issuer', groups[group % groups.length])
      const slug = `tree-${runs}-${place}`
      const issuerId = crypto.randomUUID() as IssuerId
      await stores.organisations.takeSlug(slug, 'issuer')
      await stores.issuers.insert({
        organisationId,
        id: issuerId,
        unitId,
        slug,
        origin: 'https://badges.example.org',
        did: `did:web:badges.example.org:${slug}`,
        name: slug,
        url: `https://badges.example.org/${slug}`,
        state: 'pending',
        revision: 1,
      })
      for (const number of [1, 2]) {
        const id = crypto.randomUUID() as AchievementId
        await stores.achievements.insert({
          organisationId,
          id,
          issuerId,
          slug: `badge-${place}-${number}`,
          createdAt: asInstant(Date.now()),
          listing: 'unlisted',
        })
        achievements.push(id)
        parents.set(id, unitId)
      }
    }
    return { organisationId, parents, achievements }
  }
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(), { maxLength: 5 }),
      fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
      fc.array(fc.tuple(fc.nat(), fc.subarray([...RIGHTS], { minLength: 1 })), { maxLength: 4 }),
      async (groupParents, issuerGroups, granted) => {
        const tree = await database.asWorker((stores) => build(stores, groupParents, issuerGroups))
        const { organisationId, parents, achievements } = tree
        const units = [...parents.keys()] as UnitId[]
        const grants = granted.map(([at, rights]) => ({
          organisationId,
          unitId: units[at % units.length] as UnitId,
          rights,
        }))
        const principal: Principal = {
          kind: 'session',
          accountId: crypto.randomUUID() as AccountId,
          sessionId: '',
          grants,
        }
        const holds = (at: string | undefined, right: Right): boolean =>
          at !== undefined &&
          (grants.some(({ unitId, rights }) => unitId === at && rights.includes(right)) ||
            holds(parents.get(at), right))
        await database.inOrganisation(organisationId, async (stores) => {
          for (const right of RIGHTS) {
            for (const id of achievements) {
              const allowed = await requireRightOnAchievement(
                stores,
                principal,
                right,
                organisationId,
                id,
              ).then(
                () => true,
                ({ code }) => (code === 'forbidden' ? false : code),
              )
              expect([right, allowed]).toEqual([right, holds(unitOfAchievement(id), right)])
            }
            const expected = achievements.filter((id) => holds(id, right))
            const among = await achievementsWith(stores, principal, right, organisationId).catch(() => [])
            expect(new Set(among ?? achievements)).toEqual(new Set(expected))
          }
        })
      },
    ),
    { numRuns: 12 },
  )
})
