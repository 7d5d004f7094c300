import * as z from 'zod'
import { DISCLOSURE_KINDS } from '#engine/credentials/disclosure-parts.ts'
import { AchievementAbout, AchievementEnd } from './achievements.ts'
import { AnchorState } from './awards.ts'
import { Hex32, Id, LanguageTag, LocalisedText, Time, text } from './common.ts'

export const JsonDocument = z
  .record(z.string(), z.unknown())
  .meta({ id: 'JsonDocument', description: 'A document, exactly as it was signed.' })

export const EndorsementSummary = z
  .strictObject({
    id: Id,
    endorserDid: z.string(),
    endorserName: z.string().describe('As the endorser calls itself: not proven.'),
    comment: z.string(),
    publishedAt: Time,
    target: z.enum(['issuer', 'achievement_version', 'credential']),
    document: JsonDocument,
    jwt: z
      .string()
      .optional()
      .describe('The compact JWS, where the endorser signed one; `document` is what stands in it.'),
  })
  .meta({ id: 'EndorsementSummary' })

export const PublicAchievement = z
  .strictObject({
    id: Id,
    page: z.string(),
    document: JsonDocument,
    version: z.int(),
    state: z.enum(['published', 'retired', 'withdrawn']),
    issuer: z.strictObject({ name: z.string(), did: z.string(), slug: z.string(), domain: z.string() }),
    image: z.string().nullable(),
    imageLevels: z
      .array(
        z.strictObject({
          result: z.string(),
          level: z.string(),
          name: LocalisedText,
          url: z.string(),
          altText: LocalisedText,
        }),
      )
      .optional()
      .describe(
        'Pictures of badges whose earner reached a level, lowest first; left out where there are none.',
      ),
    test: z.boolean(),
    end: AchievementEnd.nullable().describe('When and why it was retired or withdrawn by a person.'),
    about: AchievementAbout.describe('What it tells of itself beside the document.'),
    endorsements: z.array(EndorsementSummary),
    assessors: z
      .array(
        z.strictObject({
          qualification: z.string(),
          evidenceUrl: z.string().nullable(),
          name: z.string().nullable().describe('Where the assessor agreed to be named.'),
        }),
      )
      .describe('Those who may assess today; one entry for each mandate.'),
  })
  .meta({ id: 'PublicAchievement' })

const TextInLanguage = z
  .strictObject({ text: z.string(), language: LanguageTag })
  .meta({ id: 'TextInLanguage' })

export const Omission = z.enum(['evidence', 'results', 'narrative'])
export const Omissions = z
  .array(Omission)
  .max(3)
  .refine((omits) => new Set(omits).size === omits.length, 'Each once')
  .describe(
    'What the page leaves out. No member of a signed document can be hidden, so such a page shows no document and hands none out: only what the issuer’s server says of it.',
  )

const CREDENTIAL = {
  id: Id,
  page: z.string(),
  visibility: z.enum(['private', 'public']),
  publicOmits: z.array(Omission).describe('What the public page leaves out.'),
  state: z.enum(['issued', 'suspended', 'revoked', 'expired', 'superseded']),
  revocationReason: z.string().nullable(),
  edition: z.int().describe('Which edition this is.'),
  currentEdition: z.int().describe('The one that counts.'),
  test: z.boolean().describe('Of a sample organisation or an issuer on this very machine.'),
  achievementId: Id,
  achievementName: z.string(),
  texts: z
    .strictObject({ name: TextInLanguage, description: TextInLanguage, criteria: TextInLanguage })
    .describe(
      'Of the achievement version, in the `language` of the request where it has them. The document stays what was signed.',
    ),
  documentLanguage: LanguageTag.describe('In which the signed document is.'),
  issuer: z.strictObject({ name: z.string(), did: z.string(), slug: z.string(), domain: z.string() }),
  image: z.string().nullable(),
  imageAlt: TextInLanguage.nullable().describe(
    'What the picture shows, for who does not see it; null where its author said nothing: then it shows the name.',
  ),
  awardedAt: Time,
  byRule: z.boolean().describe('A rule decided it; a person can be asked.'),
  anchor: z.strictObject({ state: AnchorState, independent: z.boolean(), anchoredAt: Time.nullable() }),
  endorsements: z.array(EndorsementSummary),
  mine: z.boolean().describe('The caller claimed it.'),
}

export const CredentialView = z
  .discriminatedUnion('form', [
    z.strictObject({ form: z.literal('document'), ...CREDENTIAL, document: JsonDocument }),
    z.strictObject({
      form: z.literal('attested-view'),
      ...CREDENTIAL,
      attested: z
        .strictObject({
          by: z.string().describe('The server that says so: nothing here is signed.'),
          at: Time,
          omitted: z.array(Omission).describe('What was left out, whether there is any or not.'),
          achievement: JsonDocument,
          validFrom: z.string(),
          validUntil: z.string().nullable(),
          creditsEarned: z.number().nullable(),
          narrative: z.string().nullable(),
          evidence: z.array(z.unknown()),
          results: z.array(z.unknown()),
        })
        .meta({ id: 'AttestedView' }),
    }),
  ])
  .meta({
    id: 'CredentialView',
    description:
      '`document`: the signed document is here and can be downloaded and verified. `attested-view`: its earner leaves something out of what they share, so this is what the issuer’s server says of it, without the document.',
  })

