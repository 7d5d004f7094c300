import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import { RIGHTS, type Right } from '#engine/access/rights.ts'
import type { AccountId } from '#engine/shared/ids.ts'
import { deliveryReport } from '#test/mail/delivery-report.ts'
import { type ApiAnswer, ApiCaller } from './api-caller.ts'
import { attestedRule, createAttester, setUpAttested } from './attester.ts'
import { createEndorser, tokenIn } from './endorser.ts'
import { awardOf, basicsRule, completed, earning, type FirstAid, setUpFirstAid } from './first-aid.ts'
import { addMember } from './member.ts'
import { notificationsDecided } from './notifications-decided.ts'
import { rowCounts } from './row-counts.ts'
import { suggest } from './suggestion.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

let product: TestProduct
let school: TestOrganisation
let firstAid: FirstAid
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('rights-school')
  firstAid = await setUpFirstAid(school.api, 'rights-academy')
})
afterAll(() => product?.stop())

const MAIL_TEMPLATE = { subject: 'A badge', text: 'Claim it: {{link}}' }
const HOUSE_STYLE = {
  colours: { primary: '#1d3f66', secondary: '#f5d9b8', text: '#ffffff' },
  shape: 'round',
  levels: [{ name: { nl: 'Brons', en: 'Bronze' }, accent: '#a5632a' }],
}
const definition = { name: { en: 'X' }, description: { en: 'X.' }, criteria: { en: 'X.' } }
const withText = (secret: string) => new ApiCaller(product.url, { authorization: `Bearer ${secret}` })

async function keyWith(wanted: object, by: ApiCaller = school.api): Promise<{ id: string; api: ApiCaller }> {
  const { status, body } = await by.post('/v1/api-keys', { name: 'test', ...wanted })
  expect([status, body.code]).toEqual([201, undefined])
  return { id: body.apiKey.id, api: withText(body.secret) }
}

/** What changes nothing that an organisation has to answer for, or stands somewhere else for good; and why. */
const UNAUDITED: Readonly<Record<string, string>> = {
  bringForeignBadge: 'the table brings one that is there already: nothing changes',
  checkAchievement: 'only looks',
  checkRule: 'only looks',
  composeImage:
    'a file named by what is in it, and what it was made of: a definition that names it is audited',
  drawCode: 'only looks',
  lookAtBlastRadius: 'only looks',
  previewDirectAwardBundle: 'only looks',
  previewMailTemplate: 'only looks',
  recheckForeignBadge: 'finds the badge as it was; one that is taken back is audited',
  retryEvents: 'finds none of that code; how many there were is audited',
  sendEvents: 'the event itself is kept, with who sent it and when',
  uploadImage: 'as composeImage',
}

/** The two awards of this state, once both are there. */
const awardsIn = (api: ApiCaller, state: string) =>
  vi.waitFor(
    async () => {
      const { items } = (await api.get(`/v1/awards?state=${state}`)).body
      expect(items).toHaveLength(2)
      return items
    },
    { timeout: 20_000, interval: 100 },
  )

/** The one table: which right each operation asks for, and a call that works for whoever holds it. */
type Call = (api: ApiCaller) => Promise<ApiAnswer>
/** A third member: the rights that what is given on takes besides. */
let table: Readonly<Record<string, readonly [Right, Call, (readonly Right[])?]>>

