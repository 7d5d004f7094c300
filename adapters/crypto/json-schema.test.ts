import { Ajv2019 } from 'ajv/dist/2019.js'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildBadgeCredential } from '#engine/credentials/badge-credential.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { createSchemaValidator } from './json-schema.ts'
import schema from './schemas/ob_v3p0_achievementcredential_schema.json' with { type: 'json' }
import oneEdTech from './vectors/1edtech-open-badges-3.0.json' with { type: 'json' }

const validate = createSchemaValidator(schema as unknown as JsonObject)
const ajv = new Ajv2019({ strict: false })
addFormats.default(ajv)
const oracle = ajv.compile(schema)

const rich = buildBadgeCredential({
  issuer: {
    did: 'did:web:example.org:issuers:sample',
    name: 'Sample',
    url: 'https://example.org',
    email: 'a@example.org',
    image: 'https://example.org/i.png',
  },
  achievement: {
    id: 'https://example.org/achievements/1',
    version: '1',
    name: 'Sample',
    description: 'A sample.',
    criteriaNarrative: 'Do it.',
    achievementType: 'MicroCredential',
    image: { id: 'https://example.org/images/1.png', caption: 'A star' },
    alignments: [
      {
        targetName: 'EQF 4',
        targetUrl: 'http://data.europa.eu/snb/eqf/4',
        targetType: 'ext:EQF',
        targetCode: '4',
      },
    ],
    tags: ['sample'],
    inLanguage: 'nl-NL',
    creator: { did: 'did:web:example.org:issuers:sample', name: 'Sample' },
    creditsAvailable: 3,
    resultDescriptions: [
      {
        id: 'https://example.org/results/1',
        name: 'Exam',
        resultType: 'RawScore',
        valueMin: '1',
        valueMax: '10',
      },
    ],
  },
  uuid: '7f0a1d5e-0000-4000-8000-000000000001',
  subjectId: 'urn:uuid:7f0a1d5e-0000-4000-8000-000000000002',
  subjectName: 'Sample Person',
  validFrom: asInstant(1_790_000_000_123),
  awardedDate: asInstant(1_790_000_000_000),
  validUntil: asInstant(1_890_000_000_000),
  narrative: 'Well done.',
  evidence: [{ id: 'https://example.org/evidence/1', name: 'Form', narrative: 'Seen.' }],
  results: [{ resultDescription: 'https://example.org/results/1', value: '8' }],
  creditsEarned: 3,
  status: { list: 'https://example.org/issuers/sample/status/1', index: 7 },
  test: true,
})

test('a badge with every member conforms, and so does the published one', () => {
  expect(validate(rich)).toEqual([])
  expect(validate(oneEdTech.credential as unknown as Json)).toEqual([])
})

test('it agrees with ajv on badges in which one value is replaced or left out', () => {
  const values = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(
      'ext:Custom',
      'Badge',
      '2026-01-01T00:00:00Z',
      '2026-01-01',
      'Profile',
      'VerifiableCredential',
    ),
    fc.constant(undefined),
  )
  fc.assert(
    fc.property(fc.constantFrom(...pathsOf(rich).slice(1)), values, (path, value) => {
      const changed = JSON.parse(JSON.stringify(replaced(rich, path, value as Json)))
      expect(validate(changed).length === 0, JSON.stringify(ajv.errors)).toBe(oracle(changed))
    }),
    { numRuns: 2000 },
  )
})

test('a keyword that it does not know is refused when the schema is read', () => {
  expect(() => createSchemaValidator({ properties: { a: { minLength: 3 } } })).toThrow('minLength')
})

type Path = readonly (string | number)[]

function pathsOf(value: Json, path: Path = []): Path[] {
  const children = isJsonArray(value)
    ? [...value.entries()]
    : isJsonObject(value)
      ? Object.entries(value)
      : []
  return [path, ...children.flatMap(([name, child]) => pathsOf(child, [...path, name]))]
}

function replaced(value: Json, [first, ...rest]: Path, by: Json): Json {
  if (first === undefined) return by
  if (isJsonArray(value)) return value.map((item, at) => (at === first ? replaced(item, rest, by) : item))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === first ? replaced(member, rest, by) : member,
    ]),
  )
}
