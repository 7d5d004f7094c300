import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import { TEST_EVENT_TYPE, WEBHOOK_EVENT_NAMES } from '#engine/webhooks/webhook-event-types.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { createEndorser, tokenIn } from '#test/product/endorser.ts'
import {
  awardOf,
  basicsRule,
  completed,
  earning,
  type FirstAid,
  setUpFirstAid,
} from '#test/product/first-aid.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'
import { startWebhookReceiver, verifiedBy, type WebhookReceiver } from '#test/product/webhook-receiver.ts'

// Somebody's server listens to everything while an organisation does what it does every day.

let product: TestProduct
let school: TestOrganisation
let firstAid: FirstAid
let receiver: WebhookReceiver
let secret: string
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('told-school')
  receiver = await startWebhookReceiver()
  const made = await school.api.post('/v1/webhooks', {
    url: receiver.url,
    description: 'Everything',
    eventTypes: ['*'],
  })
  secret = made.body.secret
  firstAid = await setUpFirstAid(school.api, 'told-academy')
})
afterAll(async () => {
  await product?.stop()
  await receiver?.close()
})

/** What was told of this since the test began to ask, in whatever order it came. */
const told = (about: object, ...types: readonly string[]) =>
  vi.waitFor(
    () => {
      const found = receiver.received.filter(({ payload }) =>
        Object.entries(about).every(([name, value]) => payload.data[name] === value),
      )
      expect(found.map(({ payload }) => payload.type).sort()).toEqual([...types].sort())
      return found.map(({ payload }) => payload)
    },
    { timeout: 20_000, interval: 100 },
  )
const sql = (text: string, values: unknown[] = []) =>
  withClient(product.running.parts.databaseUrl, async (client) => (await client.query(text, values)).rows)

async function signedIn(address: string): Promise<ApiCaller> {
  const link = await product.running.product.routes.signIn.link({ type: 'email', value: address })
  const answer = await new ApiCaller(product.url).post('/v1/session', { token: tokenIn(link) })
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return new ApiCaller(product.url, { cookie, origin: product.url })
}

