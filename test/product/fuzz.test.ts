import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deliveryReport } from '#test/mail/delivery-report.ts'
import { usedCpuMs } from '#test/used-cpu.ts'
import { ApiCaller } from './api-caller.ts'
import { attestedRule, createAttester, setUpAttested } from './attester.ts'
import { createEndorser, tokenIn } from './endorser.ts'
import { awardOf, basicsRule, completed, earning, setUpFirstAid } from './first-aid.ts'
import { signedIn } from './member.ts'
import { startTestProduct, type TestProduct } from './test-product.ts'

// Garbage at every door that takes a body: whatever comes, the answer is quick, and never a fault of ours.

/** Bodies an operation. A longer run by hand: FUZZ_RUNS=500. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 25)

let product: TestProduct
/** Of every operation with a body: who calls, where, and a body that would be taken. */
let doors: ReadonlyMap<string, Door>

interface Door {
  readonly method: string
  readonly path: string
  readonly by: ApiCaller
  readonly sample: unknown
  readonly type: string
  readonly headers: Readonly<Record<string, string>>
}

beforeAll(async () => {
  product = await startTestProduct()
  const { api } = await product.organisation('fuzz-school')
  const firstAid = await setUpFirstAid(api, 'fuzz-academy')
  const { issuerId, achievementId, ruleId, versionId } = firstAid
  await api.post('/v1/events', earning('ann'))
  const award = await awardOf(api, 'ann')
  const mail = await product.inbox.waitFor('ann@example.org', 20_000)
  const token = /\/claim#([\w-]+)/.exec(mail.text)?.[1]
  await new ApiCaller(product.url).post(`/v1/claims/${token}/accept`)
  const earner = await signedIn(product, 'ann@example.org')
  const identityId = (await earner.get('/v1/account')).body.identities[0].id
  await api.post('/v1/sources', {
    uri: 'https://lms.example.org/strict',
    name: 'Strict',
    createsSubjects: false,
  })
  const strict = completed('stranger', 1, { source: 'https://lms.example.org/strict' })
  const quarantined = (await api.post('/v1/events', strict)).body.items[0].id
  const source = (await api.get('/v1/sources')).body.items[0].id
  const definition = {
    language: 'en',
    name: { en: 'Draft', nl: 'Concept' },
    description: { en: 'A draft.' },
    criteria: { en: 'None.' },
    tags: ['a', 'b'],
    alignments: [{ targetName: 'X', targetUrl: 'https://x.example.org', targetType: 'ext:Level' }],
    validFor: 'P2Y',
    criteriaUrl: 'https://x.example.org/criteria',
    resultDescriptions: [
      {
        id: 'grade',
        name: { en: 'X' },
        type: 'LetterGrade',
        allowedValues: ['A', 'B'],
        requiredValue: 'B',
        alignments: [{ targetName: 'X', targetUrl: 'https://x.example.org' }],
      },
    ],
  }
  const draft = await api.post('/v1/achievements', { issuerId, slug: 'fuzz-draft', definition })
  const endorser = createEndorser()
  const ask = {
    target: 'achievement_version',
    targetId: versionId,
    endorserDid: endorser.did,
    endorserName: 'E',
    endorserEmail: 'e@example.org',
    comment: 'C',
    language: 'nl',
  }
  const asked = await api.post('/v1/endorsements', ask)
  const request = `/v1/endorsement-requests/${tokenIn(asked.body.requestUrl)}`
  const { unsigned } = (await api.get(request)).body
  const { body: credential } = await api.get(`/credentials/${award.credentialId}`)
  const { versions } = (await api.get(`/v1/achievements/${achievementId}`)).body
  const picture = await api.get(`/images/${versions[0].definition.image}.png`)
  const name = { en: 'X', nl: 'Y' }
  await api.post('/v1/cohorts', { slug: 'fuzz-cohort', name })
  await api.post('/v1/attributes', { name: 'level', type: 'number', description: 'X' })
  const code = await api.post('/v1/codes', { slug: 'fuzz-code', name })
  const endpoint = {
    url: 'https://lms.example.org/hook',
    description: 'X',
    eventTypes: ['achievement.withdrawn'],
  }
  const hooked = await api.post('/v1/webhooks', endpoint)
  const webhook = `/v1/webhooks/${hooked.body.webhook.id}`
  const subject = award.subjectId
  const collection = await earner.post('/v1/collections', { name })
  const attester = createAttester('fuzz')
  const attested = await setUpAttested(api, issuerId, 'mailto:ann@example.org', [attester.address])
  const data = `act=attest&criterion=0&attester=${attester.address}`
  const attestation = await attester.sign((await api.get(`${attested.path}/typed-data?${data}`)).body)

  const unit = (await api.post('/v1/units', { name: 'Fuzz' })).body.id
  const member = (await api.get('/v1/members')).body.items[0].id
  const role = (await api.post('/v1/roles', { name: 'Fuzz', rights: ['read'] })).body.id
  const keyId = (await api.post('/v1/api-keys', { name: 'Fuzz', rights: ['read'] })).body.apiKey.id
  const living = await api.post('/v1/achievements', { issuerId, slug: 'fuzz-life', definition })
  const offered = await api.post('/v1/direct-awards', { achievementId, identifier: 'lou@example.org' })
  const directAward = `/v1/direct-awards/${offered.body.directAward.id}`
  const bundle = { achievementId, name: 'X', rows: [{ identifier: 'max@example.org', narrative: 'X.' }] }
  const life = `/v1/achievements/${living.body.id}/versions/1`

  // For what follows: a mandate, and an expert who looks at a version in review.
  await product.organisation('fuzz-partner')
  const mandate = await api.post(`/v1/achievements/${living.body.id}/assessors`, {
    email: 'assessor@example.org',
    name: 'A',
    qualification: 'Q',
  })
  const reviewed = await api.post('/v1/achievements', { issuerId, slug: 'fuzz-seen', definition })
  const seen = `/v1/achievements/${reviewed.body.id}/versions/1`
  await api.post(`${seen}/submit`, undefined, { 'if-match': '"v1"' })
  await api.post(`${seen}/expert-reviews`, { email: 'expert@example.org' })
  const toExpert = await product.inbox.waitFor('expert@example.org', 20_000)
  const expertToken = /#([\w-]{40,})/.exec(toExpert.text)?.[1]
  await new ApiCaller(product.url).get(`/v1/expert-review-links/${expertToken}`)

  const profile = {
    id: 'https://x.example.org/',
    name: 'X',
    url: 'https://x.example.org',
    official: 'X',
    otherIdentifiers: [{ identifier: '30AA', type: 'ext:BRIN' }],
  }
  const institution = {
    official: 'X',
    phone: '+31201234567',
    address: {
      streetAddress: 'X 1',
      postOfficeBoxNumber: '1',
      postalCode: '1012 AB',
      addressLocality: 'X',
      addressRegion: 'X',
      addressCountry: 'X',
      addressCountryCode: 'NL',
      geo: { latitude: 52.1, longitude: 4.9 },
    },
    otherIdentifiers: [{ identifier: '30AA', type: 'ext:BRIN' }],
    parentOrg: profile,
  }
  const particulars = {
    activityStartDate: '2026-09-01T00:00:00Z',
    activityEndDate: '2026-11-30T00:00:00Z',
    creditsEarned: 2.5,
    licenseNumber: 'X',
    role: 'X',
    term: 'X',
    source: profile,
  }
  const vcStatus = { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' }
  const vc = {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    type: ['VerifiableCredential'],
    credentialSubject: { id: 'did:example:subject' },
  }
  const samples: Record<
    string,
    readonly [path: string, sample: unknown, by?: ApiCaller, headers?: Record<string, string>]
  > = {
    requestSignInLink: ['/v1/sign-in-links', { email: 'ann@example.org', language: 'nl' }],
    signIn: ['/v1/session', { token: 'A'.repeat(43) }],
    beginSignIn: ['/v1/sign-in-attempts', { provider: 'eduid', returnTo: '/console', language: 'nl' }],
    finishSignIn: ['/v1/sign-in-attempts/finish', { provider: 'eduid', query: 'code=x&state=y' }],
    changeAccount: ['/v1/account', { language: 'nl', primaryIdentityId: identityId }, earner],
    mailIdentityCode: ['/v1/account/identity-codes', { email: 'x@example.org', language: 'nl' }, earner],
    addIdentity: ['/v1/account/identities', { email: 'x@example.org', code: '04711200' }, earner],
    mailClaimCode: [`/v1/claims/${token}/code`, { language: 'nl' }, earner],
    proveClaimAddress: [`/v1/claims/${token}/proof`, { code: '04711200' }, earner],
    askClaimConfirmation: [`/v1/claims/${token}/confirmations`, { identityId, message: 'X.' }, earner],
    refuseClaim: [`/v1/claim-confirmations/${identityId}/refuse`, { reason: 'X.' }],
    createOrganisation: ['/v1/organisations', { slug: 'fuzzed', name: 'Fuzzed' }, earner],
    createUnit: ['/v1/units', { name: 'Group' }],
    changeUnit: [`/v1/units/${unit}`, { name: 'Renamed' }, api, { 'if-match': '"v1"' }],
    changeMember: [`/v1/members/${member}`, { rights: ['read'] }, api, { 'if-match': '"v1"' }],
    createRole: ['/v1/roles', { name: 'Fuzzed', description: 'X', rights: ['read'] }],
    changeRole: [`/v1/roles/${role}`, { name: 'X', description: 'X' }, api, { 'if-match': '"v1"' }],
    invite: ['/v1/invitations', { email: 'x@example.org', rights: ['read'], language: 'nl' }],
    renameApiKey: [`/v1/api-keys/${keyId}`, { name: 'Renamed' }],
    createApiKey: ['/v1/api-keys', { name: 'Key', rights: ['read'], expiresAt: '2030-01-01T00:00:00Z' }],
    createIssuer: [
      '/v1/issuers',
      {
        slug: 'fuzzed-academy',
        name: 'X',
        url: 'https://x.example.org',
        email: 'x@example.org',
        description: 'X.',
        ...institution,
      },
    ],
    changeIssuer: [
      `/v1/issuers/${issuerId}`,
      { email: 'x@example.org', description: null, ...institution },
      api,
      { 'if-match': '"v1"' },
    ],
    reportKeyCompromise: [
      `/v1/issuers/${issuerId}/keys/${crypto.randomUUID()}/compromise`,
      { since: '2026-01-01T00:00:00Z', reason: 'X.' },
    ],
    rotateIssuingKey: [`/v1/issuers/${crypto.randomUUID()}/rotate-key`, { curve: 'P-256' }],
    createAchievement: ['/v1/achievements', { issuerId, slug: 'fuzzed', definition }],
    checkAchievement: ['/v1/achievements/check', { definition }],
    createAchievementVersion: [`/v1/achievements/${achievementId}/versions`, { definition }],
    replaceAchievementDraft: [
      `/v1/achievements/${draft.body.id}/versions/1`,
      { definition },
      api,
      { 'if-match': '"v1"' },
    ],
    submitAchievementVersion: [`${life}/submit`, { note: 'X.' }, api, { 'if-match': '"v1"' }],
    approveAchievementVersion: [`${life}/approve`, { note: 'X.' }, api, { 'if-match': '"v1"' }],
    returnAchievementVersion: [`${life}/return`, { reason: 'X.' }],
    retireAchievementVersion: [`${life}/retire`, { reason: 'X.' }],
    withdrawAchievementVersion: [`${life}/withdraw`, { reason: 'X.' }],
    commentAchievementVersion: [`${life}/comments`, { text: 'X.' }],
    giveMandate: [
      `/v1/achievements/${achievementId}/assessors`,
      {
        email: 'x@example.org',
        name: 'X',
        qualification: 'X',
        evidenceUrl: 'https://x.example.org',
        from: '2026-01-01T00:00:00Z',
        until: '2036-01-01T00:00:00Z',
        criteria: [],
        language: 'nl',
      },
    ],
    endMandate: [`/v1/achievements/${achievementId}/assessors/${mandate.body.id}/end`, { reason: 'X.' }],
    showAssessorName: [
      `/v1/achievements/${achievementId}/assessors/${mandate.body.id}/name`,
      { showsName: true },
      earner,
    ],
    askExpert: [`${seen}/expert-reviews`, { email: 'x@example.org', language: 'nl', message: 'X' }],
    answerExpertReview: [
      `/v1/expert-review-links/${expertToken}/answer`,
      {
        verdict: 'disagrees',
        remarks: 'X',
        name: 'X',
        organisation: 'X',
        qualification: 'X',
        digest: 'a'.repeat(64),
      },
    ],
    listAchievement: [`/v1/achievements/${achievementId}/listing`, { listing: 'copyable' }],
    shareAchievementVersion: [
      `/v1/achievements/${achievementId}/versions/1/shares`,
      { organisation: 'fuzz-partner', kind: 'copy' },
    ],
    copyAchievement: ['/v1/achievements/copies', { issuerId, slug: 'fuzz-copy', achievementId }],
    importFramework: [
      '/v1/frameworks/imports?format=table&framework=fuzz&name=F&targetType=ext:F&publisher=X&source=https://x.example.org&licence=X&edition=1',
      new TextEncoder().encode('code,name\n1,One\n'),
      api,
      { 'content-type': 'text/csv' },
    ],
    uploadImage: ['/v1/images', picture.bytes, api, { 'content-type': 'image/png' }],
    composeImage: ['/v1/images/compose', { label: 'Fuzz', level: 0, symbol: 'star', language: 'nl' }],
    replaceHouseStyle: [
      '/v1/organisations/house-style',
      {
        colours: { primary: '#1d3f66', secondary: '#f5d9b8', text: '#ffffff' },
        shape: 'round',
        levels: [{ name: { nl: 'Brons', en: 'Bronze' }, accent: '#a5632a' }],
        logo: versions[0].definition.image,
      },
      api,
      { 'if-match': '"v1"' },
    ],
    checkRule: ['/v1/rules/check', { document: basicsRule() }],
    createRule: [
      '/v1/rules',
      { name: 'Rule', document: { ...basicsRule(), gate: { approval: { right: 'award', quorum: 1 } } } },
    ],
    createRuleVersion: [`/v1/rules/${ruleId}/versions`, { document: basicsRule() }],
    activateRuleVersion: [`/v1/rules/${ruleId}/versions/1/activate`, { backfill: false }],
    startRuleShadow: [`/v1/rules/${ruleId}/versions/1/shadow`, { backfill: false }],
    rollBackRule: [`/v1/rules/${ruleId}/rollback`, { version: 1, backfill: false }],
    startDryRun: [
      '/v1/rules/dry-runs',
      { document: basicsRule(), ruleId, from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' },
    ],
    retryEvents: ['/v1/events/retry', { code: 'internal', type: 'completed' }],
    changeOrganisationSettings: [
      '/v1/organisations/settings',
      {
        secondPerson: { activateRule: false, publishAchievement: false, changeKey: false, bulkRevoke: false },
        deadRuleDays: 30,
        eventRetention: null,
      },
      api,
      { 'if-match': '"v1"' },
    ],
    sendEvents: [
      '/v1/events',
      [
        completed('bob', 1),
        {
          id: '7f0a1d5e-0000-4000-8000-0000000000aa',
          timestamp: '2026-09-01T09:00:00Z',
          actor: { account: { homePage: 'https://sis.example.org', name: '4711' } },
          verb: { id: 'http://adlnet.gov/expapi/verbs/completed' },
          object: { id: 'https://courses.example.org/activities/1', definition: { type: 'x:course' } },
          result: { score: { raw: 7, min: 0, max: 10 }, success: true, duration: 'PT1H' },
        },
      ],
    ],
    replayEvent: [`/v1/events/${quarantined}/replay`, { createSubject: false }],
    createSource: ['/v1/sources', { uri: 'https://new.example.org', name: 'New', createsSubjects: true }],
    changeSource: [`/v1/sources/${source}`, { name: 'Renamed', createsSubjects: true }],
    createCohort: ['/v1/cohorts', { slug: 'fuzzed', name }],
    renameCohort: ['/v1/cohorts/fuzz-cohort', { name }],
    addCohortMember: [`/v1/cohorts/fuzz-cohort/members/${subject}`, { at: '2026-01-01T00:00:00Z' }],
    setCohortMembers: [
      '/v1/cohorts/fuzz-cohort/members',
      [
        'mailto:bea@example.org',
        { subject: 'eppn:cas@example.org', member: false, at: '2026-01-01T00:00:00Z' },
      ],
    ],
    declareAttribute: ['/v1/attributes', { name: 'fuzzed', type: 'strings', description: 'X' }],
    describeAttribute: ['/v1/attributes/level', { description: 'X' }],
    setAttributesOfSubject: [
      `/v1/subjects/${subject}/attributes`,
      { values: { level: 3 }, at: '2026-01-01T00:00:00Z' },
    ],
    setAttributesOfMany: [
      '/v1/attribute-values',
      [{ subject: 'mailto:dee@example.org', values: { level: 3 } }],
    ],
    recordCompetency: [
      `/v1/subjects/${subject}/competencies`,
      { framework: 'F', item: 'urn:x:1', level: 3, at: '2026-01-01T00:00:00Z' },
    ],
    createCode: [
      '/v1/codes',
      {
        slug: 'fuzzed',
        name,
        validFrom: '2026-01-01T00:00:00Z',
        validUntil: '2030-01-01T00:00:00Z',
        maxUses: 5,
      },
    ],
    drawCode: ['/v1/codes/fuzz-code/qr', { code: code.body.secret, format: 'svg' }],
    redeemCode: ['/v1/codes/redeem', { code: code.body.secret, subject: 'mailto:eve@example.org' }],
    nominate: [
      '/v1/nominations',
      {
        achievement: 'first-aid-basics',
        subject: 'mailto:ann@example.org',
        nominator: 'mailto:fay@example.org',
        reason: 'X.',
      },
    ],
    createAttestedRule: ['/v1/attested-rules', attestedRule(issuerId, [attester.address])],
    addAttestedSubject: [
      `/v1/attested-rules/${attested.ruleId}/subjects`,
      { subject: 'mailto:fay@example.org', salt: `0x${'ab'.repeat(32)}` },
    ],
    relayAttestation: [`${attested.path}/attestations`, attestation],
    relayWithdrawal: [`${attested.path}/withdrawals`, attestation],
    signAttestedWord: [`${attested.path}/issuer-words`, { act: 'attest', criterion: 0 }],
    bringForeignBadge: [`/v1/subjects/${subject}/foreign-badges`, credential],
    createDirectAward: [
      '/v1/direct-awards',
      {
        achievementId,
        identifier: 'kim@example.org',
        narrative: 'X.',
        evidence: [
          {
            url: 'https://x.example.org',
            name: 'X',
            description: 'X.',
            narrative: 'X.',
            genre: 'X',
            audience: 'X',
          },
        ],
        particulars,
        language: 'nl',
        message: 'X.',
        reminderDays: [7],
        expiryDays: 30,
      },
    ],
    changeDirectAward: [
      directAward,
      { narrative: 'X.', particulars, message: null },
      api,
      { 'if-match': '"v1"' },
    ],
    revokeDirectAward: [`${directAward}/revoke`, { reason: 'X.' }],
    changeDirectAwardSettings: [
      '/v1/direct-award-settings',
      { reminderDays: [14], expiryDays: 42, keepDays: 30, undoSeconds: 60 },
      api,
      { 'if-match': '"v1"' },
    ],
    previewDirectAwardBundle: ['/v1/direct-award-bundles/preview', bundle],
    startDirectAwardBundle: ['/v1/direct-award-bundles', bundle],
    claimByCode: ['/v1/claims/by-code', { code: 'AAAA-BBBB-CCCC' }, earner],
    refuseAward: [`/v1/awards/${award.id}/refuse`, { reason: 'Test.' }],
    revokeAward: [`/v1/awards/${award.id}/revoke`, { reason: 'Test.', note: 'X.' }],
    correctAward: [
      `/v1/awards/${award.id}/correct`,
      {
        changes: {
          narrative: 'X.',
          evidence: [
            {
              id: 'https://x.example.org',
              name: 'X',
              description: 'X.',
              narrative: 'X.',
              genre: 'X',
              audience: 'X',
            },
          ],
          particulars,
          results: [{ resultDescription: 'x', value: '1' }],
          validUntil: '2099-01-01T00:00:00Z',
          language: 'en',
        },
        reason: 'Test.',
        note: 'X.',
      },
      api,
      { 'if-match': '"v2"' },
    ],
    reissueAward: [`/v1/awards/${award.id}/reissue`, { reason: 'Test.', note: 'X.' }],
    suspendAward: [`/v1/awards/${award.id}/suspend`, { reason: 'Test.', note: 'X.' }],
    reinstateAward: [
      `/v1/awards/${award.id}/reinstate`,
      { reason: 'Test.', note: 'X.', changes: { narrative: 'X.' } },
    ],
    renewAward: [
      `/v1/awards/${award.id}/renew`,
      { reason: 'Test.', note: 'X.', validUntil: '2099-01-01T00:00:00Z' },
    ],
    prepareRevocation: ['/v1/awards/revocations', { awardIds: [award.id], reason: 'Test.', note: 'X.' }],
    confirmAwardChange: [`/v1/award-changes/${award.id}/confirm`, { digest: `0x${'ab'.repeat(32)}` }],
    lookAtBlastRadius: ['/v1/blast-radius', { kind: 'source', id: award.id }],
    prepareRepair: [
      '/v1/blast-radius/repairs',
      {
        about: { kind: 'rule_version', id: award.id },
        perVerdict: { stands: 'leave', falls: 'revoke', unknown: 'reissue' },
        awards: [{ awardId: award.id, action: 'leave' }],
        reason: 'Test.',
        note: 'X.',
      },
    ],
    setVisibility: [`/v1/credentials/${award.credentialId}/visibility`, { visibility: 'public' }, earner],
    createShareLink: [
      `/v1/credentials/${award.credentialId}/share-links`,
      { expiresAt: '2030-01-01T00:00:00Z', label: 'X', omits: ['evidence'] },
      earner,
    ],
    importBadge: ['/v1/backpack/imported', credential, earner],
    offerToWallet: [`/v1/credentials/${award.credentialId}/wallet-offers`, { pin: true }, earner],
    beginConnection: ['/v1/connections', { url: 'https://backpack.invalid' }, earner],
    finishConnection: [`/v1/connections/${identityId}/finish`, { query: 'code=x&state=y' }, earner],
    fetchFromConnection: [`/v1/connections/${identityId}/fetch`, { everything: true }, earner],
    pushToConnection: [`/v1/connections/${identityId}/push`, { credentialId: award.credentialId }, earner],
    answerAccessRequest: ['/connect/unknown', { decision: 'allow' }, earner],
    createCollection: [
      '/v1/collections',
      {
        name: { en: 'X' },
        description: { nl: 'Y' },
        visibility: 'link',
        expiresAt: '2030-01-01T00:00:00Z',
        badges: [award.credentialId],
        shareBadges: true,
      },
      earner,
    ],
    changeCollection: [
      `/v1/collections/${collection.body.id}`,
      {
        name: { en: 'X' },
        visibility: 'link',
        badges: [award.credentialId],
        shareBadges: true,
        newLink: true,
      },
      earner,
      { 'if-match': '"v1"' },
    ],
    requestEndorsement: ['/v1/endorsements', ask],
    linkEndorsement: [
      `/v1/endorsements/${asked.body.id}/link`,
      { endorserEmail: 'e@example.org', language: 'nl' },
    ],
    signEndorsement: [`${request}/signature`, { credential: await endorser.sign(unsigned) }],
    createWebhook: ['/v1/webhooks', { ...endpoint, payloadVersion: '1', unitId: hooked.body.webhook.unitId }],
    changeWebhook: [webhook, { ...endpoint, enabled: true }, api, { 'if-match': '"v1"' }],
    rotateWebhookSecret: [`${webhook}/rotate-secret`, { overlapSeconds: 60 }],
    replayWebhookDeliveries: [`${webhook}/deliveries/replay`, { since: '2026-01-01T00:00:00Z' }],
    changeMailTemplate: [
      '/v1/notification-templates/claim/nl',
      { subject: 'X {{achievement}}', text: 'Y: {{link}}' },
      api,
      { 'if-match': '"v0"' },
    ],
    previewMailTemplate: [
      '/v1/notification-templates/claim/nl/preview',
      { subject: 'X', text: '{{link}}', values: { achievement: 'A', byRule: true } },
    ],
    changeNotificationPreferences: [
      '/v1/account/notification-preferences',
      {
        kinds: [{ kind: 'badge-expired', inApp: true, email: 'daily' }],
        digest: { timeZone: 'UTC', hour: 8, weekday: 1 },
      },
      earner,
    ],
    unsubscribe: [
      `/v1/unsubscribe/${'A'.repeat(60)}`,
      new TextEncoder().encode('List-Unsubscribe=One-Click'),
      api,
      { 'content-type': 'application/x-www-form-urlencoded' },
    ],
    takeBounce: [
      '/v1/mail/bounces',
      new TextEncoder().encode(deliveryReport({ messageId: '<x@localhost>', recipient: 'x@example.org' })),
      api,
      { 'content-type': 'message/rfc822' },
    ],
    vcIssueCredential: [
      '/vc/credentials/issue',
      { credential: vc, options: { credentialStatus: [vcStatus] } },
    ],
    vcChangeStatus: [
      '/vc/credentials/status',
      {
        credentialId: 'urn:uuid:00000000-0000-4000-8000-000000000000',
        credentialStatus: vcStatus,
        status: true,
      },
    ],
    vcDeriveCredential: [
      '/vc/credentials/derive',
      { verifiableCredential: credential, options: { selectivePointers: ['/credentialSubject'] } },
    ],
    vcVerifyCredential: ['/vc/credentials/verify', { verifiableCredential: credential }],
    vcVerifyPresentation: [
      '/vc/presentations/verify',
      {
        verifiablePresentation: {
          ...vc,
          type: ['VerifiablePresentation'],
          verifiableCredential: [credential],
        },
        options: { challenge: 'x', domain: 'example.org' },
      },
    ],
    verify: ['/v1/verify', { credential, endorsements: [await endorser.sign(unsigned)] }],
    printVerification: ['/v1/verify/report', { credential }],
  }
  const { body: reference } = await api.get('/openapi.json')
  doors = new Map(
    Object.values(
      reference.paths as Record<string, Record<string, { operationId: string; requestBody?: unknown }>>,
    )
      .flatMap((methods) => Object.entries(methods))
      .filter(([, { requestBody }]) => requestBody !== undefined)
      .map(([method, { operationId }]) => {
        const [path, sample, by = api, headers = {}] = samples[operationId] ?? []
        if (path === undefined) throw new Error(`There is no sample of a body for ${operationId}.`)
        const type = headers['content-type'] ?? 'application/json'
        return [operationId, { method: method.toUpperCase(), path, by, sample, type, headers }]
      }),
  )
  expect([...doors.keys()].sort()).toEqual(Object.keys(samples).sort())
})
afterAll(() => product?.stop())

/** Texts that have broken something somewhere. */
const nasty = fc.constantFrom(
  '',
  ' ',
  '\u202e',
  '%00',
  '🎓'.repeat(400),
  'a'.repeat(9000),
  '../../etc/passwd',
  "'; DROP TABLE award; --",
  '<script>alert(1)</script>',
  '{{7*7}}',
  'constructor',
  'toString',
  'did:web:%zz',
  'did:web:localhost%3A1',
  'did:key:z6Mk',
  'https://exa mple.org/<>"{}|\\^`',
  'http://[::1',
  'javascript:alert(1)',
  'P99999999999Y',
  'P1Y',
  '9999-12-31T23:59:59-23:59',
  '0000-01-01T00:00:00Z',
  '00000000-0000-4000-8000-00000000dead',
  'event.score > 0.5 && true',
  'event.data.a.b.c[0] == "x"',
  '"" in event.data',
  'urn:uuid:',
  'eyJhbGciOiJub25lIn0.e30.',
)
const leaf = fc.oneof(
  nasty,
  fc.string({ unit: 'grapheme', maxLength: 50 }),
  fc.constantFrom(null, true, false, 0, -1, 1e300, -1e300, 0.1, 2 ** 53 - 1),
  fc.constantFrom([], {}, [[]], [null], { id: null }, { type: [] }),
)
const anything = fc.oneof(leaf, fc.jsonValue({ maxDepth: 3 }))

/** Of media, real ones and what is none. A header has no bytes beyond Latin-1. */
const wrongTypes = fc.oneof(
  fc.constantFrom(
    '',
    'text/html',
    'application/xml',
    'application/json-patch+json',
    'application/problem+json',
    'application/vnd.api+json',
    'multipart/mixed; boundary=application/json',
    'application/json, text/csv',
    'application/ json',
    'json',
    '*/*',
    ';charset=utf-8',
    'constructor',
    '__proto__',
  ),
  fc.string({
    unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    maxLength: 60,
  }),
)

interface OperationWithBody {
  readonly operationId: string
  readonly requestBody?: { readonly content: object }
}

type Path = readonly (string | number)[]

/** Every place in a document, the whole included. */
function placesIn(value: unknown, at: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [at]
  return [at, ...Object.entries(value).flatMap(([name, child]) => placesIn(child, [...at, name]))]
}

/** A copy with another value at one place, with that place gone, or with a member more. */
function changed(
  value: unknown,
  path: Path,
  how: 'replace' | 'remove' | 'add',
  by: unknown,
  name: string,
): unknown {
  const [step, ...rest] = path
  if (step === undefined) {
    if (how === 'replace' || typeof value !== 'object' || value === null) return by
    return Array.isArray(value) ? [...value, by] : { ...value, [name]: by }
  }
  const copy: Record<string, unknown> = Array.isArray(value)
    ? ([...value] as unknown as Record<string, unknown>)
    : { ...(value as object) }
  if (rest.length === 0 && how === 'remove' && !Array.isArray(copy)) delete copy[step]
  else copy[step] = changed(copy[step], rest, how, by, name)
  return copy
}

/** A body that would be taken, with one to three things wrong. */
const almost = (sample: unknown) => {
  const places = placesIn(sample)
  const change = fc.record({
    place: fc.constantFrom(...places),
    how: fc.constantFrom('replace', 'replace', 'remove', 'add'),
    by: anything,
    name: fc.oneof(nasty, fc.string({ maxLength: 12 })),
  })
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) =>
    changes.reduce((body, { place, how, by, name }) => {
      try {
        return changed(body, place, how as 'replace', by, name)
      } catch {
        return body
      }
    }, sample),
  )
}

