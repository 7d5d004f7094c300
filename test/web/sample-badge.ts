/** A badge as the API would show it: sample data, not signed by anybody. */
export const ORIGIN = 'http://localhost:3000'
export const CREDENTIAL_ID = '0197a2c0-0000-4000-8000-0000000000c1'
export const PRIVATE_CREDENTIAL_ID = '0197a2c0-0000-4000-8000-0000000000c2'
export const REVOKED_CREDENTIAL_ID = '0197a2c0-0000-4000-8000-0000000000c3'
export const ACHIEVEMENT_ID = '0197a2c0-0000-4000-8000-0000000000a1'
export const ISSUER_SLUG = 'sample-college'
export const DID = `did:web:badges.example.edu:issuers:${ISSUER_SLUG}`
const KEY = 'z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK'
export const ENDORSER = 'did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw'

const issuerProfile = {
  id: DID,
  type: ['Profile'],
  name: 'Sample College',
  url: 'https://badges.example.edu',
  email: 'badges@example.edu',
  description: 'A college that exists only in examples.',
}

export const achievementDocument = {
  id: `${ORIGIN}/achievements/${ACHIEVEMENT_ID}`,
  type: ['Achievement'],
  version: '2',
  inLanguage: 'en',
  name: 'Data Detective',
  description: 'Finds, cleans and explains open data.',
  achievementType: 'Badge',
  criteria: {
    narrative:
      '## To earn it\n\n1. Finish **three** of the five workshops.\n2. Score at least 80 % in the final quiz.\n\nSee [the course](https://course.example.edu/data). <img src=x onerror=alert(1)>',
  },
  tag: ['data', 'research'],
}

export const document = {
  '@context': [
    'https://www.w3.org/ns/credentials/v2',
    'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
  ],
  id: `urn:uuid:${CREDENTIAL_ID}`,
  type: ['VerifiableCredential', 'OpenBadgeCredential'],
  name: 'Data Detective',
  issuer: issuerProfile,
  validFrom: '2026-11-20T09:00:00Z',
  awardedDate: '2026-11-20T08:59:00Z',
  credentialSubject: {
    id: 'urn:uuid:0197a2c0-0000-4000-8000-0000000000f1',
    type: ['AchievementSubject'],
    achievement: {
      ...achievementDocument,
      resultDescription: [
        { id: 'urn:result:quiz', type: ['ResultDescription'], name: 'Quiz', resultType: 'Percent' },
        {
          id: 'urn:result:report',
          type: ['ResultDescription'],
          name: 'Report',
          resultType: 'RubricCriterionLevel',
          rubricCriterionLevel: [
            {
              id: 'urn:level:able',
              type: ['RubricCriterionLevel'],
              name: 'Able',
              description: 'Works alone.',
            },
          ],
        },
      ],
    },
    narrative: 'Found *why* the bus was late. <img src=x onerror=alert(1)>',
    result: [
      { type: ['Result'], resultDescription: 'urn:result:quiz', value: '87' },
      {
        type: ['Result'],
        resultDescription: 'urn:result:report',
        achievedLevel: 'urn:level:able',
        value: 'able',
      },
    ],
  },
  evidence: [
    { id: 'https://portfolio.example.edu/report', type: ['Evidence'], name: 'The report' },
    { id: 'javascript:alert(1)', type: ['Evidence'], name: 'Not an address' },
  ],
}

const endorsement = {
  id: '0197a2c0-0000-4000-8000-0000000000e1',
  endorserDid: ENDORSER,
  endorserName: 'Sample Data Society',
  comment: 'The criteria match what our members do in their first year.',
  publishedAt: '2026-11-21T10:00:00Z',
  target: 'achievement_version',
  document: { type: ['VerifiableCredential', 'EndorsementCredential'], issuer: { id: ENDORSER } },
}

export const issuer = {
  name: 'Sample College',
  did: DID,
  slug: ISSUER_SLUG,
  domain: 'badges.example.edu',
}

export const credentialView = {
  id: CREDENTIAL_ID,
  page: `${ORIGIN}/credentials/${CREDENTIAL_ID}`,
  form: 'document',
  document,
  visibility: 'public',
  publicOmits: [],
  state: 'issued',
  revocationReason: null,
  test: false,
  achievementId: ACHIEVEMENT_ID,
  achievementName: 'Data Detective',
  texts: {
    name: { text: 'Data Detective', language: 'en' },
    description: { text: 'Finds, cleans and explains open data.', language: 'en' },
    criteria: { text: 'Published a data set with its source.', language: 'en' },
  },
  documentLanguage: 'en',
  issuer,
  image: null,
  awardedAt: '2026-11-20T08:59:00Z',
  byRule: true,
  anchor: { state: 'final', independent: false, anchoredAt: '2026-11-20T09:05:00Z' },
  endorsements: [endorsement],
  mine: false,
}

