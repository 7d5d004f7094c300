import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import type { Right } from '#engine/access/rights.ts'
import type { AchievementId, AwardId } from '#engine/shared/ids.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { basicsRule, earning, setUpFirstAid } from '#test/product/first-aid.ts'
import { addMember, signedIn } from '#test/product/member.ts'
import { composeAgain } from '#test/product/second-composition.ts'
import {
  OPERATOR,
  startTestProduct,
  type TestOrganisation,
  type TestProduct,
} from '#test/product/test-product.ts'

let product: TestProduct
let school: TestOrganisation
let issuerId: string
let assessor: ApiCaller
let awarder: ApiCaller
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('assessed-school')
  issuerId = (await setUpFirstAid(school.api, 'assessed-academy')).issuerId
  assessor = await member('assessor', ['read'])
  awarder = await member('awarder', ['read', 'award'])
})
afterAll(() => product?.stop())

const addressOf = (name: string) => `${name}@assess.example.org`
async function member(name: string, rights: readonly Right[]): Promise<ApiCaller> {
  const by = await signedIn(product, addressOf(name))
  const { accountId } = (await by.get('/v1/session')).body
  await product.running.parts.database.asWorker((stores) => addMember(stores, school, accountId, rights))
  return by
}

const criterion = (id: string) => ({
  id,
  text: { en: `Shows ${id} in practice` },
  measure: { en: 'steps' },
  target: { en: '8 of 10' },
  evidence: 'observation',
  due: 'P10W',
  reviewable: true,
})
let count = 0
/** A badge whose awards wait for people, and as many awards that wait as there are learners. */
async function assessed(learners: readonly string[], criteria: readonly string[] = [], quorum = 1) {
  const slug = `assessed-${++count}`
  const en = { en: 'Text.' }
  const definition = { name: en, description: en, criteria: en, criteriaItems: criteria.map(criterion) }
  const made = await school.api.post('/v1/achievements', { issuerId, slug, definition })
  const { id } = made.body
  expect((await school.api.post(`/v1/achievements/${id}/versions/1/publish`)).status).toBe(200)
  const document = { ...basicsRule(slug), gate: { approval: { right: 'award', quorum } } }
  const rule = await school.api.post('/v1/rules', { name: slug, document })
  expect(
    (await school.api.post(`/v1/rules/${rule.body.id}/versions/1/activate`, { backfill: false })).status,
  ).toBe(200)
  await school.api.post('/v1/events', learners.flatMap(earning))
  const awards = await vi.waitFor(
    async () => {
      const { items } = (await school.api.get('/v1/awards?state=awaiting_approval&limit=100')).body
      const own = items.filter(({ achievementId }: { achievementId: string }) => achievementId === id)
      expect(own).toHaveLength(learners.length)
      return own as { id: string }[]
    },
    { timeout: 20_000, interval: 100 },
  )
  return { id: id as string, awards: awards.map((award) => `/v1/awards/${award.id}`) }
}

const pathOf = (id: string) => `/v1/achievements/${id}/assessors`
const give = (id: string, name: string, over: object = {}) =>
  school.api.post(pathOf(id), {
    email: addressOf(name),
    name: `Name of ${name}`,
    qualification: `Qualified as ${name}`,
    ...over,
  })
/** One account takes in another, after proof of both. */
async function merge(into: ApiCaller, address: string): Promise<void> {
  await into.post('/v1/account/identity-codes', { email: address, language: 'en' })
  const code = await vi.waitFor(
    () => {
      const mails = product.inbox.mails.filter(({ to }) => to.includes(address))
      const found = mails.flatMap(({ text }) => /\b(\d{8})\b/.exec(text)?.[1] ?? []).at(-1)
      expect(found).toBeDefined()
      return found
    },
    { timeout: 20_000 },
  )
  const { body } = await into.post('/v1/account/identities', { email: address, code })
  expect((await into.post(`/v1/account/merges/${body.merge.id}/confirm`)).status).toBe(200)
}
const refusal = { reason: 'Not shown.' }
const DAY = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString()