describe('everything that happens is told once', () => {
  test('an expert from outside is asked, looks, and answers or does not', async () => {
    const { issuerId } = firstAid
    const definition = { name: { en: 'X' }, description: { en: 'X.' }, criteria: { en: 'X.' } }
    const made = await school.api.post('/v1/achievements', { issuerId, slug: 'seen', definition })
    const path = `/v1/achievements/${made.body.id}/versions/1`
    await school.api.post(`${path}/submit`, undefined, { 'if-match': '"v1"' })
    const ask = async (name: string) => {
      const email = `${name}@outside.example.org`
      const { body } = await school.api.post(`${path}/expert-reviews`, { email })
      const mail = await product.inbox.waitFor(email, 20_000)
      return { id: body.id, link: `/v1/expert-review-links/${/#([\w-]{40,})/.exec(mail.text)?.[1]}` }
    }
    const [one, other] = [await ask('one'), await ask('other')]
    const anybody = new ApiCaller(product.url)
    const { digest } = (await anybody.get(one.link)).body
    await anybody.post(`${one.link}/answer`, { verdict: 'agrees', name: 'X', digest })
    await anybody.post(`${other.link}/decline`)
    const names = (...states: string[]) => states.map((state) => `expert_review.${state}`)
    const [first] = await told({ expertReviewId: one.id }, ...names('requested', 'viewed', 'answered'))
    expect(first?.data).toMatchObject({ achievementId: made.body.id, version: 1 })
    await told({ expertReviewId: other.id }, ...names('requested', 'declined'))
    const [third, fourth] = [await ask('third'), await ask('fourth')]
    await school.api.post(`/v1/expert-reviews/${third.id}/withdraw`)
    await told({ expertReviewId: third.id }, ...names('requested', 'withdrawn'))
    await sql('UPDATE expert_review SET expires_at = now() WHERE id = $1', [fourth.id])
    await school.api.get(`${path}/expert-reviews`)
    await told({ expertReviewId: fourth.id }, ...names('requested', 'expired'))
  })

  test('an achievement that is listed and shared, and no longer', async () => {
    await product.organisation('told-partner')
    const definition = { name: { en: 'X' }, description: { en: 'X.' }, criteria: { en: 'X.' } }
    const { issuerId } = firstAid
    const made = await school.api.post('/v1/achievements', { issuerId, slug: 'passed-on', definition })
    const path = `/v1/achievements/${made.body.id}`
    await school.api.post(`${path}/versions/1/publish`)
    for (const listing of ['listed', 'unlisted']) await school.api.put(`${path}/listing`, { listing })
    await told({ achievementId: made.body.id, listing: 'listed' }, 'achievement.listed')
    await told({ achievementId: made.body.id, listing: 'unlisted' }, 'achievement.unlisted')
    const wanted = { organisation: 'told-partner', kind: 'view' }
    const { body } = await school.api.post(`${path}/versions/1/shares`, wanted)
    await school.api.post(`${path}/shares/${body.id}/withdraw`)
    await told({ shareId: body.id }, 'achievement.shared', 'achievement.share_withdrawn')
  })

  test('a mandate to assess that nobody accepted', async () => {
    const path = `/v1/achievements/${firstAid.achievementId}/assessors`
    const given = await school.api.post(path, { email: 'n@told.example.org', name: 'N', qualification: 'N' })
    const mandateId = given.body.id
    await school.api.post(`/v1/invitations/${given.body.invitationId}/withdraw`)
    await told({ mandateId }, 'assessor.mandated', 'assessor.mandate_expired')
    await school.api.post(`${path}/${mandateId}/end`, { reason: 'Why.' })
    await told({ mandateId }, 'assessor.mandated', 'assessor.mandate_expired', 'assessor.mandate_ended')
  })

  test('a mandate to assess, given and ended', async () => {
    const { achievementId } = firstAid
    const path = `/v1/achievements/${achievementId}/assessors`
    const given = await school.api.post(path, { email: 'q@told.example.org', name: 'Q', qualification: 'Q' })
    await school.api.post(`${path}/${given.body.id}/end`, { reason: 'Why.' })
    const [mandated] = await told({ mandateId: given.body.id }, 'assessor.mandated', 'assessor.mandate_ended')
    expect(mandated.data).toEqual({ mandateId: given.body.id, achievementId })
  })

  test('an achievement and its rule, from publishing to pausing', async () => {
    const { achievementId, versionId, ruleId } = firstAid
    const [published] = await told({ achievementVersionId: versionId }, 'achievement.published')
    expect(published.data).toEqual({
      achievementId,
      achievementVersionId: versionId,
      version: 1,
      state: 'published',
    })
    await school.api.post(`/v1/rules/${ruleId}/pause`)
    await school.api.post(`/v1/rules/${ruleId}/resume`)
    const ofRule = { ruleId, version: 1 }
    await told(ofRule, 'rule.activated', 'rule.paused', 'rule.resumed')
    await school.api.post(`/v1/rules/${ruleId}/versions`, { document: basicsRule() })
    await school.api.post(`/v1/rules/${ruleId}/versions/2/shadow`)
    await school.api.post(`/v1/rules/${ruleId}/versions/2/unshadow`)
    await school.api.post(`/v1/rules/${ruleId}/versions/2/activate`)
    await told(ofRule, 'rule.activated', 'rule.paused', 'rule.resumed', 'rule.retired')
    await told({ ruleId, version: 2 }, 'rule.shadow_started', 'rule.shadow_ended', 'rule.activated')
    const jobs = (await school.api.get('/v1/jobs')).body.items
    expect(jobs.length).toBeGreaterThan(1)
    for (const { id } of jobs) await told({ jobId: id }, 'job.finished')
  })

  test('a badge, from its award to its end', async () => {
    await school.api.post('/v1/events', earning('ann'))
    const award = await awardOf(school.api, 'ann', { anchored: true })
    const { id: awardId, credentialId } = award
    const [, issued] = (await told({ awardId }, 'award.granted', 'award.issued')).sort((a, b) =>
      a.type < b.type ? -1 : 1,
    )
    expect(issued.data).toEqual({
      awardId,
      credentialId,
      state: 'issued',
      origin: 'rule',
      issuerId: firstAid.issuerId,
      achievementId: firstAid.achievementId,
      achievementVersionId: firstAid.versionId,
      ruleId: firstAid.ruleId,
    })
    expect(issued.timestamp).toBe(award.issuedAt)

    const mail = await product.inbox.waitFor('ann@example.org', 20_000)
    const token = /\/claim#([\w-]+)/.exec(mail.text)?.[1]
    expect((await new ApiCaller(product.url).post(`/v1/claims/${token}/accept`)).status).toBe(200)
    const ann = await signedIn('ann@example.org')
    const badge = `/v1/credentials/${credentialId}`
    const link = await ann.post(`${badge}/share-links`, {})
    await ann.send('DELETE', `${badge}/share-links/${link.body.id}`, undefined)
    for (const visibility of ['public', 'private'])
      expect((await ann.put(`${badge}/visibility`, { visibility })).status).toBeLessThan(300)
    const edition = (number: number) =>
      vi.waitFor(
        async () => {
          const { body, headers } = await school.api.get(`/v1/awards/${awardId}`)
          expect(body).toMatchObject({ edition: number, nextEdition: null })
          return headers.get('etag') ?? ''
        },
        { timeout: 20_000, interval: 100 },
      )
    const why = { reason: 'Ann cheated.' }
    await school.api.post(
      `/v1/awards/${awardId}/correct`,
      { ...why, changes: { narrative: 'Ann.' } },
      { 'if-match': await edition(1) },
    )
    await edition(2)
    await school.api.post(`/v1/awards/${awardId}/reissue`, why)
    await edition(3)
    await school.api.post(`/v1/awards/${awardId}/suspend`, why)
    await school.api.post(`/v1/awards/${awardId}/reinstate`, why)
    await edition(4)
    await school.api.post(`/v1/awards/${awardId}/revoke`, why)
    const life = [
      ...['granted', 'issued', 'corrected', 'reissued', 'suspended', 'reinstated', 'revoked'].map(
        (each) => `award.${each}`,
      ),
      'credential.claimed',
    ]
    await told(
      { awardId },
      ...life,
      ...Array(2).fill('credential.shared'),
      ...Array(2).fill('credential.unshared'),
    )

    const batches = (await school.api.get('/v1/batches')).body.items.filter(
      ({ state }: { state: string }) => state === 'final',
    )
    expect(batches.length).toBeGreaterThan(0)
    for (const { id } of batches) await told({ batchId: id }, 'batch.anchored')
  })

  test('a badge that its earner does not want', async () => {
    await school.api.post('/v1/events', earning('cas'))
    const { id: awardId } = await awardOf(school.api, 'cas')
    const mail = await product.inbox.waitFor('cas@example.org', 20_000)
    const token = /\/claim#([\w-]+)/.exec(mail.text)?.[1]
    expect((await new ApiCaller(product.url).post(`/v1/claims/${token}/reject`)).status).toBeLessThan(300)
    await told({ awardId }, 'award.granted', 'award.issued', 'credential.rejected')
  })

  test('awards that wait for people', async () => {
    const definition = { name: { en: 'Reviewed' }, description: { en: 'R.' }, criteria: { en: 'R.' } }
    const { body } = await school.api.post('/v1/achievements', {
      issuerId: firstAid.issuerId,
      slug: 'reviewed',
      definition,
    })
    await school.api.post(`/v1/achievements/${body.id}/versions/1/publish`)
    const document = { ...basicsRule('reviewed'), gate: { approval: { right: 'award', quorum: 1 } } }
    const rule = await school.api.post('/v1/rules', { name: 'Reviewed', document })
    await school.api.post(`/v1/rules/${rule.body.id}/versions/1/activate`)
    const waiting = await vi.waitFor(
      async () => {
        const { items } = (await school.api.get('/v1/awards?state=awaiting_approval')).body
        expect(items).toHaveLength(2)
        return items
      },
      { timeout: 20_000, interval: 100 },
    )
    const [yes, no] = waiting
    await told({ awardId: yes.id }, 'award.granted', 'award.awaiting_approval')
    expect((await school.api.post(`/v1/awards/${yes.id}/approve`)).status).toBe(200)
    expect((await school.api.post(`/v1/awards/${no.id}/refuse`, { reason: 'Not she.' })).status).toBe(200)
    await told(
      { awardId: yes.id },
      ...['granted', 'awaiting_approval', 'approved', 'issued'].map((each) => `award.${each}`),
    )
    await told(
      { awardId: no.id },
      ...['granted', 'awaiting_approval', 'refused'].map((each) => `award.${each}`),
    )
    // From here on nobody waits any more.
    await school.api.post(`/v1/rules/${rule.body.id}/pause`)
  })

  test('an endorsement', async () => {
    const endorser = createEndorser()
    const ask = () =>
      school.api.post('/v1/endorsements', {
        target: 'issuer',
        targetId: firstAid.issuerId,
        endorserDid: endorser.did,
        endorserName: 'Erasmus Endorser',
        comment: 'Good.',
      })
    const asked = await ask()
    const path = `/v1/endorsement-requests/${tokenIn(asked.body.requestUrl)}`
    const credential = await endorser.sign((await new ApiCaller(product.url).get(path)).body.unsigned)
    expect((await school.api.post(`${path}/signature`, { credential })).status).toBe(200)
    await school.api.post(`/v1/endorsements/${asked.body.id}/publish`)
    await school.api.post(`/v1/endorsements/${asked.body.id}/hide`)
    const names = ['requested', 'signed', 'published', 'hidden']
    await told({ endorsementId: asked.body.id }, ...names.map((each) => `endorsement.${each}`))
    const refused = await ask()
    const other = `/v1/endorsement-requests/${tokenIn(refused.body.requestUrl)}`
    await new ApiCaller(product.url).post(`${other}/reject`)
    await told({ endorsementId: refused.body.id }, 'endorsement.requested', 'endorsement.rejected')
  })

  test('a key, and an event that was parked', async () => {
    const { body } = await school.api.post('/v1/api-keys', { name: 'Of Karel', rights: ['read'] })
    await school.api.send('DELETE', `/v1/api-keys/${body.apiKey.id}`, undefined)
    await told({ apiKeyId: body.apiKey.id }, 'api_key.created', 'api_key.revoked')
    const eventId = (await school.api.post('/v1/events', completed('dirk', 1))).body.items[0].id
    await sql("UPDATE event SET parked_at = now(), error_code = 'internal', attempts = 8 WHERE id = $1", [
      eventId,
    ])
    const [parked] = await told({ eventId }, 'event.parked')
    expect(parked.data).toMatchObject({ code: 'internal', attempts: 8 })
  })

  test('what becomes of direct awards', async () => {
    const { achievementId } = firstAid
    const offer = async (who: string, over: object = {}) => {
      const made = await school.api.post('/v1/direct-awards', { achievementId, identifier: who, ...over })
      expect([made.status, made.body.code]).toEqual([201, undefined])
      return { id: made.body.directAward.id as string, code: made.body.awardCode as string }
    }
    const scheduled = await offer('gus@example.org', { scheduledAt: '2099-01-01T00:00:00Z' })
    await school.api.send('DELETE', `/v1/direct-awards/${scheduled.id}`, undefined)
    await told({ directAwardId: scheduled.id }, 'direct_award.scheduled', 'direct_award.deleted')

    const claimed = await offer('eva@example.org')
    const eva = await signedIn('eva@example.org')
    await eva.post('/v1/claims/by-code', { code: claimed.code })
    const { awardId } = (await school.api.get(`/v1/direct-awards/${claimed.id}`)).body
    const made = ['credential.claimed', 'award.granted', 'award.issued']
    await told({ awardId }, ...made, 'direct_award.claimed')
    await school.api.post(`/v1/direct-awards/${claimed.id}/revoke`, { reason: 'She cheated.' })
    await told({ awardId }, ...made, 'direct_award.claimed', 'award.revoked', 'direct_award.revoked')
    const of = ['scheduled', 'sent', 'claimed', 'revoked'].map((state) => `direct_award.${state}`)
    await told({ directAwardId: claimed.id }, ...of)

    const rejected = await offer('eva@example.org')
    await eva.post(`/v1/account/direct-awards/${rejected.id}/reject`)
    await told(
      { directAwardId: rejected.id },
      ...['scheduled', 'sent', 'rejected'].map((state) => `direct_award.${state}`),
    )
    const list = await school.api.post('/v1/direct-award-bundles', {
      achievementId,
      rows: [{ identifier: 'cas@example.org', scheduledAt: '2099' }, { identifier: 'fay@example.org' }],
    })
    const finished = await told({ directAwardBundleId: list.body.id }, 'direct_award_bundle.finished')
    expect(finished[0]?.data).toMatchObject({ total: 2, awarded: 1, refused: 1 })
    await school.api.post(`/v1/direct-award-bundles/${list.body.id}/undo`)
    const both = ['direct_award_bundle.finished', 'direct_award_bundle.undone']
    const undone = await told({ directAwardBundleId: list.body.id }, ...both)
    expect(undone.at(-1)?.data).toMatchObject({ awarded: 1, undone: 1 })
    const late = await offer('dirk@example.org')
    await sql(`UPDATE direct_award SET expires_at = now(), next_at = now() WHERE id = $1`, [late.id])
    await told(
      { directAwardId: late.id },
      ...['scheduled', 'sent', 'expired'].map((state) => `direct_award.${state}`),
    )
  })

  test('and what others have yet to build, or time brings, by the moves of its rows', async () => {
    await school.api.post('/v1/events', [...earning('eva'), ...earning('fay'), ...earning('gus')])
    const [eva, fay, gus] = [
      await awardOf(school.api, 'eva'),
      await awardOf(school.api, 'fay'),
      await awardOf(school.api, 'gus'),
    ]
    const move = (table: string, id: string, state: string) =>
      // Table names are this test's own.
      sql(`UPDATE ${table} SET state = $2 WHERE id = $1`, [id, state])
    await move('award', eva.id, 'expired')
    await move('award', fay.id, 'superseded')
    await move('award', gus.id, 'awaiting_endorsement')
    await sql("UPDATE claim SET state = 'expired' WHERE award_id = $1", [gus.id])
    const definition = { name: { en: 'X' }, description: { en: 'X.' }, criteria: { en: 'X.' } }
    const { body } = await school.api.post('/v1/achievements', {
      issuerId: firstAid.issuerId,
      slug: 'moving',
      definition,
    })
    const { id } = body.versions?.[0] ?? {}
    for (const state of ['in_review', 'approved']) await move('achievement_version', id, state)
    await school.api.post('/v1/achievements', { issuerId: firstAid.issuerId, slug: 'old', definition })
    await move('achievement_version', firstAid.versionId, 'retired')
    await sql(
      "UPDATE achievement_version SET state = 'withdrawn', ended_at = now(), end_reason = 'R.' WHERE id = $1",
      [firstAid.versionId],
    )
    const asked = await school.api.post('/v1/endorsements', {
      target: 'issuer',
      targetId: firstAid.issuerId,
      endorserDid: createEndorser().did,
      endorserName: 'E',
      comment: 'C.',
    })
    for (const state of ['withdrawn', 'expired', 'revoked', 'stale'])
      await move('endorsement', asked.body.id, state)
    await told(
      { endorsementId: asked.body.id },
      ...['requested', 'withdrawn', 'expired', 'revoked', 'stale'].map((each) => `endorsement.${each}`),
    )
    await told(
      { awardId: gus.id },
      'award.granted',
      'award.issued',
      'award.awaiting_endorsement',
      'credential.claim_expired',
    )
  })
})

