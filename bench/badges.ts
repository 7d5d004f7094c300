import { buildBadgeCredential } from '#engine/credentials/badge-credential.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'

const ORIGIN = 'https://badges.example.org'

export const BADGES_DID = 'did:web:badges.example.org:issuers:bench'
export const BADGES_AT = asInstant(Date.UTC(2026, 0, 15, 9))

/** Unsigned badges of one achievement as the product issues them, each for somebody else. */
export const sampleBadges = (count: number, did = BADGES_DID): readonly JsonObject[] =>
  Array.from({ length: count }, (_, number) => sampleBadge(number, did))

export const sampleBadge = (number: number, did = BADGES_DID): JsonObject =>
  buildBadgeCredential({
    issuer: { did, name: 'Sample Institute', url: `${ORIGIN}/issuers/bench` },
    achievement: {
      id: `${ORIGIN}/achievements/${uuid(0)}`,
      version: '1',
      name: 'First aid basics',
      description: 'Knows the basics of first aid.',
      criteriaNarrative: 'Two of three modules with a score of 0.7 or more, within **90 days**.',
      achievementType: 'Badge',
      inLanguage: 'en',
      image: { id: `${ORIGIN}/images/${'0'.repeat(64)}.png`, caption: 'A white cross on green' },
      tags: ['first aid', 'sample'],
      alignments: [
        {
          targetName: 'European Qualifications Framework, level 4',
          targetUrl: 'https://europass.europa.eu/en/eqf',
          targetType: 'ext:EQF',
          targetCode: '4',
        },
      ],
    },
    uuid: uuid(number + 1),
    subjectId: `urn:uuid:${uuid(number + 1_000_001)}`,
    validFrom: BADGES_AT,
    awardedDate: BADGES_AT,
    narrative: 'Awarded by rule "First aid basics", version 1.',
    status: { list: `${ORIGIN}/issuers/bench/status/0`, index: number * 1001 },
    test: true,
  })

const uuid = (number: number): string => `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`