describe('while an achievement has assessors', () => {
  test('only they approve and refuse, by their mandate and no other right; it stands with what they said', async () => {
    const { id, awards } = await assessed(['ann', 'bob', 'cas'])
    const [first = '', second = '', third = ''] = awards
    // Nobody is named: the right decides.
    const withoutRight = await assessor.post(`${first}/approve`)
    expect([withoutRight.status, withoutRight.body.parameters.right]).toEqual([403, 'award'])
    expect((await awarder.post(`${first}/approve`)).status).toBe(200)

    const given = await give(id, 'assessor')
    expect([given.status, given.body.state, given.body.accountId]).toEqual([
      201,
      'active',
      expect.any(String),
    ])
    const mail = await product.inbox.waitFor(addressOf('assessor'), 20_000)
    expect(mail.subject).toBe('You are an assessor of Text.')
    for (const move of ['approve', 'refuse'])
      for (const by of [awarder, school.api]) {
        const refused = await by.post(`${second}/${move}`, move === 'refuse' ? refusal : undefined)
        expect([move, refused.status, refused.body.code]).toEqual([move, 403, 'mandate-needed'])
        expect(refused.body.parameters).toEqual({ achievementId: id, state: 'none' })
      }
    const approved = await assessor.post(`${second}/approve`)
    expect([approved.status, approved.body.state]).toEqual([200, 'due'])
    expect(approved.body.approval.said).toMatchObject([{ mandate: { id: given.body.id, criteria: [] } }])
    expect((await assessor.post(`${third}/refuse`, refusal)).body.state).toBe('refused')
    const { items } = (await school.api.get('/v1/audit?limit=20')).body
    const said = items.find(({ action }: { action: string }) => action === 'award.refused')
    expect(said.detail).toEqual({ reason: 'Not shown.', mandate: given.body.id })
  })

  test('an ended mandate, one that is over and one that has not begun open nothing; the reason is kept', async () => {
    const { id, awards } = await assessed(['dee'])
    const path = `${awards[0]}/approve`
    const state = async () => {
      const { status, body } = await assessor.post(path)
      return [status, body.code, body.parameters?.state]
    }
    const early = await give(id, 'assessor', { from: inDays(1), until: inDays(2) })
    expect(early.body.state).toBe('upcoming')
    expect(await state()).toEqual([403, 'mandate-needed', 'upcoming'])
    const late = await give(id, 'assessor', { from: inDays(-2), until: inDays(-1) })
    expect(late.body.state).toBe('over')
    expect(await state()).toEqual([403, 'mandate-needed', 'over'])
    const active = await give(id, 'assessor')
    const end = (mandate: string) => school.api.post(`${pathOf(id)}/${mandate}/end`, { reason: 'Left us.' })
    const ended = await end(active.body.id)
    expect([ended.body.state, ended.body.end.reason]).toEqual(['ended', 'Left us.'])
    expect(await state()).toEqual([403, 'mandate-needed', 'ended'])
    const again = await end(active.body.id)
    expect([again.status, again.body.code, again.body.parameters.state]).toEqual([
      409,
      'mandate-closed',
      'ended',
    ])
    // What ran out by the clock still keeps everybody else away, until a person says otherwise.
    expect((await awarder.post(path)).body.code).toBe('mandate-needed')
    for (const mandate of [early, late]) expect((await end(mandate.body.id)).status).toBe(200)
    expect((await awarder.post(path)).body.state).toBe('due')
    const { items } = (await school.api.get(pathOf(id))).body
    expect(items.map((each: { state: string }) => each.state)).toEqual(['ended', 'ended', 'ended'])
  })

  test('each criterion is assessed by somebody who may', async () => {
    const { id, awards } = await assessed(['eve', 'fay'], ['theory', 'practical'])
    const [first = '', second = ''] = awards
    const unknown = await give(id, 'assessor', { criteria: ['theory', 'nothing'] })
    expect([unknown.status, unknown.body.parameters.criteria]).toEqual([422, ['nothing']])
    await give(id, 'assessor', { criteria: ['theory'] })
    const half = await assessor.post(`${first}/approve`)
    expect([half.body.state, half.body.approval.have, half.body.approval.unassessed]).toEqual([
      'awaiting_approval',
      1,
      ['practical'],
    ])
    // The same person may assess the rest too, and says yes again.
    await give(id, 'assessor', { criteria: ['practical'] })
    expect((await assessor.post(`${first}/approve`)).body.state).toBe('due')
    const both = await assessor.post(`${second}/approve`)
    expect(both.body.approval.said[0].mandate.criteria).toEqual(['practical', 'theory'])
  })

  test('what waits is told to the assessors, and to nobody who cannot approve it', async () => {
    const { id } = await assessed([])
    await give(id, 'assessor')
    await school.api.post('/v1/events', earning('joy'))
    const { accountId } = (await assessor.get('/v1/session')).body
    const told = () =>
      withClient(product.running.parts.databaseUrl, async (client) => {
        const { rows } = await client.query(
          `SELECT account_id::text AS account, notification.kind FROM notification
           JOIN award ON award.id::text = data ->> 'awardId' WHERE award.achievement_id = $1`,
          [id],
        )
        return rows
      })
    await vi.waitFor(
      async () => expect(await told()).toEqual([{ account: accountId, kind: 'award-waiting' }]),
      { timeout: 20_000 },
    )
  })

  test('a rule that asks for more people than may assess is refused', async () => {
    const { id } = await assessed(['gus'])
    await give(id, 'assessor')
    const { body } = await school.api.get(`/v1/achievements/${id}`)
    const document = { ...basicsRule(body.slug), gate: { approval: { right: 'award', quorum: 2 } } }
    const check = await school.api.post('/v1/rules/check', { document })
    expect(check.body.faults).toMatchObject([{ code: 'rule-quorum-impossible' }])
  })
})

