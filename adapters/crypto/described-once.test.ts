import { describe, expect, test } from 'vitest'
import type { JsonObject } from '#engine/shared/json.ts'
import { secondPlaceIn } from './described-once.ts'

const ID = 'urn:uuid:7f0a1d5e-0000-4000-8000-000000000001'
const ACHIEVEMENT = 'https://badges.example.org/achievements/1'
const ISSUER = { id: 'https://badges.example.org', type: ['Profile'], name: 'Sample Institute' }

const OTHER = { id: 'https://university.example', type: ['Profile'], name: 'University' }

const badge = (change: JsonObject = {}): JsonObject => ({
  id: ID,
  type: ['VerifiableCredential', 'OpenBadgeCredential'],
  issuer: ISSUER,
  credentialSubject: {
    type: ['AchievementSubject'],
    achievement: { id: ACHIEVEMENT, type: ['Achievement'], name: 'First aid', tag: ['sample'] },
  },
  ...change,
})

const endorsed = (id: string, more: JsonObject = {}): JsonObject => ({
  endorsement: [
    {
      id: 'urn:e',
      type: ['VerifiableCredential', 'EndorsementCredential'],
      issuer: ISSUER,
      credentialSubject: { id, type: ['EndorsementSubject'], endorsementComment: 'Good', ...more },
    },
  ],
})

/** A badge whose subject and achievement say more. */
const achievedAt = ({ creator, ...subject }: JsonObject): JsonObject => ({
  credentialSubject: {
    type: ['AchievementSubject'],
    achievement: { id: ACHIEVEMENT, type: ['Achievement'], ...(creator === undefined ? {} : { creator }) },
    ...subject,
  },
})

const presenting = (...verifiableCredential: readonly JsonObject[]): JsonObject => ({
  type: ['VerifiablePresentation'],
  verifiableCredential,
})

describe('what may stand in two places', () => {
  test.each<[string, JsonObject]>([
    ['a badge that is endorsed', badge(endorsed(ID))],
    ['an achievement that is endorsed', badge(endorsed(ACHIEVEMENT))],
    [
      'an issuer who is the creator too',
      badge(
        achievedAt({ creator: { ...ISSUER, endorsement: [] }, source: { id: ISSUER.id, name: ISSUER.name } }),
      ),
    ],
    [
      'an issuer who is its own earner',
      badge(achievedAt({ id: ISSUER.id, role: 'Teacher', name: ISSUER.name })),
    ],
    [
      'an issuer without a word, who says them as its own earner',
      badge({ issuer: ISSUER.id, credentialSubject: { id: ISSUER.id, name: 'Sample' } }),
    ],
    ['an issuer who is endorsed', badge(endorsed(ISSUER.id))],
    [
      'who assessed, and made the achievement',
      badge(achievedAt({ creator: { ...OTHER, url: OTHER.id }, source: OTHER })),
    ],
    [
      'two badges of a learner record by an issuer with other words since',
      badge({
        id: 'urn:record',
        credentialSubject: {
          type: ['ClrSubject'],
          verifiableCredential: [badge(), badge({ id: 'urn:other', issuer: { ...ISSUER, phone: '+31' } })],
        },
      }),
    ],
    [
      'criteria at the address of their achievement',
      badge({ evidence: [{ id: ACHIEVEMENT, narrative: 'x' }] }),
    ],
    ['a badge that is refreshed at its own address', badge({ refreshService: { id: ID, type: 'Refresh' } })],
    [
      'several achievements and results in one list, one of them twice in the same words',
      badge({
        credentialSubject: {
          achievement: [
            { id: 'urn:a', name: 'A' },
            { id: 'urn:b', name: 'B' },
            { id: 'urn:a', name: 'A' },
          ],
          result: [{ value: '1' }, { value: '2' }],
        },
      }),
    ],
    ['a bare mention', badge({ evidence: [{ id: ID }] })],
    ['the same credential in two graphs', presenting(badge(), badge({ validUntil: '2026-11-25T10:00:01Z' }))],
    [
      'an endorsement told twice in the same words',
      badge({ ...endorsed('urn:a'), issuer: endorsed('urn:a') }),
    ],
    ['a proof that bears the id of the badge', badge({ proof: { id: ID, type: 'DataIntegrityProof' } })],
  ])('%s', (_name, document) => {
    expect(secondPlaceIn(document)).toBeUndefined()
  })
})