/** What is sent: almost right, any JSON at all, and bytes that are no JSON. */
function bodiesFor({ sample, type }: Door): fc.Arbitrary<BodyInit> {
  const noise = fc.uint8Array({ maxLength: 200 }).map((bytes) => bytes as BodyInit)
  if (type === 'image/png') {
    const png = sample as Uint8Array
    const spoilt = fc
      .record({
        at: fc.nat(Math.min(png.length - 1, 300)),
        by: fc.nat(255),
        end: fc.integer({ min: 8, max: png.length }),
      })
      .map(({ at, by, end }) => {
        const copy = png.slice(0, end)
        copy[Math.min(at, end - 1)] = by
        return copy as BodyInit
      })
    return fc.oneof(noise, spoilt)
  }
  const text = (value: unknown) => JSON.stringify(value) ?? ''
  return fc.oneof(
    { weight: 8, arbitrary: almost(sample).map(text) },
    { weight: 2, arbitrary: anything.map(text) },
    { weight: 1, arbitrary: noise },
  )
}

/** VC-API says "not verified" by status, with an answer of its own form. */
const VERIFIES_BY_STATUS: ReadonlySet<string> = new Set(['vcVerifyCredential', 'vcVerifyPresentation'])

/** Where wrong secrets are counted: after twenty of them nothing is looked at for a minute. */
const GUESSED: ReadonlySet<string> = new Set(['claimByCode', 'unsubscribe'])