test('who is no member is invited by mail, and may assess once they accepted, with no more than reading', async () => {
  const { id, awards } = await assessed(['hal'])
  const given = await give(id, 'stranger', { language: 'nl' })
  expect([given.body.state, given.body.accountId]).toEqual(['invited', null])
  const mail = await product.inbox.waitFor(addressOf('stranger'), 20_000)
  expect(mail.subject).toBe('Je bent beoordelaar van Text.')
  const token = /\/invitation#([\w-]{40,})/.exec(mail.text)?.[1]
  const { items } = (await school.api.get('/v1/invitations?state=open')).body
  expect(items).toMatchObject([{ id: given.body.invitationId, rights: ['read'] }])
  const stranger = await signedIn(product, addressOf('stranger'))
  expect((await stranger.post(`${awards[0]}/approve`)).status).toBe(403)
  expect((await stranger.post(`/v1/invitation-links/${token}/accept`)).status).toBeLessThan(300)
  expect((await stranger.post(`${awards[0]}/approve`)).body.state).toBe('due')
  expect((await stranger.post(`${awards[0]}/revoke`, refusal)).body.parameters).toMatchObject({
    right: 'award',
  })
  expect((await school.api.get(pathOf(id))).body.items).toMatchObject([{ state: 'active' }])
})

test('an invitation that was made for mandates goes with the last of them, and another stays', async () => {
  const { id } = await assessed([])
  const end = async (mandate: string) => {
    const ended = await school.api.post(`${pathOf(id)}/${mandate}/end`, { reason: 'A mistake.' })
    expect(ended.body.state).toBe('ended')
  }
  const stateOf = async (invitation: string) =>
    (await school.api.get(`/v1/invitations/${invitation}`)).body.state
  const [first, second] = [await give(id, 'mistaken'), await give(id, 'mistaken')]
  const { invitationId } = first.body
  expect(second.body.invitationId).toBe(invitationId)
  await end(first.body.id)
  expect(await stateOf(invitationId)).toBe('open')
  await end(second.body.id)
  expect(await stateOf(invitationId)).toBe('withdrawn')
  const mail = await product.inbox.waitFor(addressOf('mistaken'), 20_000)
  const token = /\/invitation#([\w-]{40,})/.exec(mail.text)?.[1]
  const mistaken = await signedIn(product, addressOf('mistaken'))
  const accepted = await mistaken.post(`/v1/invitation-links/${token}/accept`)
  expect([accepted.status, accepted.body.code]).toEqual([409, 'invitation-closed'])
  expect((await mistaken.get('/v1/session')).body.organisations).toEqual([])

  // To the achievement itself, by a person and before there is a mandate.
  const invited = await school.api.post('/v1/invitations', {
    email: addressOf('wanted'),
    unitId: id,
    rights: ['read'],
  })
  expect(invited.status).toBe(201)
  const mandate = await give(id, 'wanted')
  expect(mandate.body.invitationId).toBe(invited.body.id)
  await end(mandate.body.id)
  expect(await stateOf(invited.body.id)).toBe('open')
})

/** Somebody who was named by an address, and has accepted the invitation. */
async function invitedAssessor(id: string, name: string): Promise<ApiCaller> {
  await give(id, name)
  const mail = await product.inbox.waitFor(addressOf(name), 20_000)
  const by = await signedIn(product, addressOf(name))
  const token = /\/invitation#([\w-]{40,})/.exec(mail.text)?.[1]
  expect((await by.post(`/v1/invitation-links/${token}/accept`)).status).toBeLessThan(300)
  return by
}

