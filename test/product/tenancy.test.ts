import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import type { AccountId } from '#engine/shared/ids.ts'
import { connect, registerApplication } from '#test/credentials/application.ts'
import { Visitor } from '#test/credentials/visitor.ts'
import { type ApiAnswer, ApiCaller } from './api-caller.ts'
import { attestedRule, createAttester, setUpAttested } from './attester.ts'
import { createEndorser, tokenIn } from './endorser.ts'
import { awardOf, basicsRule, completed, earning, type FirstAid, setUpFirstAid } from './first-aid.ts'
import { addMember } from './member.ts'
import { notificationsDecided } from './notifications-decided.ts'
import { rowCounts } from './row-counts.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

// Two organisations that know the same person, use the same slugs and the same source.

interface Tenant extends TestOrganisation {
  readonly firstAid: FirstAid
  readonly ids: Readonly<Record<string, string>>
  /** Signed in as its owner. */
  readonly owner: ApiCaller
}

let product: TestProduct
let north: Tenant
let south: Tenant
/** The person whom both know, signed in, with a badge of each. */
let earner: ApiCaller
beforeAll(async () => {
  product = await startTestProduct()
  north = await tenant('north')
  south = await tenant('south')
  earner = await signedIn('ann@example.org')
  await notificationsDecided(product)
})
afterAll(() => product?.stop())

async function signedIn(address: string): Promise<ApiCaller> {
  const link = await product.running.product.routes.signIn.link({ type: 'email', value: address })
  const answer = await new ApiCaller(product.url).post('/v1/session', { token: tokenIn(link) })
  expect(answer.status).toBe(201)
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return new ApiCaller(product.url, { cookie, origin: product.url })
}

