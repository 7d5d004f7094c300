import fc from 'fast-check'
import type { Json, JsonObject } from '#engine/shared/json.ts'

/** For tests: awards of a few achievements, whose documents are alike in shape as often as they differ. */

const CONTEXTS = [
  'https://www.w3.org/ns/credentials/v2',
  'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
]

const THIRD = [
  'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json',
  'https://w3id.org/security/data-integrity/v2',
  'https://w3id.org/security/multikey/v1',
]

/** Of any characters: quotes, line ends, controls, right-to-left. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc
    .array(
      fc.constantFrom(
        '"',
        '\\',
        '\n',
        '\r',
        '\t',
        '\u0000',
        '\u007f',
        '\u2028',
        'é',
        '日本',
        '🎓',
        'שלום',
        '\\u0041',
        ' .\n',
        '^^<x>',
        '_:c14n0',
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
  fc.constantFrom('7', '8.5', '', 'Passed'),
)

function mostly<T, U>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<U>): fc.Arbitrary<T | U> {
  return fc.oneof({ arbitrary: usual, weight: 6 }, { arbitrary: other, weight: 1 })
}

const uuid = fc.uuid()
const urn = uuid.map((each) => `urn:uuid:${each}`)
const address = fc
  .tuple(
    fc.constantFrom('https://files.example.org/', 'http://example.net/a?b=', 'did:web:example.org:'),
    uuid,
  )
  .map(([a, b]) => `${a}${b}`)
const iri = fc.oneof(
  { arbitrary: urn, weight: 3 },
  { arbitrary: address, weight: 3 },
  {
    arbitrary: fc.constantFrom(
      'urn:uuid:00000000-0000-4000-8000-000000000000',
      'https://example.org/the-same',
    ),
    weight: 1,
  },
)
const date = fc
  .date({ min: new Date('1990-01-01T00:00:00Z'), max: new Date('2090-01-01T00:00:00Z'), noInvalidDate: true })
  .map((each) => each.toISOString())

/** What an achievement is of: a number says which parts it has, so equal numbers give documents of one shape. */
function achievementOf(kind: number): JsonObject {
  const has = (bit: number) => ((kind >> bit) & 1) === 1
  const id = `https://badges.example.org/achievements/${kind % 12}`
  return {
    id,
    type: ['Achievement'],
    achievementType: has(0) ? 'Badge' : 'MicroCredential',
    version: String(kind % 3),
    name: `Achievement “${kind % 12}”`,
    description: 'Line one\nline "two" \\ three',
    criteria: { narrative: `Score of ${kind % 5} or more.` },
    ...(has(1) ? { image: { id: `${id}.png`, type: 'Image', caption: 'A picture' } } : {}),
    ...(has(2)
      ? {
          alignment: [1, 2].map((each) => ({
            type: ['Alignment'],
            targetName: `Skill ${each}`,
            targetUrl: `https://frameworks.example.org/${each}`,
            targetType: 'ext:ESCO',
          })),
        }
      : {}),
    ...(has(3) ? { related: [{ id: `${id}/earlier`, type: ['Related'], version: '1' }] } : {}),
    ...(has(4)
      ? {
          resultDescription: [
            {
              id: `${id}#result-0`,
              type: ['ResultDescription'],
              name: 'Mark',
              resultType: 'RawScore',
              valueMin: '1',
              valueMax: '10',
            },
            {
              id: `${id}#result-1`,
              type: ['ResultDescription'],
              name: 'Practice',
              resultType: 'RubricCriterionLevel',
              rubricCriterionLevel: [
                { id: `${id}#level-0`, type: ['RubricCriterionLevel'], name: 'Begun', level: '1' },
                { id: `${id}#level-1`, type: ['RubricCriterionLevel'], name: 'Able', level: '2' },
              ],
            },
          ],
        }
      : {}),
    ...(has(5) ? { tag: ['first aid', 'sample'] } : {}),
    // Twins: their blank nodes have the same hash.
    ...(kind % 11 === 10
      ? {
          otherIdentifier: [1, 2].map(() => ({
            type: 'IdentifierEntry',
            identifier: 'A',
            identifierType: 'ext:code',
          })),
        }
      : {}),
  }
}

const endorsement = (about: string): JsonObject => ({
  '@context': CONTEXTS,
  id: 'urn:uuid:00000000-0000-4000-8000-00000000e000',
  type: ['VerifiableCredential', 'EndorsementCredential'],
  name: 'Endorsement',
  issuer: { id: 'did:web:accreditor.example.net', type: ['Profile'], name: 'Accreditor' },
  validFrom: '2026-01-01T00:00:00Z',
  credentialSubject: { id: about, type: ['EndorsementSubject'], endorsementComment: 'Meets the demands.' },
})

/** Something in the place of an address or a text that changes what JSON-LD makes of it, or that nothing allows. */
const oddity = fc.constantFrom<Json>(
  null,
  7,
  '_:b0',
  'half of a pair: \ud800',
  'relative',
  'urn',
  'urn:with space',
  'https://exämple.org/',
  'https://example.org/<x>',
  'https://example.org/"',
  '@type',
  'type:x',
  'Achievement',
  'cred:x',
  '',
  { id: 'urn:x:y' },
  ['urn:a:b', 'urn:c:d'],
  { '@value': 'text', '@language': 'nl' },
  { '@value': 'טקסט', '@language': 'he', '@direction': 'rtl' },
)

