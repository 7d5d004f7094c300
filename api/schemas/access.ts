import * as z from 'zod'
import {
  Email,
  Id,
  LanguageTag,
  OrganisationQuery,
  PageQuery,
  Right,
  Slug,
  Time,
  text,
  title,
} from './common.ts'
import { grantedWith } from './members.ts'

export const SignInRequest = z.strictObject({ email: Email, language: LanguageTag.default('en') })
export const NewSession = z.strictObject({ token: z.string().min(20).max(100) })
export const SignedOut = z
  .strictObject({
    providerUrl: z
      .string()
      .nullable()
      .describe('Where the browser goes to sign out at the provider too; null where there is no such place.'),
  })
  .meta({
    id: 'SignedOut',
    examples: [{ providerUrl: 'https://idp.example.org/session/end?client_id=waarmerk&id_token_hint=…' }],
  })
export const Session = z
  .strictObject({
    accountId: Id,
    scope: z
      .enum(['full', 'earner'])
      .describe(
        '`earner`: a claim link opened it. It reaches the badge that it took home, and nothing else.',
      ),
    identities: z
      .array(z.strictObject({ type: z.string(), value: z.string() }))
      .describe('Of an `earner`: only those to which what it took home was sent.'),
    organisations: z.array(
      z.strictObject({ id: Id, slug: z.string(), name: z.string(), sample: z.boolean() }),
    ),
  })
  .meta({ id: 'Session' })

export const NewOrganisation = z.strictObject({ slug: Slug, name: title(200) })
export const Organisation = z
  .strictObject({ id: Id, slug: z.string(), name: z.string(), sample: z.boolean() })
  .meta({ id: 'Organisation' })

export const NewUnit = z
  .strictObject({ name: title(200), parentId: Id.optional() })
  .meta({ examples: [{ name: 'Faculty of Science' }] })
export const UnitChange = z
  .strictObject({
    name: title(200).optional(),
    parentId: Id.optional().describe('The unit under which it is to stand.'),
  })
  .meta({ examples: [{ name: 'Faculty of Science and Engineering' }] })
const UnitKind = z.enum(['organisation', 'group', 'issuer', 'achievement'])
export const UnitQuery = PageQuery.extend({
  kind: UnitKind.optional().describe('Only these. `achievement`: page by page, newest first.'),
  parentId: Id.optional().describe('Only what stands right below this unit.'),
  name: text(100).optional().describe('Part of the name; capitals do not matter.'),
})
export const Unit = z
  .strictObject({
    id: Id,
    parentId: Id.nullable(),
    kind: UnitKind,
    name: z.string(),
    rights: z.array(Right).describe('What the caller may do there, by grants on it and above.'),
    revision: z.int().describe('What If-Match names: `"v1"` for 1.'),
  })
  .meta({
    id: 'Unit',
    examples: [
      {
        id: '0197a2c0-0000-7000-8000-000000000b01',
        parentId: '0197a2c0-0000-7000-8000-000000000b00',
        kind: 'group',
        name: 'Faculty of Science',
        rights: ['read', 'award'],
        revision: 1,
      },
    ],
  })

export const ApiKeyQuery = OrganisationQuery.extend({
  unitId: Id.optional().describe('Only those that may do something on this unit, by a grant there or above.'),
})
export const NewApiKey = grantedWith({
  name: title(200),
  unitId: Id.optional().describe('Default: the whole organisation.'),
  expiresAt: Time.optional(),
}).meta({
  examples: [{ name: 'LMS', rights: ['create', 'read'], expiresAt: '2027-09-01T00:00:00Z' }],
})
export const ApiKeyChange = z.strictObject({ name: title(200) }).meta({ examples: [{ name: 'LMS, new' }] })
export const ApiKey = z
  .strictObject({
    id: Id,
    name: z.string(),
    prefix: z.string(),
    unitId: Id,
    roleId: Id.nullable().describe('Where its rights are those of a role.'),
    rights: z.array(Right),
    state: z.enum(['active', 'expired', 'revoked']),
    createdAt: Time,
    expiresAt: Time.nullable(),
    revokedAt: Time.nullable(),
    lastUsedAt: Time.nullable().describe('To the minute. Null: never.'),
  })
  .meta({
    id: 'ApiKey',
    examples: [
      {
        id: '0197a2c0-0000-7000-8000-000000000f01',
        name: 'LMS',
        prefix: 'aB3dE6gH9jK2',
        unitId: '0197a2c0-0000-7000-8000-000000000b00',
        roleId: null,
        rights: ['create', 'read'],
        state: 'active',
        createdAt: '2026-11-25T09:00:00.000Z',
        expiresAt: '2027-09-01T00:00:00.000Z',
        revokedAt: null,
        lastUsedAt: '2026-11-25T10:31:00.000Z',
      },
    ],
  })
export const CreatedApiKey = z.strictObject({
  apiKey: ApiKey,
  secret: z.string().nullable().describe('The key itself. Shown this once.'),
})