async function tenant(slug: string): Promise<Tenant> {
  const organisation = await product.organisation(slug)
  const { api } = organisation
  const firstAid = await setUpFirstAid(api, `${slug}-academy`)
  // The same ids of events, the same source and the same person as the other one's.
  const events = await api.post(
    '/v1/events',
    earning('ann').map((event, n) => ({ ...event, id: `shared-${n}`, data: { ...event.data, by: slug } })),
  )
  expect(events.body).toMatchObject({ accepted: 2 })
  const award = await awardOf(api, 'ann', { anchored: true })
  const mail = await product.inbox.waitFor('ann@example.org', 20_000)
  const token = /\/claim#([\w-]+)/.exec(mail.text)?.[1]
  expect((await new ApiCaller(product.url).post(`/v1/claims/${token}/accept`)).status).toBe(200)

  const own = await api.post('/v1/achievements', {
    issuerId: firstAid.issuerId,
    slug: `only-${slug}`,
    definition: { name: { en: 'Own' }, description: { en: 'Own.' }, criteria: { en: 'Own.' } },
  })
  await api.post(`/v1/achievements/${own.body.id}/versions/1/publish`)
  await api.post('/v1/sources', {
    uri: 'https://lms.example.org/strict',
    name: 'Strict',
    createsSubjects: false,
  })
  const stranger = completed(`only-${slug}`, 1, { source: 'https://lms.example.org/strict' })
  const quarantined = await api.post('/v1/events', stranger)
  const endorser = createEndorser()
  const endorsement = await api.post('/v1/endorsements', {
    target: 'issuer',
    targetId: firstAid.issuerId,
    endorserDid: endorser.did,
    endorserName: 'E',
    comment: 'C',
  })
  const path = `/v1/endorsement-requests/${tokenIn(endorsement.body.requestUrl)}`
  const credential = await endorser.sign((await api.get(path)).body.unsigned)
  expect((await api.post(`${path}/signature`, { credential })).status).toBe(200)
  const key = await api.post('/v1/api-keys', { name: 'Spare', rights: ['read'] })
  const group = await api.post('/v1/units', { name: 'Spare' })
  const role = await api.post('/v1/roles', { name: 'Spare', rights: ['read'] })
  // The same address is invited by both.
  const invitation = await api.post('/v1/invitations', { email: 'both@example.org', rights: ['read'] })
  expect([group, role, invitation].map(({ status }) => status)).toEqual([201, 201, 201])
  // What each has declared bears its own name: a slug is a way in to one's own things only.
  const name = { en: slug }
  const cohort = await api.post('/v1/cohorts', { slug: `cohort-${slug}`, name })
  const attribute = await api.post('/v1/attributes', {
    name: `attribute-${slug}`,
    type: 'number',
    description: 'X',
  })
  const code = await api.post('/v1/codes', { slug: `code-${slug}`, name })
  const set = await api.put(`/v1/subjects/${award.subjectId}/attributes`, {
    values: { [`attribute-${slug}`]: 1 },
  })
  await api.send('PUT', `/v1/cohorts/cohort-${slug}/members/${award.subjectId}`, undefined)
  const nomination = await api.post('/v1/nominations', {
    achievement: 'first-aid-basics',
    subject: 'mailto:ann@example.org',
    nominator: 'mailto:bob@example.org',
  })
  const badge = await api.get(`/credentials/${award.credentialId}`, { accept: 'application/json' })
  const foreign = await api.send(
    'POST',
    `/v1/subjects/${award.subjectId}/foreign-badges`,
    badge.bytes as BodyInit,
    { 'content-type': 'application/json' },
  )
  expect([cohort, attribute, code, set, nomination, foreign].map(({ status }) => status)).toEqual([
    201, 201, 201, 200, 201, 201,
  ])
  // For a person whom neither shares with the other.
  const mandate = await api.post(`/v1/achievements/${own.body.id}/assessors`, {
    email: `assessor@${slug}.example.org`,
    name: 'A',
    qualification: 'Q',
  })
  expect(mandate.status).toBe(201)
  // With a third organisation: neither may know of the other's.
  await product.organisation(`${slug}-partner`)
  const share = await api.post(`/v1/achievements/${own.body.id}/versions/1/shares`, {
    organisation: `${slug}-partner`,
    kind: 'copy',
  })
  expect(share.status).toBe(201)
  const seen = `/v1/achievements/${own.body.id}/versions`
  await api.post(seen, { definition: anyDefinition() })
  await api.post(`${seen}/2/submit`, {}, { 'if-match': '"v1"' })
  const expert = await api.post(`${seen}/2/expert-reviews`, { email: `expert@${slug}.example.org` })
  expect(expert.status).toBe(201)
  const webhook = await api.post('/v1/webhooks', {
    url: 'https://lms.example.org/hook',
    description: 'X',
    eventTypes: ['achievement.withdrawn'],
  })
  const delivery = await api.post(`/v1/webhooks/${webhook.body.webhook.id}/test`)
  const directAward = await api.post('/v1/direct-awards', {
    achievementId: firstAid.achievementId,
    identifier: `owner@${slug}.example.org`,
    scheduledAt: '2099-01-01T00:00:00Z',
  })
  expect(directAward.status).toBe(201)
  const bundle = await api.post('/v1/direct-award-bundles', {
    achievementId: firstAid.achievementId,
    rows: [{ identifier: 'nobody' }],
  })
  expect(bundle.body).toMatchObject({ state: 'done', refused: 1 })
  const attested = await setUpAttested(api, firstAid.issuerId, 'mailto:ann@example.org', [
    createAttester(slug).address,
  ])
  const person = await signedIn('ann@example.org')
  const awardChange = await api.post('/v1/awards/revocations', { awardIds: [award.id], reason: 'X' })
  const link = await person.post(`/v1/credentials/${award.credentialId}/share-links`, {})
  const collection = await person.post('/v1/collections', { name: { en: 'X' }, badges: [award.credentialId] })
  const brought = await person.send('POST', '/v1/backpack/imported', badge.bytes as BodyInit, {
    'content-type': 'application/json',
  })
  await connect(await registerApplication(product), await new Visitor(product).signIn('ann@example.org'))
  const application = (await person.get('/v1/applications')).body.items[0].id
  const walletOffer = await person.post(`/v1/credentials/${award.credentialId}/wallet-offers`, { pin: false })
  const connection = await person.post('/v1/connections', { url: product.url })
  const owner = await signedIn(`owner@${slug}.example.org`)
  const account = (await owner.get('/v1/account')).body
  const people = (await person.get('/v1/account')).body
  const asked = await withClient(product.running.parts.databaseUrl, async (client) => {
    const { rows: merges } = await client.query(
      `INSERT INTO account_merge (id, into_account, from_account, type, value, created_at, expires_at)
       VALUES (gen_random_uuid(), $1, $2, 'email', 'ann@example.org', now(), now() + interval '1 hour') RETURNING id`,
      [account.id, people.id],
    )
    const { rows: confirmations } = await client.query(
      `INSERT INTO claim_confirmation (organisation_id, id, claim_id, account_id, identifier_type, identifier, language,
         state, asked_at, expires_at)
       SELECT organisation_id, gen_random_uuid(), id, $2, 'email', 'x@example.org', 'en', 'asked', now(),
         now() + interval '1 hour' FROM claim WHERE award_id = $1 RETURNING id`,
      [award.id, account.id],
    )
    const { rows: notifications } = await client.query(
      'SELECT id FROM notification WHERE organisation_id = $1',
      [organisation.id],
    )
    return {
      merge: merges[0].id,
      confirmation: confirmations[0].id,
      notification: notifications[0].id,
    }
  })
  return {
    ...organisation,
    firstAid,
    owner,
    ids: {
      organisation: organisation.id,
      unit: organisation.rootUnit,
      group: group.body.id,
      member: (await api.get('/v1/members')).body.items[0].id,
      role: role.body.id,
      invitation: invitation.body.id,
      key: key.body.apiKey.id,
      issuer: firstAid.issuerId,
      picture: (await api.post('/v1/images/compose', { label: slug })).body.id,
      issuingKey: (await api.get(`/v1/issuers/${firstAid.issuerId}`)).body.keys.find(
        ({ purpose }: { purpose: string }) => purpose === 'issuing',
      ).id,
      achievement: firstAid.achievementId,
      version: firstAid.versionId,
      rule: firstAid.ruleId,
      job: (await api.get('/v1/jobs')).body.items[0].id,
      event: events.body.items[0].id,
      quarantined: quarantined.body.items[0].id,
      source: (await api.get('/v1/sources')).body.items[0].id,
      subject: award.subjectId,
      award: award.id,
      awardChange: awardChange.body.id,
      decision: award.decisionId,
      credential: award.credentialId,
      endorsement: endorsement.body.id,
      shareLink: link.body.id,
      collection: collection.body.id,
      imported: brought.body.badge.id,
      application,
      connection: connection.body.connection.id,
      walletOffer: walletOffer.body.id,
      cohort: cohort.body.slug,
      attribute: attribute.body.name,
      code: code.body.claimCode.slug,
      fact: set.body.eventIds[0],
      nomination: nomination.body.id,
      foreignBadge: foreign.body.id,
      identity: account.identities[0].id,
      ...asked,
      webhook: webhook.body.webhook.id,
      delivery: delivery.body.id,
      mandate: mandate.body.id,
      share: share.body.id,
      expertReview: expert.body.id,
      directAward: directAward.body.directAward.id,
      bundle: bundle.body.id,
      attestedRule: attested.ruleId,
      attestedCase: attested.caseId,
    },
  }
}

const UNKNOWN = '00000000-0000-4000-8000-00000000dead'
/** Of a picture: the digest of what it shows. */
const DIGEST = /\b[0-9a-f]{64}\b/g
const UUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g