export const publicAchievement = {
  id: ACHIEVEMENT_ID,
  page: `${ORIGIN}/achievements/${ACHIEVEMENT_ID}`,
  document: achievementDocument,
  version: 2,
  state: 'published',
  issuer,
  image: null,
  test: false,
  end: null,
  about: {
    badgeType: 'regular',
    purpose: { en: 'More people who read data.', nl: 'Meer mensen die data lezen.' },
    recognises: ['skill'],
    recognisedThrough: 'result',
    learningOutcomes: [{ en: 'Cleans a data set.', nl: 'Schoont een dataset op.' }],
    criteriaItems: [
      { id: 'clean', text: { en: 'Cleans a data set', nl: 'Schoont een dataset op' }, evidence: 'product' },
    ],
    workload: { unit: 'sbu', amount: 28 },
  },
  endorsements: [endorsement],
  assessors: [
    { qualification: 'Teaches statistics', evidenceUrl: 'https://register.example.org/1', name: null },
    { qualification: 'Data analyst', evidenceUrl: null, name: 'Noor Bakker' },
  ],
}

export const catalogue = {
  items: [
    {
      id: ACHIEVEMENT_ID,
      page: `${ORIGIN}/achievements/${ACHIEVEMENT_ID}`,
      version: 2,
      publishedAt: '2026-11-20T08:59:00Z',
      language: 'en',
      name: { en: 'Data Detective', nl: 'Datadetective' },
      description: { en: 'Finds what data tell.', nl: 'Vindt wat data vertellen.' },
      image: null,
      badgeType: 'regular',
      recognises: ['skill'],
      recognisedThrough: 'result',
      workload: { unit: 'ects', amount: 2 },
      eqf: ['4'],
      nlqf: [],
      copyable: true,
      test: false,
      issuer: { slug: issuer.slug, name: issuer.name },
    },
  ],
  next: 'bmV4dA',
  total: 2,
  facets: [
    { name: 'badgeType', values: [{ value: 'regular', count: 2 }] },
    { name: 'eqf', values: [{ value: '4', count: 1 }] },
    { name: 'nlqf', values: [] },
  ],
}

export const expertReviewRequest = {
  state: 'viewed',
  organisationName: 'Sample College',
  issuerName: issuer.name,
  message: 'Is the level right?',
  version: 3,
  definition: {
    language: 'en',
    name: { en: 'Data Detective', nl: 'Datadetective' },
    description: { en: 'Finds what data tell.', nl: 'Vindt wat data vertellen.' },
    criteria: { en: 'Clean **one** data set.', nl: 'Schoon **één** dataset op.' },
    achievementType: 'Badge',
    tags: [],
    alignments: [{ targetName: 'EQF level 4', targetUrl: 'http://data.europa.eu/snb/eqf/4' }],
    ...publicAchievement.about,
  },
  image: null,
  digest: 'a'.repeat(64),
  expiresAt: '2026-12-10T09:00:00Z',
}

export const didDocument = {
  id: DID,
  verificationMethod: [
    { id: `${DID}#${KEY}`, type: 'Multikey', controller: DID, publicKeyMultibase: KEY },
    {
      id: `${DID}#anchoring`,
      type: 'EcdsaSecp256k1RecoveryMethod2020',
      controller: DID,
      blockchainAccountId: 'eip155:31337:0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
    },
  ],
  assertionMethod: [`${DID}#${KEY}`],
}

export const claimView = {
  state: 'open',
  identifier: 'n…@example.org',
  achievementName: 'Data Detective',
  achievementDescription: 'Finds, cleans and explains open data.',
  achievementId: ACHIEVEMENT_ID,
  issuerName: 'Sample College',
  issuerDomain: 'badges.example.edu',
  image: null,
  awardedAt: '2026-11-20T08:59:00Z',
  byRule: true,
  test: false,
  expiresAt: '2027-02-18T09:00:00Z',
  credentialId: null,
  matches: null,
  parts: {
    narrative: 'Found *why* the bus was late. <img src=x onerror=alert(1)>',
    results: [
      { name: 'Quiz', type: 'Percent', value: '87' },
      { name: 'Report', value: 'able', level: { name: 'Able', description: 'Works alone.' } },
    ],
    evidence: [
      { url: 'https://portfolio.example.edu/report', name: 'The report', narrative: 'With its **source**.' },
      { url: 'javascript:alert(1)', name: 'Not an address' },
    ],
  },
}

export const endorsementRequest = {
  id: '0197a2c0-0000-4000-8000-0000000000e2',
  state: 'viewed',
  issuerName: 'Sample College',
  what: 'Data Detective, version 2',
  endorserDid: ENDORSER,
  unsigned: {
    type: ['VerifiableCredential', 'EndorsementCredential'],
    issuer: { id: ENDORSER },
    credentialSubject: { id: publicAchievement.page, endorsementComment: 'We teach the same.' },
  },
  target: achievementDocument,
  digest: 'sha256-LCa0a2j/xo/5m0U8HTBBNBNCLXBkg7+g+YpeiGJm564=',
}

export const profileDocument = issuerProfile