describe('what may not', () => {
  const end = { validUntil: '2026-11-25T10:00:01Z' }
  const status = { id: 'urn:s', type: 'BitstringStatusListEntry', statusListIndex: '1' }
  test.each<[string, string, JsonObject]>([
    ['the end of a badge', ID, badge(endorsed(ID, end))],
    ['the end of a badge deep inside', ID, badge({ issuer: { ...ISSUER, ...endorsed(ID, end) } })],
    ['a type of a badge', ID, badge(endorsed(ID, { type: ['OpenBadgeCredential', 'EndorsementSubject'] }))],
    ['a tag of an achievement', ACHIEVEMENT, badge(endorsed(ACHIEVEMENT, { tag: ['more'] }))],
    ['a member of an achievement', ACHIEVEMENT, badge(endorsed(ACHIEVEMENT, { version: '2' }))],
    ['a name of an issuer', ISSUER.id, badge(achievedAt({ source: { ...ISSUER, name: 'University' } }))],
    [
      'a number of an issuer',
      ISSUER.id,
      badge(achievedAt({ creator: { ...ISSUER, otherIdentifier: [{ identifier: '30AA' }] } })),
    ],
    [
      'a parent of an issuer that bears its id',
      ISSUER.id,
      badge({ issuer: { ...ISSUER, parentOrg: { ...ISSUER, official: 'University' } } }),
    ],
    [
      'the name of an issuer that is a bare id',
      ISSUER.id,
      badge({ issuer: ISSUER.id, ...achievedAt({ source: ISSUER }) }),
    ],
    [
      'a name of an issuer among evidence',
      ISSUER.id,
      badge({ evidence: [{ ...ISSUER, name: 'University' }] }),
    ],
    ['a name of an issuer as earner', ISSUER.id, badge(achievedAt({ id: ISSUER.id, name: 'University' }))],
    [
      'a name of a parent, which assessed too',
      OTHER.id,
      badge({
        issuer: { ...ISSUER, parentOrg: OTHER },
        ...achievedAt({ source: { ...OTHER, name: 'Elsewhere' } }),
      }),
    ],
    [
      'a name of a parent among evidence',
      OTHER.id,
      badge({ issuer: { ...ISSUER, parentOrg: OTHER }, evidence: [{ ...OTHER, name: 'Elsewhere' }] }),
    ],
    [
      'the index of a status',
      'urn:s',
      badge({ credentialStatus: { id: 'urn:s', type: 'BitstringStatusListEntry' }, evidence: [status] }),
    ],
    [
      'the end of an endorsement',
      'urn:e',
      badge({ ...endorsed('urn:a'), issuer: { ...ISSUER, evidence: [{ id: 'urn:e', ...end }] } }),
    ],
    [
      'the end of one of two tellings of an endorsement',
      'urn:e',
      badge({
        ...endorsed('urn:a'),
        evidence: [{ id: 'urn:e', type: ['EndorsementCredential'], ...end }],
      }),
    ],
    [
      'the end of a bare credential in a presentation',
      ID,
      presenting({ type: ['VerifiableCredential'], id: 'urn:other' }, badge(endorsed(ID, end))),
    ],
    [
      'the end of a credential in a learner record',
      ID,
      badge({
        id: 'urn:record',
        credentialSubject: {
          type: ['ClrSubject'],
          verifiableCredential: [badge(), badge({ id: 'urn:other', ...endorsed(ID, end) })],
        },
      }),
    ],
    ...(
      [
        'credentialSubject',
        'achievement',
        'criteria',
        'image',
        'creator',
        'source',
        'parentOrg',
        'result',
        'resultDescription',
        'rubricCriterionLevel',
      ] as const
    ).flatMap((member): [string, string, JsonObject][] => [
      [
        `a part of one of ${member}, behind the rest of it`,
        'urn:split',
        badge({
          part: {
            [member]: [
              { id: 'urn:split', name: 'Shown' },
              { id: 'urn:split', tag: ['hidden'] },
            ],
          },
        }),
      ],
      [
        `all of one of ${member}, behind its bare id`,
        'urn:split',
        badge({ part: { [member]: [{ id: 'urn:split' }, { id: 'urn:split', tag: ['hidden'] }] } }),
      ],
    ]),
  ])('%s', (_name, id, document) => {
    expect(secondPlaceIn(document)).toBe(id)
  })
})
