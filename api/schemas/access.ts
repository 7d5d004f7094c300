import * as z from 'zod'
import { Email, Id, LanguageTag, Right, Slug, Time, text } from './common.ts'

export const SignInRequest = z.strictObject({ email: Email, language: LanguageTag.default('en') })
export const NewSession = z.strictObject({ token: z.string().min(20).max(100) })
export const Session = z
  .strictObject({
    accountId: Id,
    identities: z.array(z.strictObject({ type: z.string(), value: z.string() })),
    organisations: z.array(
      z.strictObject({ id: Id, slug: z.string(), name: z.string(), sample: z.boolean() }),
    ),
  })
  .meta({ id: 'Session' })

export const NewOrganisation = z.strictObject({ slug: Slug, name: text(200) })
export const Organisation = z
  .strictObject({ id: Id, slug: z.string(), name: z.string(), sample: z.boolean() })
  .meta({ id: 'Organisation' })

export const NewUnit = z.strictObject({ name: text(200), parentId: Id.optional() })
export const Unit = z
  .strictObject({
    id: Id,
    parentId: Id.nullable(),
    kind: z.enum(['organisation', 'group', 'issuer']),
    name: z.string(),
  })
  .meta({ id: 'Unit' })

export const NewApiKey = z.strictObject({
  name: text(200),
  rights: z.array(Right).min(1).max(7),
  unitId: Id.optional().describe('Default: the whole organisation.'),
  expiresAt: Time.optional(),
})
export const ApiKey = z
  .strictObject({
    id: Id,
    name: z.string(),
    prefix: z.string(),
    unitId: Id,
    rights: z.array(Right),
    createdAt: Time,
    expiresAt: Time.nullable(),
    revokedAt: Time.nullable(),
  })
  .meta({ id: 'ApiKey' })
export const CreatedApiKey = z.strictObject({
  apiKey: ApiKey,
  secret: z.string().nullable().describe('The key itself. Shown this once.'),
})
