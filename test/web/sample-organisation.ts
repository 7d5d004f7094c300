import { ACHIEVEMENT_ID, CREDENTIAL_ID, DID, ENDORSER, ISSUER_SLUG } from './sample-badge.ts'

export const ORGANISATION_ID = '0197a2c0-0000-4000-8000-000000000001'
export const REVIEWED_ACHIEVEMENT_ID = '0197a2c0-0000-4000-8000-0000000000f1'
/** Approved something, and is a member no more. */
export const LEFT_MEMBER = 'account:0197a2c0-0000-4000-8000-00000000b499'
const ISSUER_ID = '0197a2c0-0000-4000-8000-000000000002'
export const RULE_ID = '0197a2c0-0000-4000-8000-000000000003'
export const JOB_ID = '0197a2c0-0000-4000-8000-0000000000c7'
export const DRY_RUN_ID = '0197a2c0-0000-4000-8000-0000000000c8'
export const DRY_RUN_RUNNING_ID = '0197a2c0-0000-4000-8000-0000000000c9'
const SUBJECT_ID = '0197a2c0-0000-4000-8000-000000000004'

export const session = (isMember: boolean) => ({
  accountId: '0197a2c0-0000-4000-8000-000000000009',
  identities: [{ type: 'email', value: 'noor@example.org' }],
  organisations: isMember
    ? [{ id: ORGANISATION_ID, slug: 'sample', name: 'Sample College', sample: true }]
    : [],
})

const batch = (sequence: number, state: string, realLeaves: number) => ({
  id: `0197a2c0-0000-4000-8000-00000000b0${sequence}0`,
  issuerId: ISSUER_ID,
  sequence,
  state,
  root: `0x${String(sequence).repeat(64)}`,
  size: 184,
  realLeaves,
  signer: `0x${'f3'.repeat(20)}`,
  chain: 'eip155:31337',
  contract: `0x${'c0'.repeat(20)}`,
  sealedAt: '2026-11-20T09:04:00Z',
  blockNumber: state === 'final' ? 12 + sequence : null,
  blockTime: state === 'final' ? '2026-11-20T09:05:00Z' : null,
})

const batches = [batch(1, 'final', 28), batch(2, 'final', 9), batch(3, 'sent', 4)]

const trace = {
  kind: 'all',
  status: 'not_met',
  have: 1,
  need: 2,
  children: [
    {
      kind: 'distinctOf',
      id: 'workshops',
      leafHash: 'x',
      status: 'met',
      have: 3,
      need: 3,
      missing: [],
      evidence: ['0197a2c0-0000-4000-8000-00000000e001'],
    },
    {
      kind: 'event',
      id: 'quiz',
      leafHash: 'y',
      status: 'not_met',
      have: 0,
      need: 1,
      missing: [],
      evidence: [],
      nearMiss: { eventId: '0197a2c0-0000-4000-8000-00000000e002', conjunct: 'event.score >= 0.8' },
    },
    {
      kind: 'avg',
      leafHash: 'z',
      status: 'not_met',
      have: 0.9,
      need: 0.7,
      missing: [],
      evidence: [],
      missingEvents: 2,
    },
    {
      kind: 'not',
      status: 'not_met',
      have: 0,
      need: 1,
      children: [],
      against: { since: '2026-11-03T09:00:00Z', forGood: true },
    },
  ],
}

const words = {
  en: ['Finished 3 of 3 workshops.', 'Not yet: the final quiz with at least 80 %.'],
  nl: ['3 van 3 workshops afgerond.', 'Nog niet: de eindtoets met minstens 80 %.'],
}

const definition = {
  language: 'en',
  name: { en: 'Data Detective', nl: 'Datadetective' },
  description: { en: 'Finds, cleans and explains open data.', nl: 'Vindt en verklaart open data.' },
  criteria: { en: 'Finish three workshops.', nl: 'Rond drie workshops af.' },
  achievementType: 'Badge',
  tags: ['data'],
  alignments: [],
}