test('whatever is sent to whichever door, the answer is quick, in form and no fault of ours', async () => {
  for (const [operation, door] of doors) {
    const { by, method, path, type, headers } = door
    await fc.assert(
      fc.asyncProperty(bodiesFor(door), async (body) => {
        const started = usedCpuMs()
        const answer = await by.send(method, path, body, { 'content-type': type, ...headers })
        expect([operation, answer.status < 500, answer.status]).toEqual([operation, true, answer.status])
        expect([operation, answer.status]).not.toEqual([operation, 429])
        if (answer.status >= 400 && VERIFIES_BY_STATUS.has(operation) && answer.body.verified === false) {
          expect(answer.body.problemDetails.length).toBeGreaterThan(0)
        } else if (answer.status >= 400) {
          expect(answer.type).toContain('application/problem+json')
          expect(answer.body).toMatchObject({
            status: answer.status,
            code: expect.stringMatching(/^[a-z-]+$/),
          })
        }
        expect(usedCpuMs() - started).toBeLessThan(5000)
      }),
      { numRuns: GUESSED.has(operation) ? Math.min(RUNS, 15) : RUNS },
    )
  }
}, 600_000)

test('a body of a kind that a door does not take is refused as that, and what is taken is named', async () => {
  const { body: reference } = await new ApiCaller(product.url).get('/openapi.json')
  const contents = new Map(
    Object.values(reference.paths as Record<string, Record<string, OperationWithBody>>)
      .flatMap((methods) => Object.values(methods))
      .map(({ operationId, requestBody }) => [operationId, Object.keys(requestBody?.content ?? {})]),
  )
  for (const [operation, { by, method, path, headers, sample }] of doors) {
    const accepted = contents.get(operation) ?? []
    const body = sample instanceof Uint8Array ? (sample as BodyInit) : JSON.stringify(sample)
    const send = (more: Record<string, string>) => by.send(method, path, body, { ...headers, ...more })
    const refusalsOf = async (type: string) => {
      const answer = await send({ 'content-type': type })
      const named = answer.headers.get('accept')?.split(', ')
      expect([
        operation,
        type,
        answer.status,
        answer.body?.code,
        answer.body?.parameters.accepted,
        named,
      ]).toEqual([operation, type, 415, 'unsupported-media-type', accepted, accepted])
    }
    await fc.assert(
      fc.asyncProperty(
        wrongTypes.filter((type) => !accepted.includes(type.split(';')[0]?.trim().toLowerCase() ?? '')),
        refusalsOf,
      ),
      { numRuns: Math.min(RUNS, 8) },
    )
    await refusalsOf(`${accepted[0]}; charset=utf-16`)
    const squeezed = await send({ 'content-type': accepted[0] ?? '', 'content-encoding': 'gzip' })
    expect([operation, squeezed.status, squeezed.body?.code]).toEqual([
      operation,
      415,
      'unsupported-content-encoding',
    ])
  }
}, 600_000)