/** Names that stand in the place of an id; they have the form of a name, also where nobody has them. */
const NAMED = ['cohort', 'attribute', 'code']
const unknownOf = (kind: string): string =>
  kind === 'picture' ? '0'.repeat(64) : NAMED.includes(kind) ? `${kind}-nobody` : UNKNOWN
const NAME = new RegExp(`\\b(?:${NAMED.join('|')})-(?:north|south|nobody)\\b`, 'g')

/** An answer without what belongs to one request: ids, the date, the rate. What is left must not tell two apart. */
function told({ status, headers, bytes }: ApiAnswer): unknown {
  const kept = [...headers].filter(
    ([name]) => !/^(?:date|x-request-id|ratelimit.*|content-length)$/.test(name),
  )
  return {
    status,
    headers: kept.map(([name, value]) => [
      name,
      value.replaceAll(UUID, 'ID').replaceAll(DIGEST, 'ID').replaceAll(NAME, 'ID'),
    ]),
    body: new TextDecoder()
      .decode(bytes)
      .replaceAll(UUID, 'ID')
      .replaceAll(DIGEST, 'ID')
      .replaceAll(NAME, 'ID'),
  }
}

interface Operation {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly parameters: readonly { readonly in: string; readonly name: string }[]
}
let operations: readonly Operation[]
beforeAll(async () => {
  const { body } = await north.api.get('/openapi.json')
  operations = Object.entries(
    body.paths as Record<string, Record<string, { operationId: string; parameters?: [] }>>,
  ).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, parameters = [] }]) => ({
      name: operationId,
      method: method.toUpperCase(),
      path,
      parameters,
    })),
  )
})

const TYPED_DATA = `criterion=0&attester=${createAttester('north').address}`
/** Signed by nobody: it is not looked at. */
const ATTESTATION = {
  criterion: 0,
  attester: createAttester('north').address,
  saidAt: 1,
  deadline: 1,
  signature: '0x00',
}

/** What stands in the place of an id, by operation: the kind of thing, and a body with which it would work. */
const BY_ID: Readonly<
  Record<string, readonly [kind: string, body?: object | undefined, headers?: Record<string, string>]>