const result = fc.record(
  {
    resultDescription: fc.constantFrom('https://badges.example.org/r#0', 'https://badges.example.org/r#1'),
    value: text,
    achievedLevel: iri,
    status: fc.constantFrom('Completed', 'InProgress'),
  },
  { requiredKeys: ['value'] },
)

const mark = fc.record({ resultDescription: fc.constant('https://badges.example.org/r#0'), value: text })
const level = fc.record({
  resultDescription: fc.constant('https://badges.example.org/r#1'),
  achievedLevel: iri,
})
const report = fc.record({ name: text, narrative: text })

const evidence = fc.record(
  {
    id: iri,
    name: text,
    narrative: text,
    description: text,
    genre: fc.constantFrom('Observation', 'Report'),
    audience: text,
  },
  { requiredKeys: [] },
)

export const randomAward: fc.Arbitrary<JsonObject> = fc
  .record({
    // The same few most of the time: a shape must come back to be known.
    kind: mostly(fc.constantFrom(20, 62), fc.nat(255)),
    form: mostly(fc.constantFrom(0, 52), fc.nat(255)),
    id: urn,
    subjectId: iri,
    validFrom: date,
    validUntil: date,
    awardedDate: date,
    narrative: text,
    results: mostly<readonly JsonObject[], readonly JsonObject[]>(
      fc.tuple(mark, level),
      fc.array(result, { maxLength: 3 }),
    ),
    evidence: mostly<readonly JsonObject[], readonly JsonObject[]>(
      fc.tuple(report),
      fc.array(evidence, { maxLength: 2 }),
    ),
    identityHash: text,
    salt: text,
    index: fc.nat(131_071),
    list: fc.nat(3),
    third: fc.subarray(THIRD),
    odd: mostly(fc.constant(undefined), fc.tuple(fc.nat(9), oddity)),
  })
  .map(({ kind, form, odd, ...award }) => {
    const has = (bit: number) => ((form >> bit) & 1) === 1
    const list = `https://badges.example.org/status/${award.list}`
    const achievement = achievementOf(kind)
    const document: { [name: string]: Json } = {
      '@context': [...CONTEXTS, ...(has(0) ? award.third : [])],
      id: award.id,
      type: ['VerifiableCredential', 'OpenBadgeCredential'],
      name: 'A badge',
      issuer: {
        id: 'did:web:badges.example.org:issuers:sample',
        type: ['Profile'],
        name: 'Sample Institute',
        ...(has(1)
          ? { otherIdentifier: [{ type: 'IdentifierEntry', identifier: '42NB', identifierType: 'ext:BRIN' }] }
          : {}),
      },
      validFrom: award.validFrom,
      ...(has(2) ? { validUntil: award.validUntil } : {}),
      awardedDate: award.awardedDate,
      credentialSubject: {
        ...(has(3) ? {} : { id: award.subjectId }),
        type: ['AchievementSubject'],
        ...(has(3) || has(4)
          ? {
              identifier: [
                {
                  type: 'IdentityObject',
                  hashed: true,
                  identityHash: award.identityHash,
                  identityType: 'emailAddress',
                  salt: award.salt,
                },
              ],
            }
          : {}),
        ...(has(5) ? { creditsEarned: kind % 4 } : {}),
        narrative: award.narrative,
        achievement: has(6)
          ? { ...achievement, endorsement: [endorsement(String(achievement['id']))] }
          : achievement,
        ...(award.results.length === 0
          ? {}
          : { result: award.results.map((each) => ({ type: ['Result'], ...each })) }),
      },
      ...(award.evidence.length === 0
        ? {}
        : { evidence: award.evidence.map((each) => ({ type: ['Evidence'], ...each })) }),
      credentialStatus: {
        id: `${list}#${award.index}`,
        type: 'BitstringStatusListEntry',
        statusPurpose: 'revocation',
        statusListIndex: String(award.index),
        statusListCredential: list,
      },
      ...(has(7) ? { refreshService: { id: `${list}/refresh`, type: '1EdTechCredentialRefresh' } } : {}),
    }
    return odd === undefined ? document : withOddity(document, odd)
  })

const ODD_PLACES: readonly (readonly string[])[] = [
  ['id'],
  ['name'],
  ['validFrom'],
  ['awardedDate'],
  ['credentialSubject', 'id'],
  ['credentialSubject', 'narrative'],
  ['credentialStatus', 'id'],
  ['credentialStatus', 'statusListCredential'],
  ['evidence'],
  ['proof'],
]

function withOddity(document: JsonObject, [place, value]: readonly [number, Json]): JsonObject {
  const [first = 'id', second] = ODD_PLACES[place] ?? []
  if (second === undefined) return { ...document, [first]: value }
  return { ...document, [first]: { ...(document[first] as JsonObject), [second]: value } }
}