test('garbage in parameters and paths is refused as calmly', async () => {
  const { body: reference } = await new ApiCaller(product.url).get('/openapi.json')
  const paths = Object.entries(reference.paths as Record<string, Record<string, unknown>>).filter(
    ([, methods]) => 'get' in methods,
  )
  const by = [...doors.values()].find(({ path }) => path === '/v1/units')?.by
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...paths.map(([path]) => path)),
      fc.oneof(nasty, fc.string({ unit: 'grapheme', maxLength: 30 })),
      fc.constantFrom(
        '',
        'limit',
        'cursor',
        'organisation',
        'state',
        'share',
        'version',
        'identifier',
        'format',
        'subjectId',
      ),
      fc.oneof(nasty, fc.string({ unit: 'grapheme', maxLength: 30 })),
      async (path, segment, parameter, value) => {
        const filled = path.replaceAll(
          /\{\w+\}/g,
          () => encodeURIComponent(segment.slice(0, 500).toWellFormed()) || 'x',
        )
        const query =
          parameter === '' ? '' : `?${parameter}=${encodeURIComponent(value.slice(0, 3000).toWellFormed())}`
        const answer = await by?.get(`${filled}${query}`)
        expect([filled, query, (answer?.status ?? 500) < 500]).toEqual([filled, query, true])
      },
    ),
    { numRuns: RUNS * 8 },
  )
}, 600_000)