> = {
  getUnit: ['unit'],
  changeUnit: ['unit', { name: 'Taken' }, { 'if-match': '"v1"' }],
  deleteUnit: ['group'],
  getMember: ['member'],
  changeMember: ['member', { rights: ['read'] }, { 'if-match': '"v1"' }],
  removeMember: ['member'],
  getRole: ['role'],
  changeRole: ['role', { name: 'Taken' }, { 'if-match': '"v1"' }],
  deleteRole: ['role'],
  getInvitation: ['invitation'],
  resendInvitation: ['invitation'],
  withdrawInvitation: ['invitation'],
  renameApiKey: ['key', { name: 'Taken' }],
  revokeApiKey: ['key'],
  getIssuer: ['issuer'],
  changeIssuer: ['issuer', { official: 'Taken' }, { 'if-match': '"v1"' }],
  getImageDesign: ['picture'],
  rotateIssuingKey: ['issuer'],
  listSignedOverVcApi: ['issuer'],
  reportKeyCompromise: ['issuer', { since: '2026-01-01T00:00:00Z', reason: 'X.' }],
  getKeyChange: ['issuer'],
  requestKeyChange: ['issuer'],
  getAchievement: ['achievement'],
  createAchievementVersion: ['achievement', { definition: anyDefinition() }],
  replaceAchievementDraft: ['achievement', { definition: anyDefinition() }, { 'if-match': '"v1"' }],
  publishAchievementVersion: ['achievement'],
  submitAchievementVersion: ['achievement', {}, { 'if-match': '"v1"' }],
  approveAchievementVersion: ['achievement', {}, { 'if-match': '"v1"' }],
  returnAchievementVersion: ['achievement', { reason: 'Why.' }],
  retireAchievementVersion: ['achievement', {}],
  withdrawAchievementVersion: ['achievement', { reason: 'Why.' }],
  commentAchievementVersion: ['achievement', { text: 'What?' }],
  listAchievementSteps: ['achievement'],
  listAssessors: ['achievement'],
  giveMandate: ['achievement', { email: 'x@example.org', name: 'X', qualification: 'X' }],
  endMandate: ['achievement', { reason: 'Why.' }],
  resendMandate: ['achievement'],
  listExpertReviews: ['achievement'],
  askExpert: ['achievement', { email: 'x@example.org' }],
  withdrawExpertReview: ['expertReview'],
  resendExpertReview: ['expertReview'],
  listAchievement: ['achievement', { listing: 'copyable' }],
  shareAchievementVersion: ['achievement', { organisation: 'north', kind: 'copy' }],
  listShares: ['achievement'],
  withdrawShare: ['achievement'],
  getSharedAchievement: ['share'],
  getRule: ['rule'],
  createRuleVersion: ['rule', { document: basicsRule() }],
  activateRuleVersion: ['rule'],
  pauseRule: ['rule'],
  getRuleHealth: ['rule'],
  compareRuleVersions: ['rule'],
  rollBackRule: ['rule', { version: 1 }],
  startRuleShadow: ['rule'],
  getRuleShadow: ['rule'],
  endRuleShadow: ['rule'],
  getJob: ['job'],
  cancelJob: ['job'],
  retryEvent: ['event'],
  resumeRule: ['rule'],
  getEvent: ['event'],
  replayEvent: ['quarantined', { createSubject: true }],
  changeSource: ['source', { name: 'Taken' }],
  listFacts: ['subject'],
  takeBackFact: ['fact'],
  recordCompetency: ['subject', { framework: 'F', item: 'i', level: 1 }],
  getCohort: ['cohort'],
  renameCohort: ['cohort', { name: { en: 'Taken' } }],
  listCohortMembers: ['cohort'],
  setCohortMembers: ['cohort', ['mailto:mallory@example.org']],
  addCohortMember: ['cohort'],
  removeCohortMember: ['cohort'],
  getAttribute: ['attribute'],
  describeAttribute: ['attribute', { description: 'Taken' }],
  getAttributesOfSubject: ['subject'],
  setAttributesOfSubject: ['subject', { values: { 'attribute-north': 1 } }],
  getCode: ['code'],
  endCode: ['code'],
  drawCode: ['code', { code: 'AAAA-AAAA-AAAA-AAAA-AAAA' }],
  withdrawNomination: ['nomination'],
  listForeignBadges: ['subject'],
  bringForeignBadge: ['subject', { '@context': [] }],
  recheckForeignBadge: ['foreignBadge'],
  getAttestedRule: ['attestedRule'],
  listAttestedSubjects: ['attestedRule'],
  addAttestedSubject: ['attestedRule', { subject: 'mailto:mallory@example.org' }],
  getAttestedSubject: ['attestedRule'],
  openAttestedSubject: ['attestedRule'],
  getAttestedTypedData: ['attestedRule'],
  relayAttestation: ['attestedRule', ATTESTATION],
  relayWithdrawal: ['attestedRule', ATTESTATION],
  signAttestedWord: ['attestedRule', { criterion: 0 }],
  getWebhook: ['webhook'],
  changeWebhook: ['webhook', { description: 'Taken' }, { 'if-match': '"v1"' }],
  deleteWebhook: ['webhook'],
  rotateWebhookSecret: ['webhook', {}],
  testWebhook: ['webhook'],
  listWebhookDeliveries: ['webhook'],
  replayWebhookDeliveries: ['webhook', { since: '2026-01-01T00:00:00Z' }],
  getWebhookDelivery: ['webhook'],
  replayWebhookDelivery: ['webhook'],
  getDecision: ['decision'],
  getDecisionDocument: ['decision'],
  getDecisionReceipt: ['decision'],
  listSubjectEvents: ['subject'],
  getProgress: ['subject'],
  getAward: ['award'],
  approveAward: ['award'],
  refuseAward: ['award', { reason: 'Test.' }],
  awardSuggestion: ['decision'],
  revokeAward: ['award', { reason: 'Test.' }],
  getDirectAwardBundle: ['bundle'],
  undoDirectAwardBundle: ['bundle'],
  listDirectAwardBundleRows: ['bundle'],
  listAwardEditions: ['award'],
  getAwardChange: ['awardChange'],
  listAwardChangeItems: ['awardChange'],
  confirmAwardChange: ['awardChange', { digest: `0x${'ab'.repeat(32)}` }],
  withdrawAwardChange: ['awardChange'],
  correctAward: ['award', { changes: { narrative: 'X' }, reason: 'Test.' }, { 'if-match': '"v2"' }],
  resendClaim: ['award'],
  renewAward: ['award', { reason: 'Test.' }],
  reissueAward: ['award', { reason: 'Test.' }],
  suspendAward: ['award', { reason: 'Test.' }],
  reinstateAward: ['award', { reason: 'Test.' }],
  getDirectAward: ['directAward'],
  changeDirectAward: ['directAward', { message: 'Taken' }, { 'if-match': '"v1"' }],
  deleteDirectAward: ['directAward'],
  resendDirectAward: ['directAward'],
  undoDirectAward: ['directAward'],
  revokeDirectAward: ['directAward', { reason: 'Test.' }],
  drawDirectAward: ['directAward'],
  getEndorsementReceipt: ['endorsement'],
  linkEndorsement: ['endorsement', {}],
  publishEndorsement: ['endorsement'],
  hideEndorsement: ['endorsement'],
  getCredential: ['credential'],
  getCredentialDocument: ['credential'],
  downloadCredential: ['credential'],
  getReceipt: ['credential'],
  confirmClaim: ['confirmation'],
  refuseClaim: ['confirmation', { reason: 'Test.' }],
}
/** Those for a person: whoever did not claim the badge does not know it, whatever rights they hold. */
const BY_ID_FOR_PEOPLE: typeof BY_ID = {
  setVisibility: ['credential', { visibility: 'public' }],
  listShareLinks: ['credential'],
  createShareLink: ['credential', {}],
  revokeShareLink: ['credential'],
  getCredentialViews: ['credential'],
  getDisclosure: ['credential'],
  getDisclosureBase: ['credential'],
  getDisclosureParts: ['credential'],
  getCollection: ['collection'],
  changeCollection: ['collection', { name: { en: 'Taken' } }, { 'if-match': '"v1"' }],
  removeCollection: ['collection', undefined, { 'if-match': '"v1"' }],
  getSharedCollection: ['collection'],
  embedCredential: ['credential'],
  showElsewhere: ['credential'],
  getImportedBadge: ['imported'],
  downloadImportedBadge: ['imported'],
  recheckImportedBadge: ['imported'],
  removeImportedBadge: ['imported'],
  withdrawApplication: ['application'],
  renewConnection: ['connection'],
  fetchFromConnection: ['connection', {}],
  getFetchFromConnection: ['connection'],
  cancelFetchFromConnection: ['connection'],
  pushToConnection: ['connection', { credentialId: UNKNOWN }],
  readConnectionProfile: ['connection'],
  pushProfileToConnection: ['connection'],
  endConnection: ['connection'],
  offerToWallet: ['credential', { pin: false }],
  getWalletOffer: ['walletOffer'],
  withdrawWalletOffer: ['walletOffer'],
  getOwnProgress: ['achievement'],
  showAssessorName: ['achievement', { showsName: true }],
  acceptOffer: ['directAward'],
  rejectOffer: ['directAward'],
  claimOfferedDirectAward: ['directAward'],
  rejectOfferedDirectAward: ['directAward'],
  removeIdentity: ['identity'],
  confirmMerge: ['merge'],
  withdrawClaimConfirmation: ['confirmation'],
  readNotification: ['notification'],
}
/** Public by their nature, or named by a word, or by a secret: a slug, the digest of a picture, a token. */
const NOT_BY_ID = [
  'explainProblem',
  'getImage',
  'getAchievementDocument',
  'getAchievementStanding',
  'getPublicAchievement',
  'getIssuerProfile',
  'getDidDocument',
  'getStatusList',
  'getEndorsementRequest',
  'signEndorsement',
  'rejectEndorsement',
  'getClaim',
  'acceptClaim',
  'rejectClaim',
  'viewExpertReview',
  'answerExpertReview',
  'declineExpertReview',
  'getInvitationOffer',
  'acceptInvitation',
  'declineInvitation',
  'mailClaimCode',
  'proveClaimAddress',
  'askClaimConfirmation',
  'unsubscribe',
  'getMailTemplate',
  'changeMailTemplate',
  'resetMailTemplate',
  'previewMailTemplate',
  'getAccessRequest',
  'finishConnection',
  'answerAccessRequest',
  'vcReadStatusList',
]

