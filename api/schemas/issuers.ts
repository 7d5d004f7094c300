import * as z from 'zod'
import { Email, Id, Slug, Time, text, title, webAddress } from './common.ts'
import { institution, institutionShown } from './profiles.ts'

export const NewIssuer = z.strictObject({
  slug: Slug,
  name: title(200),
  url: webAddress(500).optional(),
  email: Email.optional(),
  description: text(2000).optional(),
  official: institution.official.optional(),
  phone: institution.phone.optional(),
  address: institution.address.optional(),
  otherIdentifiers: institution.otherIdentifiers.optional(),
  parentOrg: institution.parentOrg.optional(),
  parentUnitId: Id.optional(),
})
export const IssuerChange = z
  .strictObject({
    email: Email.nullable().optional(),
    description: text(2000).nullable().optional(),
    official: institution.official.nullable().optional(),
    phone: institution.phone.nullable().optional(),
    address: institution.address.nullable().optional(),
    otherIdentifiers: institution.otherIdentifiers.nullable().optional(),
    parentOrg: institution.parentOrg.nullable().optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), 'At least one member')
  .meta({
    id: 'IssuerChange',
    description: 'What is not named stays as it was; null takes it away.',
    examples: [
      {
        official: 'Stichting Voorbeeldacademie',
        phone: '+31201234567',
        address: {
          streetAddress: 'Voorbeeldplein 1',
          postalCode: '1012 AB',
          addressLocality: 'Amsterdam',
          addressCountryCode: 'NL',
        },
        otherIdentifiers: [{ identifier: '30AA', type: 'ext:BRIN' }],
      },
    ],
  })
export const Issuer = z
  .strictObject({
    id: Id,
    unitId: Id,
    slug: z.string(),
    did: z.string(),
    name: z.string(),
    url: z.string(),
    email: z.string().nullable(),
    description: z.string().nullable(),
    ...institutionShown,
    state: z.enum(['pending', 'verified', 'closed']),
    page: z.string().describe('Public page of the issuer.'),
    revision: z.int().describe('For `If-Match`.'),
  })
  .meta({ id: 'Issuer' })
export const IssuerKey = z
  .strictObject({
    id: Id,
    purpose: z
      .enum(['issuing', 'disclosing', 'anchoring'])
      .describe(
        '`disclosing`: on P-256, beside an issuing key that is not; it signs what earners show parts of (`selectiveDisclosure`).',
      ),
    publicKey: z.string().describe('A multikey, or a checksummed address.'),
    state: z.enum(['active', 'retired', 'compromised']),
    createdAt: Time,
    endedAt: Time.nullable(),
  })
  .meta({ id: 'IssuerKey' })
export const KeyChangeRequest = z
  .strictObject({
    requestedBy: z.string().describe('`account:ID` or `key:ID`.'),
    requestedAt: Time,
  })
  .meta({
    id: 'KeyChangeRequest',
    examples: [
      {
        requestedBy: 'account:0197a2c0-0000-7000-8000-000000000c01',
        requestedAt: '2026-11-25T09:00:00.000Z',
      },
    ],
  })
export const KeyRotation = z
  .strictObject({
    curve: z
      .enum(['Ed25519', 'P-256'])
      .optional()
      .describe(
        'Default: that of the key before. Badges are signed with `eddsa-rdfc-2022` by Ed25519, which every Open Badges verifier takes, and with `ecdsa-rdfc-2019` by P-256.',
      ),
    purpose: z
      .enum(['issuing', 'disclosing'])
      .default('issuing')
      .describe('`disclosing`: the key beside it, for what earners show parts of. Always on P-256.'),
  })
  .refine(({ curve, purpose }) => purpose === 'issuing' || curve !== 'Ed25519', {
    message: 'Parts of badges are signed on P-256',
    path: ['curve'],
  })
  .meta({ id: 'KeyRotation', examples: [{ curve: 'P-256' }] })
export const CompromiseReport = z
  .strictObject({
    since: Time.describe(
      'From this moment on the key may have been in wrong hands. What a block held before stays valid.',
    ),
    reason: z.string().trim().min(1).max(500).describe('Told to the earners whose badges are issued again.'),
  })
  .meta({ id: 'CompromiseReport' })
export const Compromise = z
  .strictObject({
    key: IssuerKey,
    replacement: IssuerKey.nullable().describe(
      'The key that signs from now on; null where the other one signed no more.',
    ),
    jobId: Id.nullable().describe('The job that issues again; null where the same was said before.'),
  })
  .meta({ id: 'Compromise' })
export const SignedOverVcApi = z
  .strictObject({
    id: Id,
    credentialId: z
      .string()
      .nullable()
      .describe('The `id` that the document bears; null where it bears none.'),
    signedBy: z.string().describe('Who had it signed: `key:ID` or `account:ID`.'),
    signedAt: Time,
    statuses: z
      .array(
        z.strictObject({
          statusPurpose: z.string(),
          setAt: Time.nullable().describe('Since when its bit is set; null while it is not.'),
        }),
      )
      .describe('Its entries in status lists.'),
  })
  .meta({ id: 'SignedOverVcApi' })
export const IssuerWithKeys = Issuer.extend({ keys: z.array(IssuerKey) }).meta({ id: 'IssuerWithKeys' })