test('a mandate by invitation goes with the person when two accounts become one', async () => {
  const { id, awards } = await assessed(['pim'])
  await invitedAssessor(id, 'moved-b')
  // The account that stays is a member on the same unit: one of both memberships goes.
  const one = await signedIn(product, addressOf('moved-a'))
  const { accountId } = (await one.get('/v1/session')).body
  const { unitId } = (await school.api.get(`/v1/issuers/${issuerId}`)).body
  const onUnit = { id: school.id, rootUnit: unitId }
  await product.running.parts.database.asWorker((stores) => addMember(stores, onUnit, accountId, ['read']))
  await merge(one, addressOf('moved-b'))
  expect((await school.api.get(pathOf(id))).body.items).toMatchObject([{ state: 'active' }])
  expect((await one.post(`${awards[0]}/approve`)).body.state).toBe('due')
})

test('whoever leaves is not invited again: the mandate says so, and is theirs when they come back', async () => {
  const { id, awards } = await assessed(['ria'])
  const by = await invitedAssessor(id, 'leaver')
  const { accountId } = (await by.get('/v1/session')).body
  const stateNow = async () => (await school.api.get(pathOf(id))).body.items[0].state
  const left = await by.post(`/v1/organisations/leave?organisation=${school.id}`)
  expect([left.status, await stateNow()]).toEqual([204, 'left'])
  expect((await by.post(`${awards[0]}/approve`)).status).toBeGreaterThanOrEqual(403)
  await product.running.parts.database.asWorker((stores) => addMember(stores, school, accountId, ['read']))
  expect(await stateNow()).toBe('active')
  expect((await by.post(`${awards[0]}/approve`)).body.state).toBe('due')
})

test('one person with two accounts that became one says yes once, and everything they approved rests on them', async () => {
  const { awards } = await assessed(['max', 'nel'], [], 2)
  const [waiting = '', approved = ''] = awards
  const [one, two] = [await member('two-a', ['read', 'award']), await member('two-b', ['read', 'award'])]
  const other = (await two.get('/v1/session')).body.accountId
  for (const award of awards) expect((await two.post(`${award}/approve`)).body.approval.have).toBe(1)
  expect((await awarder.post(`${approved}/approve`)).body.state).toBe('due')
  await merge(one, addressOf('two-b'))
  const again = await one.post(`${waiting}/approve`)
  expect([again.body.state, again.body.approval.have]).toEqual(['awaiting_approval', 1])
  const { accountId } = (await one.get('/v1/session')).body
  expect(again.body.approval.said).toMatchObject([{ by: `account:${accountId}` }])
  for (const id of [accountId, other]) {
    const { body } = await school.api.post('/v1/blast-radius', { kind: 'assessor', id: `account:${id}` })
    expect(body.total).toBe(2)
  }
  expect((await awarder.post(`${waiting}/approve`)).body.state).toBe('due')
})

test('one yes of two accounts that both said it before they became one is one person’s', async () => {
  const { awards } = await assessed(['oda'], [], 3)
  const [one, two] = [await member('both-a', ['read', 'award']), await member('both-b', ['read', 'award'])]
  await member('both-c', ['read', 'award'])
  for (const by of [one, two]) await by.post(`${awards[0]}/approve`)
  await merge(one, addressOf('both-b'))
  const third = await awarder.post(`${awards[0]}/approve`)
  expect([third.body.state, third.body.approval.have]).toEqual(['awaiting_approval', 2])
  expect((await school.api.post(`${awards[0]}/approve`)).body.state).toBe('due')
})

test('nobody takes a badge back by a right that they hold elsewhere, or by a mandate', async () => {
  const { id, awards } = await assessed(['lea'])
  await give(id, 'assessor')
  expect((await assessor.post(`${awards[0]}/approve`)).status).toBe(200)
  const faculty = (await school.api.post('/v1/units', { name: 'Faculty A', parentId: school.rootUnit })).body
  const other = await product.organisation('other-school')
  const readers = { faculty: await member('reader-a', ['read']), other: await member('reader-b', ['read']) }
  const onFaculty = { id: school.id, rootUnit: faculty.id }
  for (const [by, where] of [
    [readers.faculty, onFaculty],
    [readers.other, other],
    [assessor, onFaculty],
  ] as const) {
    const { accountId } = (await by.get('/v1/session')).body
    await product.running.parts.database.asWorker((stores) => addMember(stores, where, accountId, ['award']))
    const refused = await by.post(`${awards[0]}/revoke?organisation=${school.id}`, refusal)
    expect([refused.status, refused.body.parameters?.right]).toEqual([403, 'award'])
  }
  expect((await awarder.post(`${awards[0]}/revoke`, refusal)).body.state).toBe('revoked')
})