export const ReadQuery = z.strictObject({
  share: z
    .string()
    .max(100)
    .optional()
    .describe('The token of a share link, or of the link of `collection`.'),
  collection: Id.optional().describe('The collection through which the badge is looked at.'),
})
export const EditionQuery = ReadQuery.extend({
  edition: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe('An earlier edition, by its number.'),
  digest: Hex32.optional().describe('An earlier edition, by the SHA-256 of the document that you hold.'),
})
export const LanguageQuery = z.strictObject({
  language: LanguageTag.optional().describe('In which texts are wanted. Default: that of the document.'),
})
export const ViewQuery = ReadQuery.extend(LanguageQuery.shape).extend({
  again: z
    .stringbool()
    .default(false)
    .describe('The same page looks anew by itself: not counted as one more view.'),
})
export const Visibility = z
  .strictObject({ visibility: z.enum(['private', 'public']), omits: Omissions.default([]) })
  .meta({ examples: [{ visibility: 'public', omits: ['results'] }] })
export const NewShareLink = z
  .strictObject({
    expiresAt: Time.optional().describe('In the future. Without it the link lasts until it is revoked.'),
    label: text(100).optional().describe('For you alone, to tell your links apart.'),
    omits: Omissions.default([]),
  })
  .meta({ examples: [{ expiresAt: '2030-01-31T23:59:59Z', label: 'Application', omits: ['evidence'] }] })
export const ShareLink = z
  .strictObject({
    id: Id,
    label: z.string(),
    omits: z.array(Omission),
    views: z.int().describe('How often strangers opened it.'),
    createdAt: Time,
    expiresAt: Time.nullable(),
    revokedAt: Time.nullable(),
  })
  .meta({ id: 'ShareLink' })
export const DisclosureParts = z
  .strictObject({
    allowed: z.boolean().describe('Whether the achievement lets earners show parts of its badges.'),
    parts: z.array(
      z.strictObject({
        id: z.string().describe('As `parts` of the disclosure names it.'),
        kind: z.enum(DISCLOSURE_KINDS),
        name: z.string().nullable().describe('What a result or an evidence is called.'),
        says: z
          .string()
          .nullable()
          .describe('Of a result, what was reached; of evidence, its text or address.'),
      }),
    ),
  })
  .meta({ id: 'DisclosureParts' })
export const DisclosureQuery = z.strictObject({
  parts: z
    .string()
    .max(4000)
    .regex(/^[a-z0-9-]+(?:,[a-z0-9-]+)*$/)
    .optional()
    .describe('Ids of parts, with commas between them. Without it nothing is shown but what always is.'),
  format: z.enum(['json', 'png', 'svg']).default('json'),
})
export const CredentialViews = z
  .strictObject({
    total: z.int().describe('Since the badge was issued.'),
    days: z
      .array(
        z.strictObject({
          day: z.iso.date().describe('UTC.'),
          channel: z.enum(['public', 'link', 'embed', 'collection']),
          views: z.int(),
        }),
      )
      .describe('Of the last 90 days, the newest first. Days without views are left out.'),
  })
  .meta({
    id: 'CredentialViews',
    examples: [{ total: 3, days: [{ day: '2026-11-26', channel: 'link', views: 3 }] }],
  })
export const CreatedShareLink = ShareLink.extend({
  url: z.string().nullable().describe('Shown this once.'),
  verifyUrl: z
    .string()
    .nullable()
    .describe('Null also where something is left out: such a page cannot be verified.'),
})

export const Receipt = z
  .record(z.string(), z.unknown())
  .meta({ id: 'Receipt', description: 'Proof that a leaf is in an anchored batch (docs/receipt.md).' })

/** As `readPersonalParts` reads them. */
const PersonalParts = z
  .strictObject({
    narrative: z.string().nullable().describe('Markdown, of the issuer.'),
    particulars: z
      .strictObject({
        activityStartDate: z.string().optional(),
        activityEndDate: z.string().optional(),
        creditsEarned: z.string().optional(),
        licenseNumber: z.string().optional(),
        role: z.string().optional(),
        term: z.string().optional(),
        source: z.string().optional().describe('The name of who assessed it for the issuer.'),
      })
      .optional(),
    results: z.array(
      z.strictObject({
        name: z.string(),
        type: z.string().optional(),
        value: z.string().optional(),
        status: z.string().optional(),
        valueMin: z.string().optional(),
        valueMax: z.string().optional(),
        level: z.strictObject({ name: z.string(), description: z.string().optional() }).optional(),
      }),
    ),
    evidence: z.array(
      z.strictObject({
        url: z.string().optional(),
        name: z.string().optional(),
        narrative: z.string().optional().describe('Markdown.'),
        description: z.string().optional(),
        genre: z.string().optional(),
        audience: z.string().optional().describe('For whom it is meant.'),
      }),
    ),
  })
  .meta({ id: 'PersonalParts' })

