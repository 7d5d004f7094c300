import { ACHIEVEMENT_ID } from './sample-badge.ts'
import { ORGANISATION_ID } from './sample-organisation.ts'

const id = (part: string) => `0197a2c0-0000-4000-8000-00000000${part}`
export const CHANGE_ID = id('c101')
export const SOURCE_ID = id('c201')
export const SHARE_ID = id('c301')
const AWARD_ID = id('c401')
const SUBJECT_ID = id('c501')
export const DIGEST = `0x${'ab'.repeat(32)}`
const PERSON = `account:${id('b401')}`

const change = {
  id: CHANGE_ID,
  kind: 'revocation',
  state: 'prepared',
  selection: { awardIds: [AWARD_ID] },
  reason: 'The questions had leaked.',
  note: 'Board decision 31.',
  digest: DIGEST,
  count: 1,
  actions: { revoke: 1, reissue: 0 },
  outcome: { done: 0, left: 0, open: 1 },
  needsSecondPerson: true,
  preparedBy: PERSON,
  createdAt: '2026-11-25T09:00:00Z',
  expiresAt: '2026-12-02T09:00:00Z',
  decidedBy: null,
  decidedAt: null,
  jobId: null,
}

const definition = {
  language: 'en',
  name: { en: 'First aid' },
  description: { en: 'Helps others.' },
  criteria: { en: 'Pass the practical.' },
  achievementType: 'Badge',
  tags: [],
  alignments: [],
}

export const eqf4 = {
  targetName: 'EQF level 4',
  targetUrl: 'http://data.europa.eu/snb/eqf/4',
  targetType: 'ext:EQF',
  targetFramework: 'European Qualifications Framework',
  targetCode: '4',
}

const mandate = (n: number, state: string) => ({
  id: id(`c60${n}`),
  achievementId: ACHIEVEMENT_ID,
  accountId: null,
  invitationId: null,
  email: `assessor${n}@example.org`,
  name: `Assessor ${n}`,
  qualification: 'Instructor',
  evidenceUrl: null,
  criteria: [],
  from: '2026-11-01T09:00:00Z',
  until: null,
  state,
  showsName: false,
  givenBy: PERSON,
  givenAt: '2026-11-01T09:00:00Z',
  end: state === 'ended' ? { at: '2026-11-20T09:00:00Z', by: PERSON, reason: 'Moved.' } : null,
})

const review = (n: number, state: string, answer: object | null) => ({
  id: id(`c70${n}`),
  email: `expert${n}@example.org`,
  language: 'en',
  message: null,
  state,
  requestedBy: PERSON,
  requestedAt: '2026-11-20T09:00:00Z',
  expiresAt: '2026-12-04T09:00:00Z',
  viewedAt: null,
  closedAt: null,
  answer,
})

export const blastRadius = {
  total: 1,
  byState: { issued: 1 },
  items: [
    {
      awardId: AWARD_ID,
      achievementId: ACHIEVEMENT_ID,
      subjectId: SUBJECT_ID,
      state: 'issued',
      revision: 2,
      grantedAt: '2026-11-20T09:00:00Z',
      ruleVersionId: id('00d2'),
      decisionId: null,
      events: [],
      verdict: 'falls',
    },
  ],
  next: null,
}

/** What the pages of achievements and of many awards read besides. */
export const consolePageAnswers = {
  'award-changes': { items: [change], next: null },
  'award-changes/:id/items': {
    items: [{ awardId: AWARD_ID, subjectId: SUBJECT_ID, action: 'revoke', revision: 2, outcome: null }],
    next: null,
  },
  sources: {
    items: [{ id: SOURCE_ID, uri: 'https://lms.example.edu', name: 'LMS', createsSubjects: false }],
  },
  'achievements/:id/assessors': { items: [mandate(1, 'active'), mandate(2, 'ended')] },
  'achievements/:id/versions/:version/steps': {
    items: [
      {
        id: id('c801'),
        kind: 'commented',
        revision: 1,
        text: 'Say by when.',
        actor: PERSON,
        at: '2026-11-20T09:00:00Z',
      },
    ],
  },
  'achievements/:id/versions/:version/expert-reviews': {
    items: [
      review(1, 'requested', null),
      review(2, 'answered', {
        verdict: 'agrees_with_remarks',
        remarks: 'Name the protocol.',
        name: 'Sam',
        organisation: null,
        qualification: null,
        digest: 'a'.repeat(64),
        stale: true,
      }),
    ],
    digest: 'b'.repeat(64),
    standing: { need: 2, have: 0, disagree: 0, open: 1, stale: 1, isEnough: false },
  },
  'achievements/:id/shares': {
    items: [
      {
        id: id('c901'),
        achievementId: ACHIEVEMENT_ID,
        versionId: id('00a2'),
        withOrganisation: ORGANISATION_ID,
        kind: 'copy',
        sharedBy: PERSON,
        sharedAt: '2026-11-20T09:00:00Z',
        withdrawnAt: null,
      },
    ],
  },
  'shared-achievements': {
    items: [
      {
        shareId: SHARE_ID,
        kind: 'copy',
        sharedAt: '2026-11-20T09:00:00Z',
        organisationName: 'Other School',
        issuerName: 'Other Academy',
        achievementId: id('ca01'),
        version: 1,
        state: 'published',
        digest: 'c'.repeat(64),
        definition,
      },
    ],
    next: null,
  },
  'alignment-targets': {
    items: [{ framework: 'eqf', name: { en: 'EQF level 4' }, alignment: eqf4, needsBasis: true }],
  },
}

const question = (number: number, achievementName: string, expiresAt: string) => ({
  id: id(`cf0${number}`),
  state: 'asked',
  achievementName,
  issuerName: 'Sample Academy',
  shown: { type: 'email', value: 'ann@home.example.org' },
  sentTo: { type: 'email', value: 'ann@school.example.org' },
  message: null,
  askedAt: '2026-11-20T09:00:00Z',
  expiresAt,
  decidedAt: null,
  decidedBy: null,
  reason: null,
  awardId: id('ca11'),
  achievementId: ACHIEVEMENT_ID,
  subjectId: id('ca12'),
})

/** What learners ask of awarders, on two pages: the newest first. */
export const newerQuestions = {
  items: [
    question(1, 'Asked last', '2026-12-09T09:00:00Z'),
    question(2, 'Asked later', '2026-12-08T09:00:00Z'),
  ],
  next: 'c2Vjb25kIHBhZ2U',
}
export const olderQuestions = { items: [question(3, 'Asked first', '2026-12-01T09:00:00Z')], next: null }