function anyDefinition() {
  return { name: { en: 'X' }, description: { en: 'X.' }, criteria: { en: 'X.' } }
}

function call(
  by: ApiCaller,
  { method, path }: Operation,
  id: string,
  of: Tenant,
  [, body, headers]: (typeof BY_ID)[string],
  query = '',
) {
  const filled = path
    .replace('{id}', id)
    .replace('{slug}', id)
    .replace('{name}', id)
    .replace('{subjectId}', of.ids['subject'] ?? '')
    .replace('{version}', '1')
    .replace('{achievement}', path.includes('/me/') ? id : (of.ids['achievement'] ?? ''))
    .replace('{deliveryId}', of.ids['delivery'] ?? '')
    .replace('{mandateId}', of.ids['mandate'] ?? '')
    .replace('{keyId}', of.ids['issuingKey'] ?? '')
    .replace('{shareId}', of.ids['share'] ?? '')
    .replace('{linkId}', of.ids['shareLink'] ?? '')
    .replace('{caseId}', of.ids['attestedCase'] ?? '')
    .replace(/compare$/, 'compare?from=1&to=1')
    .replace(/typed-data$/, `typed-data?${TYPED_DATA}`)
  return by.send(method, `${filled}${query}`, body === undefined ? undefined : JSON.stringify(body), {
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...headers,
  })
}

async function sameForBoth(by: ApiCaller, name: string, entry: (typeof BY_ID)[string], query = '') {
  const operation = operations.find((each) => each.name === name)
  if (operation === undefined) throw new Error(`There is no operation ${name}.`)
  const [kind] = entry
  const other = await call(by, operation, south.ids[kind] ?? '', south, entry, query)
  expect([name, other.status, other.body?.code]).toEqual([name, 404, 'not-found'])
  const unknown = await call(by, operation, unknownOf(kind), south, entry, query)
  expect([name, told(other)]).toEqual([name, told(unknown)])
}

