import { expect, test } from 'vitest'
import type { JsonObject } from '#engine/shared/json.ts'
import { readNamedSchema } from './named-schema.ts'

const ADDRESS =
  'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json'
const badge = (credentialSchema: JsonObject[string], more: JsonObject = {}): JsonObject => ({
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  type: ['VerifiableCredential', 'OpenBadgeCredential'],
  credentialSchema,
  ...more,
})
const schema = (id: string, type = '1EdTechJsonSchemaValidator2019') => ({ id, type })

test.each<[string, JsonObject, unknown]>([
  ['the schema of its kind', badge([schema(ADDRESS)]), { isPinned: true }],
  ['one alone', badge(schema(ADDRESS)), { isPinned: true }],
  [
    'one of somebody else',
    badge([schema(ADDRESS), schema('https://a.example/s')]),
    { isPinned: true, unknown: 'https://a.example/s' },
  ],
  [
    'the one of badges, in an endorsement',
    badge([schema(ADDRESS)], { type: ['EndorsementCredential'] }),
    { isPinned: false, unknown: ADDRESS },
  ],
  ['one of another type', badge([schema('https://a.example/s', 'JsonSchema')]), undefined],
  [
    'one of data model 1.1',
    badge([schema(ADDRESS)], { '@context': ['https://www.w3.org/2018/credentials/v1'] }),
    undefined,
  ],
  ['none', badge([]), undefined],
])('a document that names %s', (_what, document, expected) => {
  expect(readNamedSchema(document)).toEqual(expected)
})