test('issuers and their keys, members, roles and invitations', async () => {
  const issuer = await school.api.post('/v1/issuers', { slug: 'told-issuer', name: 'Told' })
  const about = { issuerId: issuer.body.id }
  for (const state of ['pending', 'verified', 'closed'])
    await sql('UPDATE issuer SET state = $2 WHERE id = $1', [issuer.body.id, state])
  await sql(
    `INSERT INTO key_change_request (organisation_id, id, issuer_id, requested_by, created_at)
     VALUES ($1, gen_random_uuid(), $2, 'operator', now())`,
    [school.id, issuer.body.id],
  )
  const keys = await sql('SELECT id FROM issuer_key WHERE issuer_id = $1', [issuer.body.id])
  for (const state of ['retired', 'compromised'])
    await sql('UPDATE issuer_key SET state = $2, ended_at = now() WHERE id = $1', [keys[0].id, state])
  const created = keys.map(() => 'issuer.key_created')
  await told(
    about,
    'issuer.created',
    ...created,
    'issuer.verified',
    'issuer.closed',
    'issuer.key_change_asked',
    'issuer.key_retired',
    'issuer.key_compromised',
  )

  const role = (await school.api.post('/v1/roles', { name: 'Told', rights: ['read'] })).body.id
  await school.api.send('PATCH', `/v1/roles/${role}`, '{"name":"Told anew"}', {
    'content-type': 'application/json',
    'if-match': '"v1"',
  })
  await school.api.send('DELETE', `/v1/roles/${role}`, undefined)
  await told({ roleId: role }, 'role.created', 'role.changed', 'role.deleted')

  const invite = async (name: string) =>
    (await school.api.post('/v1/invitations', { email: `${name}@told.example.org`, rights: ['read'] })).body
      .id
  const [withdrawn, late, declined, accepted] = [
    await invite('withdrawn'),
    await invite('late'),
    await invite('declined'),
    await invite('accepted'),
  ]
  await school.api.post(`/v1/invitations/${withdrawn}/withdraw`)
  await sql("UPDATE invitation SET state = 'expired', closed_at = now() WHERE id = $1", [late])
  const answer = async (name: string, how: 'accept' | 'decline') => {
    const mail = await product.inbox.waitFor(`${name}@told.example.org`, 20_000)
    const person = await signedIn(`${name}@told.example.org`)
    const answered = await person.post(`/v1/invitation-links/${/#([\w-]+)/.exec(mail.text)?.[1]}/${how}`)
    expect([how, answered.status < 300, answered.body?.code]).toEqual([how, true, undefined])
  }
  await answer('declined', 'decline')
  await answer('accepted', 'accept')
  for (const [id, state] of Object.entries({
    [withdrawn]: 'withdrawn',
    [late]: 'expired',
    [declined]: 'declined',
  }))
    await told({ invitationId: id }, 'invitation.sent', `invitation.${state}`)
  const [, { data } = { data: {} }] = await told(
    { invitationId: accepted },
    'invitation.sent',
    'invitation.accepted',
  )
  const { items } = (await school.api.get('/v1/members')).body
  const member = items.find(({ emails }: { emails: string[] }) =>
    emails.includes('accepted@told.example.org'),
  )
  expect(data).toBeDefined()
  await school.api.send('PATCH', `/v1/members/${member.id}`, '{"rights":["read","award"]}', {
    'content-type': 'application/json',
    'if-match': '"v1"',
  })
  await school.api.send('DELETE', `/v1/members/${member.id}`, undefined)
  const told3 = await vi.waitFor(
    () => {
      const found = receiver.received.filter(
        ({ payload }) => payload.data['memberId'] === member.id && payload.type.startsWith('member.'),
      )
      expect(found.map(({ payload }) => payload.type).sort()).toEqual([
        'member.added',
        'member.changed',
        'member.removed',
      ])
      return found
    },
    { timeout: 20_000, interval: 100 },
  )
  expect(told3.every(({ text }) => !text.includes('told.example.org'))).toBe(true)
})