test('the public page tells qualifications, and names only with consent of the assessor alone', async () => {
  const { id } = await assessed(['ida'])
  const page = async () => (await new ApiCaller(product.url).get(`/v1/public/achievements/${id}`)).body
  expect((await page()).assessors).toEqual([])
  const given = await give(id, 'assessor', { evidenceUrl: 'https://register.example.org/1' })
  await give(id, 'nobody-yet')
  const shown = { qualification: 'Qualified as assessor', evidenceUrl: 'https://register.example.org/1' }
  expect((await page()).assessors).toEqual([{ ...shown, name: null }])
  const name = `${pathOf(id)}/${given.body.id}/name`
  const by = await member('boss', ['read', 'administer'])
  expect((await by.put(name, { showsName: true })).body.code).toBe('mandate-needed')
  expect((await school.api.put(name, { showsName: true })).body.code).toBe('session-required')
  expect((await assessor.put(name, { showsName: true })).status).toBe(200)
  expect((await page()).assessors).toEqual([{ ...shown, name: 'Name of assessor' }])
  expect((await assessor.put(name, { showsName: false })).status).toBe(200)
  expect((await page()).assessors).toEqual([{ ...shown, name: null }])
})

test('whose last mandate is ended while somebody without the right approves, is not approved by them', async () => {
  const { id, awards } = await assessed(['quin'])
  const given = await give(id, 'assessor')
  const reader = await member('only-reader', ['read'])
  const { accountId } = (await reader.get('/v1/session')).body
  const { database, databaseUrl } = product.running.parts
  // After the first look at the mandates somebody ends the last of them.
  const endedMeanwhile: typeof database = {
    ...database,
    inOrganisation: (organisation, work) =>
      database.inOrganisation(organisation, (stores) =>
        work({
          ...stores,
          assessors: {
            ...stores.assessors,
            ofAchievement: async (...asked) => {
              const mandates = await stores.assessors.ofAchievement(...asked)
              await withClient(databaseUrl, (client) =>
                client.query(
                  `UPDATE assessor_mandate SET ended_at = now(), ended_by = 'system', end_reason = 'Race.' WHERE id = $1`,
                  [given.body.id],
                ),
              )
              return mandates
            },
          },
        }),
      ),
  }
  const grants = [{ organisationId: school.id, unitId: school.rootUnit, rights: ['read'] as const }]
  const principal = { kind: 'session', accountId, sessionId: crypto.randomUUID(), grants } as const
  const approving = composeAgain(product, { database: endedMeanwhile }).routes.awards.approve(
    principal,
    school.id,
    awards[0]?.replace('/v1/awards/', '') as AwardId,
  )
  await expect(approving).rejects.toMatchObject({ code: 'mandate-needed' })
  expect((await school.api.get(awards[0] ?? '')).body.state).toBe('awaiting_approval')
})

test('two who end one mandate at once, in two processes: one of them did', async () => {
  const { id } = await assessed(['jan'])
  const given = await give(id, 'assessor')
  const processes = [product.running.product, composeAgain(product, {})]
  const ends = await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) =>
      processes[n % 2]?.routes.assessors.end(
        OPERATOR,
        school.id,
        { achievementId: id as AchievementId, id: given.body.id },
        `Reason ${n}`,
      ),
    ),
  )
  expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const end of ends)
    if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'mandate-closed' })
})

test('fifty yeses of an assessor at once make the award due once', async () => {
  const { id, awards } = await assessed(['kim'])
  await give(id, 'assessor')
  const { accountId, ...session } = (await assessor.get('/v1/session')).body
  expect(session).toBeDefined()
  const grants = await product.running.parts.database.asWorker((stores) => stores.access.grantsOf(accountId))
  const principal = { kind: 'session', accountId, grants } as never
  const processes = [product.running.product, composeAgain(product, {})]
  const awardId = awards[0]?.split('/').at(-1) as AwardId
  const yes = await Promise.allSettled(
    Array.from({ length: 50 }, (_, n) =>
      processes[n % 2]?.routes.awards.approve(principal, school.id, awardId),
    ),
  )
  expect(yes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0)
  const { body } = await school.api.get(awards[0] ?? '')
  expect(body.approval.said).toHaveLength(1)
})