beforeAll(async () => {
  const { api } = school
  const { issuerId, achievementId, ruleId } = firstAid

  // People: two members, one of them to be removed; roles, groups and invitations to work on.
  const member = async (address: string, rights: readonly Right[] = ['administer']): Promise<string> => {
    await product.running.parts.database.asWorker(async (stores) =>
      addMember(
        stores,
        school,
        await stores.access.accountOf({ type: 'email', value: address }, crypto.randomUUID() as AccountId),
        rights,
      ),
    )
    const { items } = (await api.get('/v1/members')).body
    return items.find(({ emails }: { emails: string[] }) => emails.includes(address)).id
  }
  const members = [
    await member('first@rights.example.org'),
    await member('second@rights.example.org'),
    await member('assessor@rights.example.org', ['read']),
  ]
  const role = async (title: string) =>
    (await api.post('/v1/roles', { name: title, rights: ['administer'] })).body.id
  const roles = [await role('First'), await role('Second')]
  const group = async (title: string) => (await api.post('/v1/units', { name: title })).body.id
  const groups = [await group('First'), await group('Second')]
  const invited = async (email: string) =>
    (await api.post('/v1/invitations', { email, rights: ['administer'] })).body.id
  const invitations = [
    await invited('first-invited@rights.example.org'),
    await invited('second-invited@rights.example.org'),
  ]

  // A mail that comes back.
  const invitee = 'first-invited@rights.example.org'
  const { messageId } = await product.inbox.waitFor(invitee, 20_000)
  const report = deliveryReport({ messageId, recipient: invitee })

  // What the calls work on: a draft, a paused rule, awards that wait, and endorsements on their way.
  const reviewed = await api.post('/v1/achievements', { issuerId, slug: 'reviewed', definition })
  await api.post(`/v1/achievements/${reviewed.body.id}/versions/1/publish`)
  const review = await api.post('/v1/rules', {
    name: 'Reviewed',
    document: {
      ...basicsRule('reviewed'),
      gate: { approval: { right: 'award', quorum: 1 } },
    },
  })
  expect(review.status).toBe(201)
  await api.post(`/v1/rules/${review.body.id}/versions/1/activate`)
  const events = await api.post('/v1/events', [...earning('ann'), ...earning('bob')])
  const eventId = events.body.items[0].id
  const [issued, revocable] = await awardsIn(api, 'issued')
  await api.post('/v1/sources', {
    uri: 'https://lms.example.org/strict',
    name: 'Strict',
    createsSubjects: false,
  })
  const sources = (await api.get('/v1/sources')).body.items
  const strict = completed('stranger', 1, { source: 'https://lms.example.org/strict' })
  const quarantined = (await api.post('/v1/events', strict)).body.items[0].id
  const draft = await api.post('/v1/achievements', { issuerId, slug: 'draft', definition })
  const toPublish = await api.post('/v1/achievements', { issuerId, slug: 'to-publish', definition })
  // Versions at each place of their life.
  const lifeOf = (id: string, step: string) => `/v1/achievements/${id}/versions/1/${step}`
  const seen =
    (id: string, step: string): Call =>
    (by) =>
      by.post(lifeOf(id, step), undefined, { 'if-match': '"v1"' })
  const at = async (slug: string, step?: string) => {
    const { body } = await api.post('/v1/achievements', { issuerId, slug, definition })
    if (step !== undefined) expect((await seen(body.id, step)(api)).status).toBe(200)
    return body.id as string
  }
  const inReview = {
    draft: await at('life-draft'),
    submitted: await at('life-submitted', 'submit'),
    handedIn: await at('life-handed-in', 'submit'),
    asked: await at('life-asked', 'submit'),
    published: await at('life-published', 'publish'),
    given: await at('life-given', 'publish'),
  }
  const expert = await api.post(lifeOf(inReview.asked, 'expert-reviews'), { email: 'e@x.example.org' })
  expect(expert.status).toBe(201)
  // What is shared with others, and what others share.
  await product.organisation('shown')
  const other = await product.organisation('shown-too')
  const otherIssuer = await other.api.post('/v1/issuers', { slug: 'shown-academy', name: 'Shown' })
  const shown2 = await other.api.post('/v1/achievements', {
    issuerId: otherIssuer.body.id,
    slug: 'shared',
    definition,
  })
  const theirs = `/v1/achievements/${shown2.body.id}/versions/1`
  await other.api.post(`${theirs}/publish`)
  const received = await other.api.post(`${theirs}/shares`, { organisation: school.id, kind: 'copy' })
  const share = await api.post(`/v1/achievements/${achievementId}/versions/1/shares`, {
    organisation: 'shown-too',
    kind: 'view',
  })
  expect([received.status, share.status]).toEqual([201, 201])
  const qualified = { name: 'A', qualification: 'Q' }
  const mandate = await api.post(`/v1/achievements/${inReview.draft}/assessors`, {
    memberId: members[2],
    ...qualified,
  })
  expect(mandate.status).toBe(201)
  // Whoever sends an invitation again holds what it gives.
  await api.post('/v1/invitations', {
    email: 'by-mail@x.example.org',
    rights: ['administer'],
    unitId: inReview.draft,
  })
  const byMail = await api.post(`/v1/achievements/${inReview.draft}/assessors`, {
    email: 'by-mail@x.example.org',
    ...qualified,
  })
  expect(byMail.status).toBe(201)
  const idle = await api.post('/v1/rules', { name: 'Idle', document: basicsRule() })
  // A rule with a version that retired and one in shadow, a job that is still open, an event that is parked.
  const old = await api.post('/v1/rules', { name: 'Old', document: basicsRule() })
  const oldRule = `/v1/rules/${old.body.id}`
  for (let version = 2; version <= 4; version++)
    await api.post(`${oldRule}/versions`, { document: basicsRule() })
  for (const version of [1, 2]) await api.post(`${oldRule}/versions/${version}/activate`, { backfill: false })
  await api.post(`${oldRule}/versions/3/shadow`)
  const parked = (await api.post('/v1/events', completed('parked', 1))).body.items[0].id
  await vi.waitFor(
    async () => expect((await api.get(`/v1/events/${parked}`)).body.state).not.toBe('received'),
    { timeout: 20_000, interval: 50 },
  )
  const [openJob] = await withClient(product.running.parts.databaseUrl, async (client) => {
    await client.query("UPDATE event SET parked_at = now(), error_code = 'internal' WHERE id = $1", [parked])
    const { rows } = await client.query(
      `INSERT INTO job (organisation_id, id, kind, state, input, created_by, created_at, next_at)
       VALUES ($1, gen_random_uuid(), 'dry_run', 'queued', '{}', 'key:test', now(), 'infinity') RETURNING id`,
      [school.id],
    )
    return rows as { id: string }[]
  })
  const [refusable, confirmable] = await withClient(product.running.parts.databaseUrl, async (client) => {
    const { rows } = await client.query(
      `WITH asking AS (INSERT INTO account (id) SELECT gen_random_uuid() FROM generate_series(1, 2) RETURNING id)
       INSERT INTO claim_confirmation (organisation_id, id, claim_id, account_id, identifier_type, identifier, language,
         state, asked_at, expires_at)
       SELECT organisation_id, gen_random_uuid(), claim.id, asking.id, 'email', 'x@example.org', 'en', 'asked', now(),
         now() + interval '1 hour' FROM claim, asking WHERE award_id = $1 RETURNING id`,
      [issued.id],
    )
    return rows as { id: string }[]
  })
  const endorser = createEndorser()
  const ask = {
    target: 'issuer',
    targetId: issuerId,
    endorserDid: endorser.did,
    endorserName: 'E',
    comment: 'Good.',
  }
  const signed = async () => {
    const asked = await api.post('/v1/endorsements', ask)
    const path = `/v1/endorsement-requests/${tokenIn(asked.body.requestUrl)}`
    const credential = await endorser.sign((await api.get(path)).body.unsigned)
    expect((await api.post(`${path}/signature`, { credential })).status).toBe(200)
    return asked.body.id
  }
  const [endorsement, shown] = [await signed(), await signed()]
  await api.post(`/v1/endorsements/${shown}/publish`)
  await vi.waitFor(
    async () => expect((await api.get(`/v1/endorsements/${shown}/receipt`)).status).toBe(200),
    { timeout: 20_000, interval: 200 },
  )
  const open = await api.post('/v1/endorsements', ask)
  const suggestion = await suggest(product, school.id, api, 'sam', review.body.id)
  // An award of its own, that nothing else here changes.
  await api.post('/v1/events', [...earning('cas'), ...earning('kim')])
  const spared = (await awardOf(api, 'cas')).id
  const renewable = (await awardOf(api, 'kim')).id
  const revocationOf = async (awardId: string) =>
    (await api.post('/v1/awards/revocations', { awardIds: [awardId], reason: 'Test.' })).body
  const spare = await keyWith({ rights: ['read'] })
  const drawn = await api.post('/v1/images/compose', { label: 'Drawn' })
  const picture = await api.get(
    `/images/${(await api.get(`/v1/achievements/${achievementId}`)).body.versions[0].definition.image}.png`,
  )
  const { body: subject } = await api.get('/v1/subjects?identifier=email:ann@example.org')
  const { bytes: badge } = await api.get(`/credentials/${issued.credentialId}`, {
    accept: 'application/json',
  })
  const name = { en: 'X' }
  await api.post('/v1/cohorts', { slug: 'there', name })
  await api.post('/v1/attributes', { name: 'level', type: 'number', description: 'X' })
  const code = await api.post('/v1/codes', { slug: 'there', name })
  const ended = await api.post('/v1/codes', { slug: 'to-end', name })
  const [fact] = (await api.put(`/v1/subjects/${subject.id}/attributes`, { values: { level: 1 } })).body
    .eventIds
  const brought = await api.send('POST', `/v1/subjects/${subject.id}/foreign-badges`, badge as BodyInit, {
    'content-type': 'application/json',
  })
  expect([brought.status, code.status, ended.status]).toEqual([201, 201, 201])
  const hooked = await api.post('/v1/webhooks', {
    url: 'https://lms.example.org/hook',
    description: 'X',
    eventTypes: ['achievement.withdrawn'],
  })
  const webhook = `/v1/webhooks/${hooked.body.webhook.id}`
  const delivery = `${webhook}/deliveries/${(await api.post(`${webhook}/test`)).body.id}`
  const toDelete = await api.post('/v1/webhooks', {
    url: 'https://lms.example.org/hook',
    description: 'X',
    eventTypes: ['achievement.withdrawn'],
  })
  const changes = [await revocationOf(spared), await revocationOf(spared)]
  const attester = createAttester('rights')
  const { keys } = (await api.get(`/v1/issuers/${issuerId}`)).body
  const robbed = (await api.post('/v1/issuers', { slug: 'robbed-academy', name: 'Robbed' })).body.id
  const others = (await api.get(`/v1/issuers/${robbed}`)).body.keys
  const otherKey = others.find(({ purpose }: { purpose: string }) => purpose === 'issuing').id
  const own = keys.find(({ purpose }: { purpose: string }) => purpose === 'anchoring').publicKey
  // It never completes: somebody else must attest as well.
  const together = [attester.address, own, createAttester('nobody').address]
  const attested = await setUpAttested(api, issuerId, 'mailto:ann@example.org', together)
  const dataOf = async (act: string) => {
    const query = `act=${act}&criterion=0&attester=${attester.address}`
    return (await api.get(`${attested.path}/typed-data?${query}`)).body
  }
  const attestation = await attester.sign(await dataOf('attest'))
  const withdrawal = await attester.sign(await dataOf('withdraw'))
  const patch =
    (path: string, body: unknown): Call =>
    (by) =>
      by.send('PATCH', path, JSON.stringify(body), { 'content-type': 'application/json' })

  const patchSeen =
    (path: string, body: unknown): Call =>
    (by) =>
      by.send('PATCH', path, JSON.stringify(body), {
        'content-type': 'application/json',
        'if-match': '"v1"',
      })
  const del =
    (path: string): Call =>
    (by) =>
      by.send('DELETE', path, undefined)
  const get =
    (path: string): Call =>
    (by) =>
      by.get(path)
  const post =
    (path: string, body?: unknown): Call =>
    (by) =>
      by.post(path, body)
  // Direct awards to work on; two of them are not sent yet, so nobody has changed them.
  const direct = async (name: string, over: object = {}): Promise<string> => {
    const wanted = { achievementId, identifier: `${name}@direct.example.org`, ...over }
    const made = await api.post('/v1/direct-awards', wanted)
    expect(made.status).toBe(201)
    return `/v1/direct-awards/${made.body.directAward.id}`
  }
  const scheduledAt = '2099-01-01T00:00:00Z'
  const directAwards = [
    await direct('one'),
    await direct('two', { scheduledAt }),
    await direct('three'),
    await direct('four', { scheduledAt }),
    await direct('five'),
  ]

  const rows = [{ identifier: 'row@direct.example.org' }]
  const bundle = await api.post('/v1/direct-award-bundles', { achievementId, rows })
  expect(bundle.status).toBe(202)

  const vcStatus = { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' }
  const vc = {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    id: 'urn:uuid:86294362-4254-4f36-854f-3952fe42555d',
    type: ['VerifiableCredential'],
    issuer: (await api.get(`/v1/issuers/${issuerId}`)).body.did,
    credentialSubject: { id: 'did:example:subject' },
  }
  const vcOptions = { credentialStatus: [vcStatus] }
  expect((await api.post('/vc/credentials/issue', { credential: vc, options: vcOptions })).status).toBe(201)

  table = {
    vcIssueCredential: ['sign', post('/vc/credentials/issue', { credential: vc, options: vcOptions })],
    vcChangeStatus: [
      'sign',
      post('/vc/credentials/status', { credentialId: vc.id, credentialStatus: vcStatus, status: true }),
    ],
    previewDirectAwardBundle: ['award', post('/v1/direct-award-bundles/preview', { achievementId, rows })],
    startDirectAwardBundle: ['award', post('/v1/direct-award-bundles', { achievementId, rows })],
    listDirectAwardBundles: ['read', get('/v1/direct-award-bundles')],
    getDirectAwardBundle: ['read', get(`/v1/direct-award-bundles/${bundle.body.id}`)],
    listDirectAwardBundleRows: ['read', get(`/v1/direct-award-bundles/${bundle.body.id}/rows`)],
    undoDirectAwardBundle: ['award', post(`/v1/direct-award-bundles/${bundle.body.id}/undo`)],
    listDirectAwards: ['read', get('/v1/direct-awards')],
    createDirectAward: [
      'award',
      post('/v1/direct-awards', { achievementId, identifier: 'new@direct.example.org' }),
    ],
    countDirectAwards: ['read', get('/v1/direct-awards/statistics')],
    getDirectAward: ['read', get(`${directAwards[0]}`)],
    resendDirectAward: ['award', post(`${directAwards[0]}/resend`)],
    drawDirectAward: ['award', get(`${directAwards[0]}/qr`)],
    changeDirectAward: ['award', patchSeen(`${directAwards[1]}`, { message: 'Changed.' })],
    revokeDirectAward: ['award', post(`${directAwards[2]}/revoke`, { reason: 'Test.' })],
    undoDirectAward: ['award', post(`${directAwards[3]}/undo`)],
    deleteDirectAward: ['award', del(`${directAwards[4]}`)],
    getDirectAwardSettings: ['read', get('/v1/direct-award-settings')],
    changeDirectAwardSettings: ['administer', patchSeen('/v1/direct-award-settings', { keepDays: 40 })],
    listUnits: ['read', get('/v1/units')],
    createUnit: ['administer', post('/v1/units', { name: 'Group' })],
    getUnit: ['read', get(`/v1/units/${groups[0]}`)],
    changeUnit: ['administer', patchSeen(`/v1/units/${groups[0]}`, { name: 'Renamed' })],
    deleteUnit: ['administer', del(`/v1/units/${groups[1]}`)],
    listMembers: ['administer', get('/v1/members')],
    getMember: ['administer', get(`/v1/members/${members[0]}`)],
    changeMember: ['administer', patchSeen(`/v1/members/${members[0]}`, { rights: ['administer'] })],
    removeMember: ['administer', del(`/v1/members/${members[1]}`)],
    listRoles: ['read', get('/v1/roles')],
    createRole: ['administer', post('/v1/roles', { name: 'Made', rights: ['administer'] })],
    getRole: ['read', get(`/v1/roles/${roles[0]}`)],
    changeRole: ['administer', patchSeen(`/v1/roles/${roles[0]}`, { name: 'Renamed' })],
    deleteRole: ['administer', del(`/v1/roles/${roles[1]}`)],
    listInvitations: ['administer', get('/v1/invitations')],
    invite: ['administer', post('/v1/invitations', { email: 'new@x.example.org', rights: ['administer'] })],
    getInvitation: ['administer', get(`/v1/invitations/${invitations[0]}`)],
    resendInvitation: ['administer', post(`/v1/invitations/${invitations[0]}/resend`)],
    withdrawInvitation: ['administer', post(`/v1/invitations/${invitations[1]}/withdraw`)],
    listApiKeys: ['administer', get('/v1/api-keys')],
    createApiKey: ['administer', post('/v1/api-keys', { name: 'Heir', rights: ['administer'] })],
    renameApiKey: ['administer', patch(`/v1/api-keys/${spare.id}`, { name: 'Renamed' })],
    revokeApiKey: ['administer', (by) => by.send('DELETE', `/v1/api-keys/${spare.id}`, undefined)],
    listIssuers: ['read', get('/v1/issuers')],
    createIssuer: ['administer', post('/v1/issuers', { slug: 'rights-academy-two', name: 'Two' })],
    getIssuer: ['read', get(`/v1/issuers/${issuerId}`)],
    // Whoever endorsed the profile of another would have to do it anew.
    changeIssuer: ['administer', patchSeen(`/v1/issuers/${robbed}`, { official: 'Changed' })],
    getKeyChange: ['administer', get(`/v1/issuers/${issuerId}/key-change`)],
    requestKeyChange: ['administer', post(`/v1/issuers/${issuerId}/key-change`)],
    rotateIssuingKey: ['administer', post(`/v1/issuers/${issuerId}/rotate-key`)],
    reportKeyCompromise: [
      'administer',
      post(`/v1/issuers/${robbed}/keys/${otherKey}/compromise`, {
        since: '2026-01-01T00:00:00Z',
        reason: 'Sample: the key was copied.',
      }),
    ],
    listSignedOverVcApi: ['sign', get(`/v1/issuers/${robbed}/keys/${otherKey}/signed-over-vc-api`)],
    listAchievements: ['read', get('/v1/achievements')],
    listAchievementNames: ['read', get('/v1/achievement-names')],
    createAchievement: ['create', post('/v1/achievements', { issuerId, slug: 'made', definition })],
    listFrameworks: ['read', get('/v1/frameworks')],
    importFramework: [
      'update',
      (by) =>
        by.send(
          'POST',
          '/v1/frameworks/imports?format=table&framework=made&name=M&targetType=ext:M&publisher=X&source=https://x.example.org&licence=X&edition=1',
          'code,name\n1,One\n',
          { 'content-type': 'text/csv' },
        ),
    ],
    findAlignmentTargets: ['read', get('/v1/alignment-targets?q=eqf')],
    checkAchievement: ['read', post('/v1/achievements/check', { definition })],
    getAchievement: ['read', get(`/v1/achievements/${achievementId}`)],
    createAchievementVersion: ['update', post(`/v1/achievements/${achievementId}/versions`, { definition })],
    replaceAchievementDraft: [
      'update',
      (by) => by.put(`/v1/achievements/${draft.body.id}/versions/1`, { definition }, { 'if-match': '"v1"' }),
    ],
    publishAchievementVersion: ['update', post(`/v1/achievements/${toPublish.body.id}/versions/1/publish`)],
    submitAchievementVersion: ['update', seen(inReview.draft, 'submit')],
    approveAchievementVersion: ['award', seen(inReview.submitted, 'approve')],
    returnAchievementVersion: ['award', post(lifeOf(inReview.handedIn, 'return'), { reason: 'Why.' })],
    retireAchievementVersion: ['delete', post(lifeOf(inReview.published, 'retire'))],
    withdrawAchievementVersion: ['delete', post(lifeOf(inReview.given, 'withdraw'), { reason: 'Why.' })],
    commentAchievementVersion: ['update', post(lifeOf(inReview.draft, 'comments'), { text: 'What?' })],
    listAchievementSteps: ['read', get(lifeOf(inReview.draft, 'steps'))],
    listAssessors: ['read', get(`/v1/achievements/${achievementId}/assessors`)],
    giveMandate: [
      'administer',
      post(`/v1/achievements/${inReview.draft}/assessors`, { memberId: members[2], ...qualified }),
    ],
    endMandate: [
      'administer',
      post(`/v1/achievements/${inReview.draft}/assessors/${mandate.body.id}/end`, { reason: 'Why.' }),
    ],
    resendMandate: [
      'administer',
      post(`/v1/achievements/${inReview.draft}/assessors/${byMail.body.id}/resend`),
      // Whoever accepts may read, and nobody gives on what they do not have.
      ['read'],
    ],
    listExpertReviews: ['read', get(lifeOf(inReview.handedIn, 'expert-reviews'))],
    askExpert: ['update', post(lifeOf(inReview.asked, 'expert-reviews'), { email: 'new@x.example.org' })],
    resendExpertReview: ['update', post(`/v1/expert-reviews/${expert.body.id}/resend`)],
    withdrawExpertReview: ['update', post(`/v1/expert-reviews/${expert.body.id}/withdraw`)],
    listAchievement: [
      'update',
      (by) => by.put(`/v1/achievements/${achievementId}/listing`, { listing: 'listed' }),
    ],
    shareAchievementVersion: [
      'update',
      post(`/v1/achievements/${achievementId}/versions/1/shares`, { organisation: 'shown', kind: 'view' }),
    ],
    listShares: ['read', get(`/v1/achievements/${achievementId}/shares`)],
    withdrawShare: ['delete', post(`/v1/achievements/${achievementId}/shares/${share.body.id}/withdraw`)],
    listSharedAchievements: ['read', get('/v1/shared-achievements')],
    getSharedAchievement: ['read', get(`/v1/shared-achievements/${received.body.id}`)],
    copyAchievement: [
      'create',
      post('/v1/achievements/copies', { issuerId, slug: 'copied', shareId: received.body.id }),
    ],
    uploadImage: [
      'create',
      (by) => by.send('POST', '/v1/images', picture.bytes as BodyInit, { 'content-type': 'image/png' }),
    ],
    getHouseStyle: ['read', get('/v1/organisations/house-style')],
    replaceHouseStyle: [
      'administer',
      (by) =>
        by.send('PUT', '/v1/organisations/house-style', JSON.stringify(HOUSE_STYLE), {
          'content-type': 'application/json',
          'if-match': '"v1"',
        }),
    ],
    composeImage: ['create', post('/v1/images/compose', { label: 'Drawn' })],
    getImageDesign: ['read', get(`/v1/images/${drawn.body.id}/design`)],
    listRules: ['read', get('/v1/rules')],
    checkRule: ['read', post('/v1/rules/check', { document: basicsRule() })],
    createRule: ['update', post('/v1/rules', { name: 'Made', document: basicsRule() })],
    getRule: ['read', get(`/v1/rules/${ruleId}`)],
    createRuleVersion: ['update', post(`/v1/rules/${ruleId}/versions`, { document: basicsRule() })],
    activateRuleVersion: ['award', post(`/v1/rules/${idle.body.id}/versions/1/activate`)],
    pauseRule: ['award', post(`/v1/rules/${ruleId}/pause`)],
    resumeRule: ['award', post(`/v1/rules/${ruleId}/resume`)],
    startDryRun: ['update', post('/v1/rules/dry-runs', { document: basicsRule() })],
    getRulesHealth: ['read', get('/v1/rules/health')],
    getRuleHealth: ['read', get(`/v1/rules/${ruleId}/health`)],
    compareRuleVersions: ['read', get(`${oldRule}/compare?from=1&to=2`)],
    rollBackRule: ['award', post(`${oldRule}/rollback`, { version: 1, backfill: false })],
    startRuleShadow: ['update', post(`${oldRule}/versions/4/shadow`)],
    getRuleShadow: ['read', get(`${oldRule}/versions/3/shadow`)],
    endRuleShadow: ['update', post(`${oldRule}/versions/3/unshadow`)],
    listJobs: ['read', get('/v1/jobs')],
    getJob: ['read', get(`/v1/jobs/${openJob?.id}`)],
    cancelJob: ['update', post(`/v1/jobs/${openJob?.id}/cancel`)],
    getOrganisationSettings: ['read', get('/v1/organisations/settings')],
    changeOrganisationSettings: [
      'administer',
      (by) =>
        by.send('PATCH', '/v1/organisations/settings', '{"deadRuleDays":40}', {
          'content-type': 'application/json',
          'if-match': '"v1"',
        }),
    ],
    sendEvents: ['create', post('/v1/events', completed('cas', 1))],
    listEvents: ['read', get('/v1/events')],
    getEvent: ['read', get(`/v1/events/${eventId}`)],
    replayEvent: ['update', post(`/v1/events/${quarantined}/replay`, { createSubject: true })],
    retryEvent: ['update', post(`/v1/events/${parked}/retry`)],
    retryEvents: ['update', post('/v1/events/retry', { code: 'nothing' })],
    listSources: ['read', get('/v1/sources')],
    createSource: ['administer', post('/v1/sources', { uri: 'https://lms.example.org/new', name: 'New' })],
    changeSource: [
      'administer',
      (by) =>
        by.send('PATCH', `/v1/sources/${sources[0].id}`, '{"name":"Renamed"}', {
          'content-type': 'application/json',
        }),
    ],
    listFacts: ['read', get(`/v1/subjects/${subject.id}/facts`)],
    takeBackFact: ['award', (by) => by.send('DELETE', `/v1/facts/${fact}`, undefined)],
    recordCompetency: [
      'award',
      post(`/v1/subjects/${subject.id}/competencies`, { framework: 'F', item: 'i', level: 1 }),
    ],
    listCohorts: ['read', get('/v1/cohorts')],
    createCohort: ['update', post('/v1/cohorts', { slug: 'made', name })],
    getCohort: ['read', get('/v1/cohorts/there')],
    renameCohort: ['update', patch('/v1/cohorts/there', { name: { en: 'Renamed' } })],
    listCohortMembers: ['read', get('/v1/cohorts/there/members')],
    setCohortMembers: ['award', post('/v1/cohorts/there/members', ['mailto:bea@example.org'])],
    addCohortMember: ['award', (by) => by.send('PUT', `/v1/cohorts/there/members/${subject.id}`, undefined)],
    removeCohortMember: [
      'award',
      (by) => by.send('DELETE', `/v1/cohorts/there/members/${subject.id}`, undefined),
    ],
    listAttributes: ['read', get('/v1/attributes')],
    declareAttribute: ['update', post('/v1/attributes', { name: 'made', type: 'string', description: 'X' })],
    getAttribute: ['read', get('/v1/attributes/level')],
    describeAttribute: ['update', patch('/v1/attributes/level', { description: 'Y' })],
    getAttributesOfSubject: ['read', get(`/v1/subjects/${subject.id}/attributes`)],
    setAttributesOfSubject: [
      'award',
      (by) => by.put(`/v1/subjects/${subject.id}/attributes`, { values: { level: 2 } }),
    ],
    setAttributesOfMany: [
      'award',
      post('/v1/attribute-values', [{ subject: 'mailto:dee@example.org', values: { level: 2 } }]),
    ],
    listCodes: ['read', get('/v1/codes')],
    createCode: ['update', post('/v1/codes', { slug: 'made', name })],
    getCode: ['read', get('/v1/codes/there')],
    endCode: ['delete', post('/v1/codes/to-end/end')],
    drawCode: ['update', post('/v1/codes/there/qr', { code: code.body.secret })],
    listNominations: ['read', get('/v1/nominations')],
    listForeignBadges: ['read', get(`/v1/subjects/${subject.id}/foreign-badges`)],
    bringForeignBadge: [
      'award',
      (by) =>
        by.send('POST', `/v1/subjects/${subject.id}/foreign-badges`, badge as BodyInit, {
          'content-type': 'application/json',
        }),
    ],
    recheckForeignBadge: ['award', post(`/v1/foreign-badges/${brought.body.id}/recheck`)],
    listAttestedRules: ['read', get('/v1/attested-rules')],
    createAttestedRule: ['create', post('/v1/attested-rules', attestedRule(issuerId, [attester.address]))],
    getAttestedRule: ['read', get(`/v1/attested-rules/${attested.ruleId}`)],
    listAttestedSubjects: ['read', get(`/v1/attested-rules/${attested.ruleId}/subjects`)],
    addAttestedSubject: [
      'award',
      post(`/v1/attested-rules/${attested.ruleId}/subjects`, { subject: 'mailto:dee@example.org' }),
    ],
    getAttestedSubject: ['read', get(attested.path)],
    openAttestedSubject: ['award', post(`${attested.path}/opening`)],
    getAttestedTypedData: [
      'read',
      get(`${attested.path}/typed-data?act=attest&criterion=0&attester=${attester.address}`),
    ],
    relayAttestation: ['award', post(`${attested.path}/attestations`, attestation)],
    relayWithdrawal: ['award', post(`${attested.path}/withdrawals`, withdrawal)],
    signAttestedWord: ['sign', post(`${attested.path}/issuer-words`, { criterion: 1 })],
    listDecisions: ['read', get('/v1/decisions')],
    getDecision: ['read', get(`/v1/decisions/${issued.decisionId}`)],
    findSubject: ['read', get('/v1/subjects?identifier=email:ann@example.org')],
    listSubjectEvents: ['read', get(`/v1/subjects/${subject.id}/events`)],
    getProgress: ['read', get(`/v1/subjects/${subject.id}/progress/${achievementId}`)],
    listAwards: ['read', get('/v1/awards')],
    getAward: ['read', get(`/v1/awards/${issued.id}`)],
    prepareRevocation: [
      'award',
      post('/v1/awards/revocations', { awardIds: [revocable.id], reason: 'Test.' }),
    ],
    lookAtBlastRadius: ['read', post('/v1/blast-radius', { kind: 'event', id: eventId })],
    prepareRepair: [
      'award',
      post('/v1/blast-radius/repairs', {
        about: { kind: 'event', id: eventId },
        perVerdict: { unknown: 'revoke', falls: 'revoke', stands: 'revoke' },
        reason: 'Test.',
      }),
    ],
    listAwardChanges: ['read', get('/v1/award-changes')],
    getAwardChange: ['read', get(`/v1/award-changes/${changes[0].id}`)],
    listAwardChangeItems: ['read', get(`/v1/award-changes/${changes[0].id}/items`)],
    withdrawAwardChange: ['award', post(`/v1/award-changes/${changes[0].id}/withdraw`)],
    confirmAwardChange: [
      'award',
      post(`/v1/award-changes/${changes[1].id}/confirm`, { digest: changes[1].digest }),
    ],
    listAwardEditions: ['read', get(`/v1/awards/${issued.id}/editions`)],
    correctAward: [
      'award',
      (by) =>
        by.post(
          `/v1/awards/${revocable.id}/correct`,
          { changes: { narrative: 'X' }, reason: 'Test.' },
          { 'if-match': `"v${revocable.revision}"` },
        ),
    ],
    resendClaim: ['award', post(`/v1/awards/${renewable}/resend-claim`)],
    renewAward: ['award', post(`/v1/awards/${renewable}/renew`, { reason: 'Test.' })],
    reissueAward: ['award', post(`/v1/awards/${issued.id}/reissue`, { reason: 'Test.' })],
    suspendAward: ['award', post(`/v1/awards/${issued.id}/suspend`, { reason: 'Test.' })],
    reinstateAward: ['award', post(`/v1/awards/${issued.id}/reinstate`, { reason: 'Test.' })],
    revokeAward: ['award', post(`/v1/awards/${revocable.id}/revoke`, { reason: 'Test.' })],
    awardSuggestion: ['award', post(`/v1/decisions/${suggestion.decisionId}/award`)],
    listClaimConfirmations: ['award', get('/v1/claim-confirmations')],
    refuseClaim: ['award', post(`/v1/claim-confirmations/${refusable?.id}/refuse`, { reason: 'Test.' })],
    confirmClaim: ['award', post(`/v1/claim-confirmations/${confirmable?.id}/confirm`)],
    listMailTemplates: ['administer', get('/v1/notification-templates')],
    getMailTemplate: ['administer', get('/v1/notification-templates/claim/nl')],
    changeMailTemplate: [
      'administer',
      (by) => by.put('/v1/notification-templates/claim/nl', MAIL_TEMPLATE, { 'if-match': '"v0"' }),
    ],
    resetMailTemplate: [
      'administer',
      (by) => by.send('DELETE', '/v1/notification-templates/claim/en', undefined, { 'if-match': '"v0"' }),
    ],
    previewMailTemplate: ['administer', post('/v1/notification-templates/claim/nl/preview', {})],
    takeBounce: [
      'administer',
      (by) => by.send('POST', '/v1/mail/bounces', report, { 'content-type': 'message/rfc822' }),
    ],
    listWebhooks: ['administer', get('/v1/webhooks')],
    createWebhook: [
      'administer',
      post('/v1/webhooks', {
        url: 'https://lms.example.org/new',
        description: 'X',
        eventTypes: ['achievement.withdrawn'],
      }),
    ],
    getWebhook: ['administer', get(webhook)],
    changeWebhook: [
      'administer',
      (by) =>
        by.send('PATCH', webhook, '{"description":"Y"}', {
          'content-type': 'application/json',
          'if-match': '"v1"',
        }),
    ],
    deleteWebhook: [
      'administer',
      (by) => by.send('DELETE', `/v1/webhooks/${toDelete.body.webhook.id}`, undefined),
    ],
    rotateWebhookSecret: ['administer', post(`${webhook}/rotate-secret`, {})],
    testWebhook: ['administer', post(`${webhook}/test`)],
    listWebhookDeliveries: ['administer', get(`${webhook}/deliveries`)],
    replayWebhookDeliveries: [
      'administer',
      post(`${webhook}/deliveries/replay`, { since: '2026-01-01T00:00:00Z' }),
    ],
    getWebhookDelivery: ['administer', get(delivery)],
    replayWebhookDelivery: ['administer', post(`${delivery}/replay`)],
    getOverview: ['read', get('/v1/overview')],
    listBatches: ['read', get('/v1/batches')],
    listMail: ['administer', get('/v1/mail')],
    listAudit: ['administer', get('/v1/audit')],
    listEndorsements: ['read', get('/v1/endorsements')],
    getEndorsementReceipt: ['read', get(`/v1/endorsements/${shown}/receipt`)],
    requestEndorsement: ['update', post('/v1/endorsements', ask)],
    linkEndorsement: ['update', post(`/v1/endorsements/${open.body.id}/link`, {})],
    publishEndorsement: ['sign', post(`/v1/endorsements/${endorsement}/publish`)],
    hideEndorsement: ['sign', post(`/v1/endorsements/${shown}/hide`)],
  }
})

describe('one right each', () => {
  test('the table is the reference: every operation that asks for a right, with that right', async () => {
    const { body } = await school.api.get('/openapi.json')
    const asked = Object.values(body.paths as Record<string, Record<string, Record<string, string>>>)
      .flatMap((methods) => Object.values(methods))
      .flatMap((operation) =>
        operation['x-right'] === undefined
          ? []
          : [[operation['operationId'] ?? '', operation['x-right']] as const],
      )
    expect(Object.fromEntries(asked)).toEqual(
      Object.fromEntries(Object.entries(table).map(([name, [right]]) => [name, right])),
    )
  })

  test('a key with another right, or with all others together, is refused, and nothing changes', async () => {
    const keys = new Map<Right, ApiCaller>()
    const others = new Map<Right, ApiCaller>()
    for (const right of RIGHTS) {
      keys.set(right, (await keyWith({ rights: [right] })).api)
      others.set(right, (await keyWith({ rights: RIGHTS.filter((each) => each !== right) })).api)
    }
    await notificationsDecided(product)
    const before = await rowCounts(product.running.parts.databaseUrl)
    for (const [operation, [right, call]] of Object.entries(table)) {
      for (const [held, api] of keys)
        if (held !== right) {
          const { status, body } = await call(api)
          expect([operation, held, status, body?.code]).toEqual([operation, held, 403, 'forbidden'])
        }
      const withOthers = await call(others.get(right) ?? school.api)
      expect([operation, withOthers.status, withOthers.body?.code]).toEqual([operation, 403, 'forbidden'])
    }
    expect(await rowCounts(product.running.parts.databaseUrl)).toEqual(before)
  })

  test('a key with exactly that right is let in, and what it does stands in the audit trail', async () => {
    const reference = (await new ApiCaller(product.url).get('/openapi.json')).body
    const reading = new Set(
      Object.values(reference.paths as Record<string, Record<string, { operationId: string }>>).flatMap(
        ({ get }) => (get === undefined ? [] : [get.operationId]),
      ),
    )
    const silent: string[] = []
    for (const [operation, [right, call, besides = []]] of Object.entries(table)) {
      const { id, api } = await keyWith({ rights: [right, ...besides] })
      const { status, body } = await call(api)
      expect([operation, status < 300, body?.code]).toEqual([operation, true, undefined])
      const audited = await withClient(product.running.parts.databaseUrl, async (client) => {
        const { rows } = await client.query('SELECT 1 FROM audit WHERE actor = $1 LIMIT 1', [`key:${id}`])
        return rows.length > 0
      })
      if (!audited && !reading.has(operation)) silent.push(operation)
    }
    expect(silent.sort()).toEqual(Object.keys(UNAUDITED).sort())
  })

  test('without a key, and where only a person may act, no key helps', async () => {
    const anybody = new ApiCaller(product.url)
    for (const [operation, [, call]] of Object.entries(table)) {
      const { status, body } = await call(anybody)
      expect([operation, status, body?.code]).toEqual([operation, 401, 'unauthenticated'])
    }
    const mine = await school.api.post('/v1/organisations', { slug: 'rights-other', name: 'Other' })
    expect([mine.status, mine.body.code]).toEqual([403, 'session-required'])
    expect((await school.api.get('/v1/backpack')).body.code).toBe('session-required')
  })
})

describe('rights on a unit', () => {
  test('hold on it and below it, and nowhere else', async () => {
    const { api } = school
    const faculty = (await api.post('/v1/units', { name: 'Faculty' })).body.id
    const inside = await api.post('/v1/issuers', { slug: 'rights-inside', name: 'In', parentUnitId: faculty })
    const badge = await api.post('/v1/achievements', { issuerId: inside.body.id, slug: 'inside', definition })
    const { api: dean } = await keyWith({ rights: RIGHTS, unitId: faculty })

    const allowed: [string, unknown?][] = [
      [`/v1/achievements/${badge.body.id}/versions/1/publish`],
      ['/v1/achievements', { issuerId: inside.body.id, slug: 'inside-two', definition }],
      ['/v1/rules', { name: 'Inside', document: basicsRule('inside') }],
      ['/v1/units', { name: 'Department', parentId: faculty }],
      ['/v1/issuers', { slug: 'rights-inside-two', name: 'In too', parentUnitId: inside.body.unitId }],
      ['/v1/api-keys', { name: 'Below', rights: ['award'], unitId: inside.body.unitId }],
      [`/v1/issuers/${inside.body.id}/rotate-key`],
    ]
    for (const [path, body] of allowed) {
      const answer = await dean.post(path, body)
      expect([path, answer.status < 300, answer.body.code]).toEqual([path, true, undefined])
    }
    expect((await dean.get(`/v1/achievements/${badge.body.id}`)).status).toBe(200)

    const { issuerId, achievementId, ruleId } = firstAid
    const [issued] = (await api.get('/v1/awards?state=issued')).body.items
    const root = (await api.get('/v1/units')).body.items.find(
      (unit: { parentId: null | string }) => unit.parentId === null,
    ).id
    const refused: [method: string, path: string, body?: unknown][] = [
      ['POST', '/v1/achievements', { issuerId, slug: 'outside', definition }],
      ['POST', `/v1/achievements/${achievementId}/versions`, { definition }],
      ['POST', '/v1/rules', { name: 'Outside', document: basicsRule() }],
      ['POST', `/v1/rules/${ruleId}/pause`],
      ['POST', '/v1/units', { name: 'Beside' }],
      ['POST', '/v1/issuers', { slug: 'rights-outside', name: 'Out' }],
      ['POST', '/v1/api-keys', { name: 'Above', rights: ['read'] }],
      ['POST', '/v1/api-keys', { name: 'Above', rights: ['read'], unitId: root }],
      ['POST', `/v1/issuers/${issuerId}/rotate-key`],
      ['POST', `/v1/awards/${issued.id}/revoke`, { reason: 'Not mine.' }],
      [
        'POST',
        '/v1/endorsements',
        {
          target: 'issuer',
          targetId: issuerId,
          endorserDid: createEndorser().did,
          endorserName: 'E',
          comment: 'C',
        },
      ],
      ['POST', '/v1/events', completed('dee', 1)],
      ['GET', `/v1/achievements/${achievementId}`],
      ['GET', `/v1/issuers/${issuerId}`],
      ['GET', `/v1/awards/${issued.id}`],
      ...[
        'events',
        'issuers',
        'api-keys',
        'audit',
        'mail',
        'overview',
        'rules/health',
        'organisations/settings',
      ].map((name): [string, string] => ['GET', `/v1/${name}`]),
    ]
    const before = await rowCounts(product.running.parts.databaseUrl)
    for (const [method, path, body] of refused) {
      const answer = method === 'GET' ? await dean.get(path) : await dean.post(path, body)
      expect([path, answer.status, answer.body.code]).toEqual([path, 403, 'forbidden'])
    }
    // A list is narrowed to what it may read.
    const listed = async (name: string) => (await dean.get(`/v1/${name}`)).body.items
    const achievements = await listed('achievements')
    expect(new Set(achievements.map((each: { issuerId: string }) => each.issuerId))).toEqual(
      new Set([inside.body.id]),
    )
    const rules = await listed('rules')
    expect(rules.map(({ name }: { name: string }) => name)).toEqual(['Inside'])
    for (const name of ['awards', 'direct-awards', 'decisions', 'endorsements', 'jobs'])
      expect([name, await listed(name)]).toEqual([name, []])
    // A badge that it may not read does not even exist for it.
    expect((await dean.get(`/v1/credentials/${issued.credentialId}`)).body.code).toBe('not-found')
    expect(await rowCounts(product.running.parts.databaseUrl)).toEqual(before)
  })

  test('nobody hands out a right that they lack, nor ends a key above them', async () => {
    const { id: owner } = await keyWith({ rights: ['administer', 'read'] })
    const faculty = (await school.api.post('/v1/units', { name: 'Faculty' })).body.id
    const { api: clerk } = await keyWith({ rights: ['administer', 'read'], unitId: faculty })
    for (const rights of [['award'], ['read', 'sign'], [...RIGHTS]]) {
      const { status, body } = await clerk.post('/v1/api-keys', { name: 'More', rights, unitId: faculty })
      expect([rights, status, body.code]).toEqual([rights, 403, 'rights-exceed-own'])
    }
    const ended = await clerk.send('DELETE', `/v1/api-keys/${owner}`, undefined)
    expect([ended.status, ended.body.code]).toEqual([403, 'forbidden'])
    const heir = await keyWith({ rights: ['read'], unitId: faculty }, clerk)
    expect((await clerk.send('DELETE', `/v1/api-keys/${heir.id}`, undefined)).status).toBe(204)
  })
})

describe('keys that are over', () => {
  test('a revoked key is refused at its next request, and ending it again changes nothing', async () => {
    const { id, api } = await keyWith({ rights: ['read'] })
    expect((await api.get('/v1/awards')).status).toBe(200)
    for (let time = 0; time < 2; time++)
      expect((await school.api.send('DELETE', `/v1/api-keys/${id}`, undefined)).status).toBe(204)
    const { status, body } = await api.get('/v1/awards')
    expect([status, body.code]).toEqual([401, 'unauthenticated'])
    // Nor does it open what is public: a wrong key is never silently nobody.
    expect((await api.get('/v1/credentials/00000000-0000-4000-8000-000000000000')).status).toBe(401)
  })

  test('a key works until its moment, and not after', async () => {
    const { api } = await keyWith({ rights: ['read'], expiresAt: new Date(Date.now() + 3000).toISOString() })
    expect((await api.get('/v1/awards')).status).toBe(200)
    await vi.waitFor(async () => expect((await api.get('/v1/awards')).status).toBe(401), {
      timeout: 15_000,
      interval: 200,
    })
  })

  test('a key is known by all of it: another secret behind the same prefix is refused', async () => {
    const [kind, prefix] = school.apiKey.split('_')
    const { status, body } = await withText(`${kind}_${prefix}_${'A'.repeat(32)}`).get('/v1/awards')
    expect([status, body.code]).toEqual([401, 'unauthenticated'])
  })
})