test('the catalogue is what was told: each of its types, and nothing else', async () => {
  const types = new Set(receiver.received.map(({ payload }) => payload.type))
  expect([...types].sort()).toEqual([...WEBHOOK_EVENT_NAMES].sort())
  const { body } = await school.api.get('/v1/webhook-event-types')
  expect(body.items.map(({ type }: { type: string }) => type)).toEqual(WEBHOOK_EVENT_NAMES)
})

test('every message was signed, fits its schema, came once, and names nobody', async () => {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false })
  addFormats.default(ajv)
  const schema = JSON.parse(readFileSync('docs/schemas/webhook-payload.schema.json', 'utf8'))
  const fits = ajv.compile(schema)
  const named = schema.oneOf.flatMap(
    (each: { properties: { type: { enum: string[] } } }) => each.properties.type.enum,
  )
  expect(named.sort()).toEqual([...WEBHOOK_EVENT_NAMES, TEST_EVENT_TYPE].sort())
  const known = new Set(
    Object.values(schema.$defs as Record<string, { properties?: object }>).flatMap(({ properties = {} }) =>
      Object.keys(properties),
    ),
  )
  for (const message of receiver.received) {
    expect(verifiedBy(secret, message)).not.toBe(false)
    expect([message.payload, fits(message.payload), fits.errors]).toEqual([message.payload, true, null])
    for (const member of Object.keys(message.payload.data)) expect(known).toContain(member)
    expect(message.text).not.toMatch(/ann|cas|dirk|eva|fay|gus|Karel|Erasmus|cheated|Not she|@|subject/)
  }
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(receiver.received.length)
  const [{ count } = { count: 0 }] = (await sql('SELECT count(*)::int AS count FROM webhook_event')) as {
    count: number
  }[]
  expect(count).toBe(receiver.received.length)
})