describe('what belongs to another organisation does not exist', () => {
  test('the tables name every operation that has a parameter in its path', () => {
    const named = operations.filter(({ path }) => path.includes('{')).map(({ name }) => name)
    expect([...Object.keys(BY_ID), ...Object.keys(BY_ID_FOR_PEOPLE), ...NOT_BY_ID].sort()).toEqual(
      named.sort(),
    )
  })

  test('its ids are answered as ids that nobody has: the same 404 to the letter, and nothing changes', async () => {
    const before = await rowCounts(product.running.parts.databaseUrl)
    for (const [name, entry] of Object.entries(BY_ID)) await sameForBoth(north.api, name, entry)
    for (const [name, entry] of Object.entries(BY_ID)) await sameForBoth(north.owner, name, entry)
    for (const [name, entry] of Object.entries(BY_ID_FOR_PEOPLE)) await sameForBoth(north.owner, name, entry)
    expect(await rowCounts(product.running.parts.databaseUrl)).toEqual(before)
  })

  test('nor for who is nobody: a badge that is not shared cannot be told from none', async () => {
    const anybody = new ApiCaller(product.url)
    for (const name of ['getCredential', 'getCredentialDocument', 'downloadCredential', 'getReceipt'])
      for (const query of ['', `?share=${'A'.repeat(43)}`])
        await sameForBoth(anybody, name, ['credential'], query)
  })

  test('an own thing and another’s together are no way in either', async () => {
    const progress = (subject = '', achievement = '') =>
      north.api.get(`/v1/subjects/${subject}/progress/${achievement}`)
    expect((await progress(north.ids['subject'], north.ids['achievement'])).status).toBe(200)
    for (const [one, unknown] of [
      [
        await progress(north.ids['subject'], south.ids['achievement']),
        await progress(north.ids['subject'], UNKNOWN),
      ],
      [
        await progress(south.ids['subject'], north.ids['achievement']),
        await progress(UNKNOWN, north.ids['achievement']),
      ],
    ] as const) {
      expect(one.status).toBe(404)
      expect(told(one)).toEqual(told(unknown))
    }
    const resendMandate = (mandate = '') =>
      north.api.post(`/v1/achievements/${north.ids['achievement']}/assessors/${mandate}/resend`)
    expect(told(await resendMandate(south.ids['mandate']))).toEqual(told(await resendMandate(UNKNOWN)))
    const endMandate = (mandate = '') =>
      north.api.post(`/v1/achievements/${north.ids['achievement']}/assessors/${mandate}/end`, { reason: 'X' })
    const stolen = await endMandate(south.ids['mandate'])
    expect(stolen.status).toBe(404)
    expect(told(stolen)).toEqual(told(await endMandate(UNKNOWN)))
    const attestedCase = (id = '') =>
      north.api.get(`/v1/attested-rules/${north.ids['attestedRule']}/subjects/${id}`)
    expect((await attestedCase(north.ids['attestedCase'])).status).toBe(200)
    expect((await attestedCase(south.ids['attestedCase'])).status).toBe(404)
    expect(told(await attestedCase(south.ids['attestedCase']))).toEqual(told(await attestedCase(UNKNOWN)))
    // The earner holds both badges, and still a link of one is no link of the other.
    const swapped = `/v1/credentials/${north.ids['credential']}/share-links/${south.ids['shareLink']}`
    expect((await earner.send('DELETE', swapped, undefined)).status).toBe(404)
  })

  test('another organisation in the query is one that nobody has, at every operation that takes one', async () => {
    const taking = operations.filter(({ parameters }) =>
      parameters.some(({ name }) => name === 'organisation'),
    )
    expect(taking.length).toBeGreaterThan(40)
    for (const by of [north.api, north.owner])
      for (const { name, method, path } of taking) {
        // For people only: a key is told so before anything is looked up.
        if (['leaveOrganisation', 'showAssessorName'].includes(name) && by === north.api) continue
        const [kind, body, headers] = BY_ID[name] ?? BY_ID_FOR_PEOPLE[name] ?? BODIES[name] ?? ['award']
        const ask = (organisation: string | undefined) =>
          by.send(
            method,
            `${path
              .replace('{id}', north.ids[kind] ?? '')
              .replace('{slug}', north.ids[kind] ?? '')
              .replace('{name}', north.ids[kind] ?? '')
              .replace('{subjectId}', north.ids['subject'] ?? '')
              .replace('{deliveryId}', north.ids['delivery'] ?? '')
              .replace('{mandateId}', north.ids['mandate'] ?? '')
              .replace('{keyId}', north.ids['issuingKey'] ?? '')
              .replace('{shareId}', north.ids['share'] ?? '')
              .replace('{caseId}', north.ids['attestedCase'] ?? '')
              .replace('{version}', '1')
              .replace('{kind}', 'claim')
              .replace('{language}', 'nl')
              .replace('{achievement}', UNKNOWN)}?organisation=${organisation}${ASKED_FOR[name] ?? ''}`,
            body === undefined
              ? undefined
              : body instanceof Uint8Array
                ? (body as BodyInit)
                : JSON.stringify(body),
            { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
          )
        const other = await ask(south.id)
        expect([name, other.status, other.body?.code]).toEqual([name, 404, 'not-found'])
        expect([name, told(other)]).toEqual([name, told(await ask(UNKNOWN))])
      }
  })

  test('bodies that name another’s issuer, unit, version, badge or achievement are answered as if it were not there', async () => {
    const endorser = { endorserDid: createEndorser().did, endorserName: 'E', comment: 'C' }
    const bodies: [path: string, kind: string, body: (id: string) => object][] = [
      [
        '/v1/achievements',
        'issuer',
        (issuerId) => ({ issuerId, slug: 'stolen', definition: anyDefinition() }),
      ],
      [
        '/v1/attested-rules',
        'issuer',
        (issuerId) => attestedRule(issuerId, [createAttester('north').address]),
      ],
      [
        '/v1/achievements/copies',
        'issuer',
        (issuerId) => ({ issuerId, slug: 'stolen', achievementId: UNKNOWN }),
      ],
      [
        '/v1/achievements/copies',
        'share',
        (shareId) => ({ issuerId: north.firstAid.issuerId, slug: 'stolen', shareId }),
      ],
      [
        '/v1/achievements/copies',
        'achievement',
        (achievementId) => ({ issuerId: north.firstAid.issuerId, slug: 'stolen', achievementId }),
      ],
      ['/v1/issuers', 'unit', (parentUnitId) => ({ slug: 'stolen', name: 'X', parentUnitId })],
      ['/v1/units', 'unit', (parentId) => ({ name: 'X', parentId })],
      ['/v1/api-keys', 'unit', (unitId) => ({ name: 'X', rights: ['read'], unitId })],
      ['/v1/api-keys', 'role', (roleId) => ({ name: 'X', roleId })],
      ['/v1/invitations', 'unit', (unitId) => ({ email: 'x@example.org', rights: ['read'], unitId })],
      ['/v1/invitations', 'role', (roleId) => ({ email: 'x@example.org', roleId })],
      [
        '/v1/webhooks',
        'unit',
        (unitId) => ({ url: 'https://lms.example.org/x', description: 'X', eventTypes: ['*'], unitId }),
      ],
      ['/v1/endorsements', 'issuer', (targetId) => ({ target: 'issuer', targetId, ...endorser })],
      [
        '/v1/endorsements',
        'version',
        (targetId) => ({ target: 'achievement_version', targetId, ...endorser }),
      ],
      ['/v1/endorsements', 'credential', (targetId) => ({ target: 'credential', targetId, ...endorser })],
    ]
    const before = await rowCounts(product.running.parts.databaseUrl)
    for (const [path, kind, body] of bodies) {
      const other = await north.api.post(path, body(south.ids[kind] ?? ''))
      expect([path, kind, other.status]).toEqual([path, kind, 404])
      expect(told(other)).toEqual(told(await north.api.post(path, body(UNKNOWN))))
    }
    for (const document of [
      basicsRule('only-south'),
      { ...basicsRule('only-north'), when: { all: [{ event: 'completed' }, { holds: 'only-south' }] } },
    ]) {
      const { body } = await north.api.post('/v1/rules/check', { document })
      expect(body.faults.map(({ code }: { code: string }) => code)).toEqual(['rule-achievement-unknown'])
      expect((await north.api.post('/v1/rules', { name: 'X', document })).body.code).toBe('rule-invalid')
    }
    expect(await rowCounts(product.running.parts.databaseUrl)).toEqual(before)
  })

  test('its private badges are not verified by their address, nor its people found', async () => {
    const verify = (id?: string) => north.api.post('/v1/verify', { url: `${product.url}/credentials/${id}` })
    expect((await verify(north.ids['credential'])).body.verdict).toBe('valid')
    expect(told(await verify(south.ids['credential']))).toEqual(told(await verify(UNKNOWN)))
    const stranger = await south.api.post('/v1/events', completed('only-in-south', 1))
    expect(stranger.body).toMatchObject({ accepted: 1 })
    expect((await south.api.get('/v1/subjects?identifier=email:only-in-south@example.org')).status).toBe(200)
    expect((await north.api.get('/v1/subjects?identifier=email:only-in-south@example.org')).status).toBe(404)
  })
})

/** What an operation needs in its query besides. */
const ASKED_FOR: Readonly<Record<string, string>> = {
  getAttestedTypedData: `&${TYPED_DATA}`,
  findSubject: '&identifier=email:ann@example.org',
  importFramework:
    '&format=table&framework=stolen&name=M&targetType=ext:M&publisher=X&source=https://x.example.org&licence=X&edition=1',
  compareRuleVersions: '&from=1&to=1',
}

/** Bodies of operations that make things; only the organisation in the query is at issue. */
const BODIES: Readonly<
  Record<string, readonly [kind: string, body?: object | undefined, headers?: Record<string, string>]>
> = {
  createAttestedRule: ['', attestedRule(UNKNOWN, [createAttester('north').address])],
  startDirectAwardBundle: ['award', { achievementId: UNKNOWN, rows: [{ identifier: 'ann@example.org' }] }],
  previewDirectAwardBundle: ['award', { achievementId: UNKNOWN, rows: [{ identifier: 'ann@example.org' }] }],
  createDirectAward: ['award', { achievementId: UNKNOWN, identifier: 'ann@example.org' }],
  changeDirectAwardSettings: ['award', { keepDays: 40 }, { 'if-match': '"v1"' }],
  lookAtBlastRadius: ['', { kind: 'event', id: UNKNOWN }],
  prepareRepair: ['', { about: { kind: 'event', id: UNKNOWN }, reason: 'X' }],
  prepareRevocation: ['', { filter: { ruleId: '00000000-0000-4000-8000-000000000000' }, reason: 'X' }],
  takeBounce: ['', new TextEncoder().encode('X: y'), { 'content-type': 'message/rfc822' }],
  createWebhook: ['', { url: 'https://lms.example.org/x', description: 'X', eventTypes: ['*'] }],
  changeMailTemplate: ['', { subject: 'X', text: '{{link}}' }, { 'if-match': '"v0"' }],
  resetMailTemplate: ['', undefined, { 'if-match': '"v0"' }],
  previewMailTemplate: ['', {}],
  createUnit: ['unit', { name: 'X' }],
  createApiKey: ['unit', { name: 'X', rights: ['read'] }],
  createRole: ['role', { name: 'X', rights: ['read'] }],
  invite: ['invitation', { email: 'x@example.org', rights: ['read'] }],
  createIssuer: ['unit', { slug: 'stolen', name: 'X' }],
  createAchievement: ['issuer', { issuerId: UNKNOWN, slug: 'stolen', definition: anyDefinition() }],
  copyAchievement: ['issuer', { issuerId: UNKNOWN, slug: 'stolen', achievementId: UNKNOWN }],
  checkAchievement: ['achievement', { definition: anyDefinition() }],
  importFramework: ['unit', new Uint8Array([1]), { 'content-type': 'text/csv' }],
  uploadImage: ['unit', new Uint8Array([1]), { 'content-type': 'image/png' }],
  composeImage: ['unit', { label: 'X' }],
  replaceHouseStyle: [
    'unit',
    {
      colours: { primary: '#1d3f66', secondary: '#f5d9b8', text: '#ffffff' },
      shape: 'round',
      levels: [{ name: { nl: 'Brons', en: 'Bronze' }, accent: '#a5632a' }],
    },
    { 'if-match': '"v1"' },
  ],
  startDryRun: ['rule', { document: basicsRule() }],
  changeOrganisationSettings: ['unit', { deadRuleDays: 9 }, { 'if-match': '"v1"' }],
  retryEvents: ['event', {}],
  checkRule: ['rule', { document: basicsRule() }],
  createRule: ['rule', { name: 'X', document: basicsRule() }],
  sendEvents: ['event', completed('x', 1)],
  createCohort: ['cohort', { slug: 'stolen', name: { en: 'X' } }],
  declareAttribute: ['attribute', { name: 'stolen', type: 'string', description: 'X' }],
  setAttributesOfMany: ['attribute', [{ subject: 'mailto:x@example.org', values: { x: 1 } }]],
  createCode: ['code', { slug: 'stolen', name: { en: 'X' } }],
  redeemCode: ['code', { code: 'AAAA-AAAA-AAAA-AAAA-AAAA', subject: 'mailto:x@example.org' }],
  nominate: ['nomination', { achievement: 'first-aid-basics', subject: 'mailto:ann@example.org' }],
  createSource: ['source', { uri: 'https://x.example.org', name: 'X' }],
  requestEndorsement: [
    'issuer',
    {
      target: 'issuer',
      targetId: UNKNOWN,
      endorserDid: `did:key:z${'6'.repeat(40)}`,
      endorserName: 'E',
      comment: 'C',
    },
  ],
}

describe('lists', () => {
  /** Every id that stands in any column of any row of an organisation. Those of the person whom both know are not its own. */
  const idsOf = (organisation: string): Promise<ReadonlySet<string>> =>
    withClient(product.running.parts.databaseUrl, async (client) => {
      const { rows: columns } = await client.query(`
        SELECT table_name, column_name FROM information_schema.columns owned
        WHERE data_type = 'uuid' AND table_schema = 'public' AND column_name NOT IN ('account_id') AND EXISTS (
          SELECT 1 FROM information_schema.columns WHERE table_name = owned.table_name AND column_name = 'organisation_id')`)
      const ids = new Set<string>()
      for (const { table_name, column_name } of columns) {
        const { rows } = await client.query(
          `SELECT DISTINCT "${column_name}"::text AS id FROM "${table_name}" WHERE organisation_id = $1`,
          [organisation],
        )
        for (const { id } of rows) if (id !== null) ids.add(id)
      }
      return ids
    })

  test('no answer to one organisation holds an id of the other, whatever is asked', async () => {
    const [own, other] = [await idsOf(north.id), await idsOf(south.id)]
    expect(other.size).toBeGreaterThan(50)
    const lists = operations.filter(
      ({ method, path }) => method === 'GET' && path.startsWith('/v1/') && !path.includes('{'),
    )
    const asked = lists.map(({ path, name }) =>
      name === 'findSubject' ? `${path}?identifier=email:ann@example.org` : path,
    )
    const filters = ['subject', 'rule', 'achievement'].flatMap((kind) =>
      ['awards', 'events', 'decisions'].map((list) => `/v1/${list}?${kind}Id=${south.ids[kind]}`),
    )
    let seen = 0
    for (const by of [north.api, north.owner])
      for (const path of [...asked, ...filters]) {
        const answer = await by.get(path)
        const found = new TextDecoder().decode(answer.bytes).match(UUID) ?? []
        if (answer.status === 200) seen += found.filter((id) => own.has(id)).length
        if (filters.includes(path) && answer.status === 200) expect(answer.body.items).toEqual([])
        const leaked = answer.status === 200 ? found.filter((id) => other.has(id)) : []
        expect([path, leaked]).toEqual([path, []])
      }
    // The lists were not empty: they hold what is one's own.
    expect(seen).toBeGreaterThan(50)
  })

  test('a cursor of one organisation leads another to nothing but its own', async () => {
    const other = await idsOf(south.id)
    const { next } = (await south.api.get('/v1/events?limit=1')).body
    expect(next).not.toBeNull()
    const { body, status } = await north.api.get(`/v1/events?limit=100&cursor=${next}`)
    expect(status).toBe(200)
    expect(body.items.filter(({ id }: { id: string }) => other.has(id))).toEqual([])
  })

  test('numbers count one’s own only', async () => {
    const { body } = await north.api.get('/v1/overview')
    expect(body).toMatchObject({ awards: { issued: 1 }, claims: { claimed: 1 } })
    expect(body.events).toMatchObject({ quarantined: 1 })
  })
})

describe('what both have', () => {
  test('the same slug, event id and Idempotency-Key are each one’s own', async () => {
    const key = { 'idempotency-key': 'same-for-both' }
    const [one, other] = [
      await north.api.post('/v1/units', { name: 'Group' }, key),
      await south.api.post('/v1/units', { name: 'Group' }, key),
    ]
    expect([one.status, other.status]).toEqual([201, 201])
    expect(one.body.id).not.toBe(other.body.id)
    expect(other.headers.get('idempotency-replayed')).toBeNull()
    expect(north.ids['achievement']).not.toBe(south.ids['achievement'])
    expect(north.ids['event']).not.toBe(south.ids['event'])
  })

  test('the person whom both know has two badges; neither organisation sees the other’s, nor the account', async () => {
    const { items } = (await earner.get('/v1/backpack')).body
    expect(items.map(({ credentialId }: { credentialId: string }) => credentialId).sort()).toEqual(
      [north.ids['credential'], south.ids['credential']].sort(),
    )
    const { accountId } = (await earner.get('/v1/session')).body
    for (const path of ['/v1/awards', '/v1/audit?limit=100', `/v1/credentials/${north.ids['credential']}`])
      expect(JSON.stringify((await north.api.get(path)).body)).not.toContain(accountId)
    expect(north.ids['subject']).not.toBe(south.ids['subject'])
  })

  test('what an organisation mails to a person lets it read nothing of theirs: the outbox shows links without secrets', async () => {
    await north.api.post('/v1/events', earning('bea'))
    const mail = await product.inbox.waitFor('bea@example.org', 20_000)
    const [, token = 'none'] = /\/claim#([\w-]{40,})/.exec(mail.text) ?? []
    for (const by of [north.api, north.owner]) {
      const { items } = (await by.get('/v1/mail')).body
      const shown = items.find(({ to }: { to: string }) => to === 'bea@example.org')
      expect(shown.text).toContain('/claim#…')
      expect(JSON.stringify(items)).not.toContain(token)
      expect(JSON.stringify(items)).not.toMatch(/#[\w-]{20,}/)
    }
  })

  test('who belongs to both says which is meant; then the other’s ids are unknown', async () => {
    const account = await withClient(product.running.parts.databaseUrl, async (client) => {
      const { rows } = await client.query(
        "SELECT account_id::text AS id FROM account_identity WHERE value = 'owner@north.example.org'",
      )
      return rows[0].id as string
    })
    await product.running.parts.database.inOrganisation(south.id, (stores) =>
      addMember(stores, south, account as AccountId, ['read']),
    )
    const both = await signedIn('owner@north.example.org')
    expect((await both.get('/v1/awards')).body.code).toBe('organisation-required')
    const award = (of: Tenant, organisation: Tenant) =>
      both.get(`/v1/awards/${of.ids['award']}?organisation=${organisation.id}`)
    await vi.waitFor(async () => expect((await award(south, south)).status).toBe(200), { timeout: 15_000 })
    expect((await award(north, north)).status).toBe(200)
    for (const wrong of [await award(north, south), await award(south, north)])
      expect([wrong.status, wrong.body.code]).toEqual([404, 'not-found'])
    // Rights do not travel: it may read there, and no more.
    const revoked = await both.post(`/v1/awards/${south.ids['award']}/revoke?organisation=${south.id}`, {
      reason: 'X',
    })
    expect([revoked.status, revoked.body.code]).toEqual([403, 'forbidden'])
  })
})