const award = (n: number, state: string, more: object = {}) => ({
  id: `0197a2c0-0000-4000-8000-0000000aa0${n}0`,
  achievementId: ACHIEVEMENT_ID,
  achievementVersionId: '0197a2c0-0000-4000-8000-0000000000a2',
  achievementName: 'Data Detective',
  subjectId: SUBJECT_ID,
  state,
  origin: 'rule',
  occurrence: 'once',
  ruleId: RULE_ID,
  decisionId: '0197a2c0-0000-4000-8000-0000000000d1',
  awardedAt: '2026-11-20T08:59:00Z',
  grantedAt: '2026-11-20T09:00:00Z',
  issuedAt: null,
  endedAt: null,
  reason: null,
  revision: 2,
  suspendedAt: null,
  edition: null,
  nextEdition: null,
  renews: null,
  renewedBy: null,
  correction: null,
  validUntil: null,
  approval: null,
  endorsement: null,
  results: [],
  evidence: [],
  narrative: null,
  givenEvidence: [],
  credentialId: null,
  claim: null,
  anchor: null,
  ...more,
})

const event = (n: number, state: string) => ({
  id: `0197a2c0-0000-4000-8000-0000000ee0${n}0`,
  receivedAt: '2026-11-20T09:00:00Z',
  state,
  quarantineCode: state === 'quarantined' ? 'subject-unknown' : null,
  subjectId: state === 'quarantined' ? null : SUBJECT_ID,
  source: 'https://lms.example.edu',
  sourceId: `statement-${n}`,
  type: 'course.completed',
  time: '2026-11-20T08:59:00Z',
  actor: { type: 'email', value: 'noor@example.org' },
  activity: 'https://lms.example.edu/course/7',
  score: 0.85,
  parked: false,
})

const rule = {
  schema: 'waarmerk-rule/1',
  achievement: 'data-detective',
  occurrence: { kind: 'once' },
  recipient: 'event.actor',
  when: { distinctOf: 3, by: 'event.activity', in: ['a', 'b', 'c', 'd', 'e'] },
}

const sampleRule = {
  id: RULE_ID,
  name: 'Data Detective',
  achievementId: ACHIEVEMENT_ID,
  createdAt: '2026-11-01T09:00:00Z',
  versions: [
    {
      id: '0197a2c0-0000-4000-8000-0000000000d2',
      version: 1,
      state: 'active',
      document: rule,
      digest: '5b'.repeat(32),
      activatedAt: '2026-11-02T09:00:00Z',
    },
    {
      id: '0197a2c0-0000-4000-8000-0000000000d3',
      version: 2,
      state: 'shadow',
      document: { ...rule, when: { ...rule.when, distinctOf: 4 } },
      digest: null,
      activatedAt: null,
    },
    {
      id: '0197a2c0-0000-4000-8000-0000000000d4',
      version: 3,
      state: 'draft',
      document: { ...rule, when: { ...rule.when, distinctOf: 2 } },
      digest: null,
      activatedAt: null,
    },
  ],
  backfillJobId: null,
}

const sampleHealth = {
  days: 30,
  organisation: { seen: 1200, errors: 1, parked: 1, latency: { p50: 50, p95: 200 } },
  items: [
    {
      ruleId: RULE_ID,
      name: 'Data Detective',
      versionId: '0197a2c0-0000-4000-8000-0000000000d2',
      version: 1,
      state: 'active',
      seen: 1200,
      matched: 340,
      nearMisses: 12,
      awarded: 25,
      needsReview: 0,
      blocked: 0,
      retracted: 0,
      wouldAward: 0,
      errors: 0,
      leftOut: 0,
      latency: { p50: 50, p95: 200 },
      lastMatchAt: '2026-10-01T09:00:00Z',
      lastAwardAt: '2026-10-01T09:00:00Z',
      alarm: 'dead',
      deadSince: '2026-10-01T09:00:00Z',
      backfillJobId: JOB_ID,
    },
  ],
}

const person = (n: number, metAt: string | null) => ({
  subjectId: `0197a2c0-0000-4000-8000-00000000f00${n}`,
  outcome: metAt === null ? null : 'award',
  metAt,
  trace,
  words,
})

const job = (id: string, kind: string, state: string, done: number, result: object) => ({
  id,
  kind,
  ruleId: RULE_ID,
  ruleVersionId: '0197a2c0-0000-4000-8000-0000000000d4',
  state,
  progress: { done, total: 160, left: 160 - done },
  result,
  error: null,
  createdBy: 'key:0197a2c0-0000-4000-8000-0000000000b9',
  createdAt: '2026-11-25T09:00:00Z',
  startedAt: '2026-11-25T09:00:01Z',
  finishedAt: state === 'running' ? null : '2026-11-25T09:00:05Z',
})