export const ClaimView = z
  .strictObject({
    state: z
      .enum(['open', 'claimed', 'rejected', 'expired', 'withdrawn'])
      .describe(
        '`withdrawn`: the issuer took it back. Who accepts is refused with the same word (claim-over).',
      ),
    identifier: z.string().describe('Partly hidden.'),
    achievementName: z.string(),
    achievementDescription: z.string(),
    achievementId: Id,
    issuerName: z.string(),
    issuerDomain: z.string(),
    image: z.string().nullable(),
    awardedAt: Time,
    byRule: z.boolean(),
    test: z.boolean(),
    expiresAt: Time,
    credentialId: Id.nullable().describe('Once claimed.'),
    matches: z
      .boolean()
      .nullable()
      .describe('Whether whoever is signed in is the one to whom it was sent; null where nobody signed in.'),
    parts: PersonalParts.nullable().describe(
      'What the badge says of this one person. Null once it cannot be taken any more, and for whoever is signed in as somebody else.',
    ),
  })
  .meta({ id: 'ClaimView' })
export const OfferedBadge = z
  .strictObject({
    id: Id,
    kind: z.enum(['award', 'direct-award']).describe('Of what the id is: a claim, or a direct award.'),
    achievementId: Id,
    achievementName: z.string(),
    achievementDescription: z.string(),
    issuerName: z.string(),
    issuerDomain: z.string(),
    image: z.string().nullable(),
    test: z.boolean(),
    identifier: z.string().describe('To which of your identities it was sent.'),
    awardedAt: Time,
    expiresAt: Time,
  })
  .meta({
    id: 'OfferedBadge',
    examples: [
      {
        id: '0197f3c0-5f5e-7b1a-9d0e-2a4f6c8e1b3d',
        kind: 'award',
        achievementId: '0197f3c0-1c2d-7e3f-8a4b-5c6d7e8f9a0b',
        achievementName: 'First aid basics',
        achievementDescription: 'Knows first aid.',
        issuerName: 'First Aid Academy',
        issuerDomain: 'badges.example.org',
        image: null,
        test: false,
        identifier: 'email:ann@example.org',
        awardedAt: '2026-11-26T09:00:00.000Z',
        expiresAt: '2027-02-16T09:00:00.000Z',
      },
    ],
  })
export const ClaimAccepted = z
  .strictObject({ credentialId: Id, page: z.string() })
  .meta({ id: 'ClaimAccepted' })

export const BackpackItem = z
  .strictObject({
    credentialId: Id,
    page: z.string(),
    achievementName: z.string().describe('In the language of the request where it has one.'),
    language: LanguageTag.describe('Of the name.'),
    documentLanguage: LanguageTag,
    issuerName: z.string(),
    image: z.string().nullable(),
    awardedAt: Time,
    state: z.enum(['issuing', 'issued', 'suspended', 'revoked', 'expired', 'superseded']),
    signed: z.boolean().describe('Whether there is a document: not of what is still being issued.'),
    visibility: z.enum(['private', 'public']),
    views: z.int().describe('How often strangers opened it.'),
    test: z.boolean(),
  })
  .meta({ id: 'BackpackItem' })

export const Batch = z
  .strictObject({
    id: Id,
    issuerId: Id,
    sequence: z.int(),
    state: z.enum(['sealed', 'signed', 'sent', 'mined', 'final']),
    root: Hex32,
    size: z.int(),
    realLeaves: z.int(),
    signer: z.string(),
    chain: z.string().describe('CAIP-2.'),
    contract: z.string(),
    sealedAt: Time,
    blockNumber: z.int().nullable(),
    blockTime: Time.nullable(),
  })
  .meta({ id: 'Batch' })

export const Overview = z
  .strictObject({
    events: z.record(z.string(), z.int()),
    awards: z.record(z.string(), z.int()),
    claims: z.record(z.string(), z.int()),
    rules: z.strictObject({
      dead: z.int().describe('Active rules that no event matches any more.'),
      parkedEvents: z.int().describe('Events that could not be evaluated and wait for a person.'),
    }),
    notifications: z.strictObject({
      parked: z
        .int()
        .describe('Notifications of which no mail could be made. They stand in the application.'),
    }),
    batches: z.array(Batch),
    chain: z.strictObject({ id: z.string(), contract: z.string(), independent: z.boolean() }),
  })
  .meta({ id: 'Overview' })
