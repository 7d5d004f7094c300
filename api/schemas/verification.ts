import * as z from 'zod'
import { readRecipient } from '#engine/verification/recipient.ts'
import { JsonDocument, Receipt } from './credentials.ts'

export const VerifyRequest = z
  .strictObject({
    credential: z
      .union([JsonDocument, z.string().max(1_000_000)])
      .optional()
      .describe('A JSON credential or presentation, or a compact JWS with either.'),
    url: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .optional()
      .describe(
        'Page of a credential of this server, or the https address of a badge elsewhere (JSON, JWS, PNG or SVG), which is fetched once.',
      ),
    file: z
      .base64()
      .max(9_000_000)
      .optional()
      .describe(
        'The file itself, in base64: a credential, a JWS, a baked PNG or SVG, a PDF with the badge attached.',
      ),
    receipt: Receipt.optional(),
    endorsements: z.array(JsonDocument).max(20).optional(),
    trustLists: z
      .array(JsonDocument)
      .max(4)
      .optional()
      .describe('Signed trust lists of your own, beside those of this server: docs/trust-lists.md.'),
    trustKeys: z
      .array(z.string().max(2000))
      .max(16)
      .optional()
      .describe('Whose lists you believe: DIDs of publishers, or single keys of them (`DID#KEY`).'),
    recipient: z
      .string()
      .max(2100)
      .refine((text) => readRecipient(text) !== undefined, 'Name an e-mail address, a DID, or TYPE=VALUE')
      .optional()
      .describe(
        'Whom the badge should be of: an e-mail address, a DID, or `TYPE=VALUE` with a type of Open Badges 3.0. It is compared, and neither kept nor repeated.',
      ),
    challenge: z
      .string()
      .min(1)
      .max(2000)
      .optional()
      .describe(
        'Of a presentation: what you gave its holder to answer (of a token: `nonce`). Refused for a credential.',
      ),
    domain: z
      .union([z.string().min(1).max(2000), z.array(z.string().min(1).max(2000)).min(1).max(16)])
      .optional()
      .describe(
        'Of a presentation: for whom it must have been made (of a token: `aud`). Refused for a credential.',
      ),
  })
  .refine(
    ({ credential, url, file }) => [credential, url, file].filter((each) => each !== undefined).length === 1,
    'Send one of credential, url and file',
  )

/** The credential itself as body: with any JSON media type. */
export const BareCredential = z
  .looseObject({ '@context': z.unknown() })
  .meta({ id: 'BareCredential', description: 'A credential, exactly as it was signed.' })
export const VerifyBody = z.union([BareCredential, VerifyRequest])

export const Check = z
  .strictObject({
    name: z.string(),
    outcome: z.enum(['passed', 'failed', 'unknown', 'not_applicable']),
    code: z.string(),
    detail: z.string(),
    at: z.string().optional(),
    informs: z.literal(true).optional().describe('It tells something without deciding the verdict.'),
    reason: z.string().optional().describe('What the issuer gave as its reason, in its own words.'),
    see: z.string().optional().describe('Where the edition is that has taken its place.'),
    sources: z
      .array(
        z.strictObject({
          kind: z
            .string()
            .describe('`did-document`, `status-list`, `chain`, `trust-list`, `registry` and so on.'),
          name: z.string().describe('An address, a DID, a CAIP-10 account, the name of a list.'),
          at: z.string().optional().describe('As of when it says what it says.'),
          block: z.number().optional(),
          digest: z.string().optional(),
        }),
      )
      .optional()
      .describe('What was asked or looked at for it. Absent where the document alone says it.'),
  })
  .meta({ id: 'Check' })

export const VerificationReport = z
  .looseObject({
    format: z.literal('waarmerk-verification-report/1'),
    verdict: z.enum(['valid', 'invalid', 'undecided']),
    checkedAt: z.string(),
    checks: z.array(Check),
  })
  .meta({ id: 'VerificationReport' })

export const PresentationReport = z
  .strictObject({
    format: z.literal('waarmerk-presentation-report/1'),
    verdict: z.enum(['valid', 'invalid', 'undecided']),
    checkedAt: z.string(),
    checks: z.array(Check).describe('`format`, `proof`, `challenge`, `holder`, `credentials`.'),
    holder: z.string().optional().describe('Who presented it. Absent where no proof shows it.'),
    credentials: z
      .array(VerificationReport)
      .describe(
        'A whole report of each, in the order of the presentation; none where its own proof is wrong.',
      ),
    notProved: z.array(z.string()),
  })
  .meta({ id: 'PresentationReport' })

export const AnyVerificationReport = z.union([VerificationReport, PresentationReport])