const found = {
  events: 4210,
  wouldAward: 48,
  alreadyAwarded: 25,
  sample: [person(1, '2026-11-10T09:00:00Z'), person(2, '2026-11-12T09:00:00Z')],
  nearMisses: [
    { leaf: 'quiz', path: '/when/all/1', conjunct: '(event.score >= 0.8)', people: 7 },
    {
      leaf: 'workshops',
      path: '/when/all/0',
      conjunct: '(event.activity in ["a", "b", "c", "d", "e"])',
      people: 2,
    },
  ],
  difference: {
    version: 1,
    wouldAward: 14,
    wouldNoLongerAward: 3,
    sample: { wouldAward: [person(3, '2026-11-14T09:00:00Z')], wouldNoLongerAward: [person(4, null)] },
  },
}
const running = job(DRY_RUN_RUNNING_ID, 'dry_run', 'running', 40, { ...found, wouldAward: 12 })
const over = job(DRY_RUN_ID, 'dry_run', 'done', 160, found)

const decision = {
  id: '0197a2c0-0000-4000-8000-0000000000d1',
  decidedAt: '2026-11-20T09:00:00Z',
  ruleId: RULE_ID,
  ruleVersionId: '0197a2c0-0000-4000-8000-0000000000d2',
  achievementId: ACHIEVEMENT_ID,
  subjectId: SUBJECT_ID,
  occurrence: 'once',
  outcome: 'award',
  metAt: '2026-11-20T08:59:00Z',
  awardId: award(1, 'issued').id,
  trace,
  words,
  events: {},
}

/** What the console reads, by path below /v1. */
const unit = (n: number, parentId: string | null, kind: string, name: string) => ({
  id: `0197a2c0-0000-4000-8000-00000000b10${n}`,
  parentId,
  kind,
  name,
  rights: ['read', 'administer'],
  revision: 1,
})
const root = unit(0, null, 'organisation', 'Sample College')
const units = [
  root,
  unit(1, root.id, 'group', 'Faculty of Science'),
  unit(2, root.id, 'group', 'Evening courses'),
]

const role = (n: number, name: string, rights: readonly string[], builtIn: string | null = null) => ({
  id: `0197a2c0-0000-4000-8000-00000000b20${n}`,
  name,
  description: '',
  rights,
  builtIn,
  revision: 1,
})
const roles = [
  role(0, 'Administrator', ['read', 'administer'], 'administrator'),
  role(1, 'Viewer', ['read'], 'viewer'),
  role(2, 'Teacher', ['read', 'award']),
]

const member = (n: number, email: string, roleId: string | null, you: boolean) => ({
  id: `0197a2c0-0000-4000-8000-00000000b30${n}`,
  accountId: `0197a2c0-0000-4000-8000-00000000b40${n}`,
  emails: [email],
  unitId: root.id,
  roleId,
  rights: ['read'],
  since: '2026-11-01T09:00:00Z',
  you,
  revision: 3,
})
const members = [
  member(0, 'noor@example.org', roles[0]?.id ?? null, true),
  member(1, 'sam@example.org', null, false),
]

const invitation = (n: number, email: string, state: string) => ({
  id: `0197a2c0-0000-4000-8000-00000000b50${n}`,
  email,
  unitId: root.id,
  roleId: roles[1]?.id ?? null,
  rights: ['read'],
  language: 'nl',
  state,
  invitedBy: 'account:0197a2c0-0000-4000-8000-00000000b400',
  createdAt: '2026-11-20T09:00:00Z',
  sentAt: '2026-11-20T09:00:00Z',
  timesSent: 1,
  expiresAt: '2026-12-04T09:00:00Z',
  closedAt: state === 'open' ? null : '2026-11-21T09:00:00Z',
})
const invitations = [invitation(0, 'kim@example.org', 'open'), invitation(1, 'lou@example.org', 'declined')]

