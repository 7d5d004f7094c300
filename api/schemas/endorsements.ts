import * as z from 'zod'
import { Email, Id, LanguageTag, Time, text } from './common.ts'
import { JsonDocument } from './credentials.ts'

export const NewEndorsement = z.strictObject({
  target: z.enum(['issuer', 'achievement_version', 'credential']),
  targetId: Id,
  endorserDid: z
    .string()
    .regex(/^did:(?:key:z[1-9A-HJ-NP-Za-km-z]{20,200}|web:[A-Za-z0-9.%:_-]{3,300})$/)
    .describe('did:key or did:web.'),
  endorserName: text(200),
  endorserEmail: Email.optional(),
  comment: text(2000).describe('What is vouched for; the endorser signs it or refuses.'),
  language: LanguageTag.default('en'),
})
export const Endorsement = z
  .strictObject({
    id: Id,
    issuerId: Id,
    target: z.enum(['issuer', 'achievement_version', 'credential']),
    targetId: Id,
    endorserDid: z.string(),
    endorserName: z.string(),
    endorserEmail: z.string().nullable(),
    state: z.enum([
      'requested',
      'viewed',
      'signed',
      'published',
      'rejected',
      'expired',
      'withdrawn',
      'revoked',
      'stale',
    ]),
    requestedAt: Time,
    signedAt: Time.nullable(),
    publishedAt: Time.nullable(),
  })
  .meta({ id: 'Endorsement' })
export const CreatedEndorsement = Endorsement.extend({
  requestUrl: z.string().nullable().describe('For the endorser; shown this once.'),
})
export const EndorserAddress = z.strictObject({
  endorserEmail: Email.optional().describe('Where to mail the link; without it the answer is all there is.'),
  language: LanguageTag.default('en'),
})
export const EndorsementRequest = z
  .strictObject({
    id: Id,
    state: Endorsement.shape.state,
    issuerName: z.string(),
    what: z.string(),
    endorserDid: z.string(),
    unsigned: JsonDocument.describe('The EndorsementCredential to be signed.'),
    target: JsonDocument.describe('The endorsed document; its digest is inside what is signed.'),
    digest: z.string().describe('`sha256-…` of the endorsed bytes, as in relatedResource.digestSRI.'),
  })
  .meta({ id: 'EndorsementRequest' })
export const SignedEndorsement = z.strictObject({
  credential: z
    .union([
      JsonDocument,
      z
        .string()
        .regex(/^[\w-]+\.[\w-]+\.[\w-]+$/)
        .max(50_000),
    ])
    .describe(
      'What was to be signed, with a proof; or as a compact JWS whose payload it is (VC-JOSE-COSE, `typ` `vc+jwt`; or Open Badges 3.0, section 8.2).',
    ),
})