export const consoleAnswers = {
  overview: {
    events: { received: 3, evaluated: 412, unmatched: 18, quarantined: 2 },
    awards: { granted: 1, awaiting_approval: 2, due: 1, issued: 37, revoked: 1 },
    claims: { open: 12, claimed: 25, rejected: 1, expired: 0 },
    notifications: { parked: 0 },
    batches,
    chain: { id: 'eip155:31337', contract: `0x${'c0'.repeat(20)}`, independent: false },
  },
  events: { items: [event(1, 'evaluated'), event(2, 'quarantined'), event(3, 'unmatched')], next: 'more' },
  decisions: {
    items: [decision],
    next: null,
  },
  subjects: { id: SUBJECT_ID, identifiers: [{ type: 'email', value: 'noor@example.org' }] },
  'subjects/:id/progress/:achievement': {
    subjectId: SUBJECT_ID,
    achievementId: ACHIEVEMENT_ID,
    held: false,
    rules: [
      {
        ruleId: RULE_ID,
        name: 'Data Detective',
        occurrence: 'once',
        part: { kind: 'once' },
        state: 'open',
        decided: null,
        award: null,
        closes: { at: '2027-06-30T21:59:59.999Z', by: 'deadline' },
        limit: null,
        zone: 'Europe/Amsterdam',
        trace,
        words,
      },
    ],
    events: {},
  },
  awards: {
    items: [
      award(1, 'issued', {
        issuedAt: '2026-11-20T09:00:05Z',
        credentialId: CREDENTIAL_ID,
        edition: 1,
        claim: 'claimed',
        anchor: 'final',
      }),
      award(2, 'awaiting_approval', {
        approval: {
          quorum: 2,
          have: 1,
          fourEyes: false,
          needsOtherEyes: false,
          unassessed: [],
          said: [
            {
              by: LEFT_MEMBER,
              decision: 'approved',
              reason: null,
              hadAHand: false,
              mandate: null,
              at: '2026-11-20T10:00:00Z',
            },
          ],
        },
      }),
      award(3, 'revoked', { reason: 'Awarded to the wrong person.', endedAt: '2026-11-22T09:00:00Z' }),
    ],
    next: null,
  },
  achievements: {
    items: [
      {
        id: ACHIEVEMENT_ID,
        issuerId: ISSUER_ID,
        slug: 'data-detective',
        page: `http://localhost:3000/achievements/${ACHIEVEMENT_ID}`,
        createdAt: '2026-11-01T09:00:00Z',
        listing: 'unlisted',
        copiedFrom: null,
        versions: [
          {
            id: '0197a2c0-0000-4000-8000-0000000000a2',
            version: 1,
            state: 'published',
            definition,
            revision: 3,
            digest: '5a'.repeat(32),
            publishedAt: '2026-11-02T09:00:00Z',
            frozenAt: '2026-11-20T09:00:00Z',
          },
          {
            id: '0197a2c0-0000-4000-8000-0000000000a3',
            version: 2,
            state: 'draft',
            definition,
            revision: 1,
            digest: null,
            publishedAt: null,
            frozenAt: null,
          },
        ],
      },
      {
        id: REVIEWED_ACHIEVEMENT_ID,
        issuerId: ISSUER_ID,
        slug: 'public-speaking',
        page: `http://localhost:3000/achievements/${REVIEWED_ACHIEVEMENT_ID}`,
        createdAt: '2026-11-01T09:00:00Z',
        listing: 'unlisted',
        copiedFrom: null,
        versions: [
          {
            id: '0197a2c0-0000-4000-8000-0000000000a4',
            version: 1,
            state: 'in_review',
            definition: { ...definition, name: { en: 'Public Speaking' } },
            revision: 1,
            digest: null,
            publishedAt: null,
            frozenAt: null,
          },
        ],
      },
    ],
    next: null,
  },
  'achievement-names': {
    items: [
      {
        id: ACHIEVEMENT_ID,
        issuerId: ISSUER_ID,
        slug: 'data-detective',
        name: definition.name,
        language: definition.language,
        published: { id: '0197a2c0-0000-4000-8000-0000000000a2', version: 1 },
      },
      {
        id: REVIEWED_ACHIEVEMENT_ID,
        issuerId: ISSUER_ID,
        slug: 'public-speaking',
        name: { en: 'Public Speaking' },
        language: 'en',
        published: null,
      },
    ],
    next: null,
  },
  [`achievements/${ACHIEVEMENT_ID}`]: {
    id: ACHIEVEMENT_ID,
    versions: [{ id: '0197a2c0-0000-4000-8000-0000000000a2', version: 1, definition }],
  },
  rules: { items: [sampleRule] },
  'rules/health': sampleHealth,
  [`jobs/${JOB_ID}`]: {
    id: JOB_ID,
    kind: 'backfill',
    ruleId: RULE_ID,
    ruleVersionId: '0197a2c0-0000-4000-8000-0000000000d2',
    state: 'running',
    progress: { done: 40, total: 160, left: 120 },
    result: { decisions: 4 },
    error: null,
    createdBy: 'key:0197a2c0-0000-4000-8000-0000000000b9',
    createdAt: '2026-11-25T09:00:00Z',
    startedAt: '2026-11-25T09:00:01Z',
    finishedAt: null,
  },
  [`jobs/${DRY_RUN_ID}`]: over,
  [`jobs/${DRY_RUN_RUNNING_ID}`]: running,
  jobs: { items: [running, over].map((each) => ({ ...each, result: null })), next: null },
  'decisions/:id': decision,
  'rules/:id/health': sampleHealth,
  'rules/:id/compare': {
    from: 1,
    to: 3,
    differences: [{ path: '/when/distinctOf', before: 3, after: 2 }],
    leaves: [{ change: 'changed', id: 'workshops', path: '/when', keepsProgress: true }],
    words: {
      en: ['/when/distinctOf: 3 becomes 2.', 'The part “workshops” is changed: it keeps its progress.'],
      nl: [
        '/when/distinctOf: 3 wordt 2.',
        'Het onderdeel “workshops” is gewijzigd: de voortgang blijft behouden.',
      ],
    },
  },
  'rules/:id/versions/:version/shadow': {
    version: 2,
    since: '2026-11-20T09:00:00Z',
    both: 9,
    onlyShadow: 0,
    onlyActive: 4,
    sample: { onlyShadow: [], onlyActive: [SUBJECT_ID] },
    items: [],
    next: null,
  },
  'rules/:id': sampleRule,
  batches: { items: batches, next: null },
  endorsements: {
    items: [
      {
        id: '0197a2c0-0000-4000-8000-0000000000e2',
        issuerId: ISSUER_ID,
        target: 'achievement_version',
        targetId: '0197a2c0-0000-4000-8000-0000000000a2',
        endorserDid: ENDORSER,
        endorserName: 'Sample Data Society',
        endorserEmail: 'society@example.org',
        state: 'signed',
        requestedAt: '2026-11-20T10:00:00Z',
        signedAt: '2026-11-20T11:00:00Z',
        publishedAt: null,
      },
    ],
  },
  mail: {
    items: [
      {
        id: '0197a2c0-0000-4000-8000-0000000000f9',
        kind: 'claim',
        to: 'noor@example.org',
        subject: 'You have earned a badge: Data Detective',
        text: 'Sample College has awarded you a badge.\n\nView and claim the badge: http://localhost:3000/claim#sample',
        state: 'held',
        createdAt: '2026-11-20T09:00:05Z',
      },
    ],
  },
  'api-keys': {
    items: [
      {
        id: '0197a2c0-0000-4000-8000-0000000000b9',
        name: 'LMS',
        prefix: 'wm_sample',
        unitId: ORGANISATION_ID,
        roleId: null,
        rights: ['create', 'read'],
        state: 'active',
        createdAt: '2026-11-01T09:00:00Z',
        expiresAt: null,
        revokedAt: null,
        lastUsedAt: '2026-11-25T08:59:00Z',
      },
    ],
  },
  units: { items: units },
  'organisations/settings': {
    secondPerson: { activateRule: true, publishAchievement: false, changeKey: false, bulkRevoke: false },
    deadRuleDays: 30,
    eventRetention: null,
    revision: 4,
  },
  'organisations/house-style': {
    colours: { primary: '#1d3f66', secondary: '#f5d9b8', text: '#ffffff' },
    shape: 'shield',
    levels: [{ name: { nl: 'Brons', en: 'Bronze' }, accent: '#a5632a' }],
    logo: null,
    revision: 3,
  },
  roles: { items: roles },
  members: { items: members, next: null },
  invitations: { items: invitations, next: null },
  issuers: {
    items: [
      {
        id: ISSUER_ID,
        unitId: ORGANISATION_ID,
        slug: ISSUER_SLUG,
        did: DID,
        name: 'Sample College',
        url: 'https://badges.example.edu',
        email: 'badges@example.edu',
        description: null,
        state: 'verified',
        page: `http://localhost:3000/issuers/${ISSUER_SLUG}`,
      },
    ],
  },
} as const
