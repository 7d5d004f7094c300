import * as z from 'zod'
import { JsonDocument } from './credentials.ts'

const Purpose = z.string().min(1).max(80)

const WantedStatus = z
  .looseObject({
    type: z.literal('BitstringStatusListEntry'),
    statusPurpose: Purpose.default('revocation').describe(
      '`revocation`, `suspension`, `refresh` or `message`, each once.',
    ),
    statusSize: z.literal(1).optional().describe('One bit an entry.'),
    statusMessage: z
      .array(z.strictObject({ status: z.string().max(80), message: z.string().max(1000) }))
      .max(2)
      .optional()
      .describe('What `0x0` and `0x1` mean; must be there for `message`.'),
    statusReference: z
      .union([z.string().max(2000), z.array(z.string().max(2000)).max(10)])
      .optional()
      .describe('URLs of what explains the status.'),
  })
  .describe('An entry that is to be allocated in a status list of the issuer.')

const Pointers = z.array(z.string().max(1000)).max(500)

export const VcIssueRequest = z
  .looseObject({
    credential: JsonDocument.describe('Of VC Data Model 2.0 or 1.1, without a proof.'),
    options: z
      .looseObject({
        cryptosuite: z
          .enum(['eddsa-rdfc-2022', 'eddsa-jcs-2022', 'ecdsa-rdfc-2019', 'ecdsa-jcs-2019', 'ecdsa-sd-2023'])
          .optional(),
        keyType: z.enum(['Ed25519', 'P-256']).optional(),
        credentialStatus: z.array(WantedStatus).max(4).optional(),
        envelope: z.literal('vc+jwt').optional().describe('A token in its envelope instead of a proof.'),
        mandatoryPointers: Pointers.optional().describe(
          'For ecdsa-sd-2023: JSON pointers to what is always shown. By default issuer, dates, status and achievement.',
        ),
      })
      .optional(),
  })
  .meta({ id: 'VcIssueRequest' })

export const VcIssued = z.strictObject({ verifiableCredential: JsonDocument }).meta({ id: 'VcIssued' })

export const VcDeriveRequest = z
  .looseObject({
    verifiableCredential: JsonDocument.describe('With an ecdsa-sd-2023 base proof.'),
    options: z
      .looseObject({
        selectivePointers: Pointers.describe('JSON pointers to what is shown besides.').default([]),
      })
      .default({ selectivePointers: [] }),
  })
  .meta({ id: 'VcDeriveRequest' })

export const VcVerifyRequest = z
  .looseObject({
    verifiableCredential: JsonDocument.describe('A credential, or one in its envelope.'),
    options: z.looseObject({}).optional().describe('Whatever is asked for, everything is checked.'),
  })
  .meta({ id: 'VcVerifyRequest' })

export const VcVerifyPresentationRequest = z
  .looseObject({
    verifiablePresentation: JsonDocument.describe('A presentation, or one in its envelope.'),
    options: z
      .looseObject({
        challenge: z.string().max(1000).optional().describe('That the proof must answer.'),
        domain: z
          .union([z.string().max(1000), z.array(z.string().max(1000)).max(20)])
          .optional()
          .describe('For which the proof must have been made.'),
      })
      .optional(),
  })
  .meta({ id: 'VcVerifyPresentationRequest' })

const ProblemDetails = z.strictObject({
  type: z.string(),
  title: z.string(),
  detail: z.string(),
  code: z.string().describe('Stable; see docs/verification.md'),
})

export const VcVerified = z
  .looseObject({
    verified: z.boolean(),
    errors: z.array(z.string()),
    problemDetails: z.array(ProblemDetails),
    warnings: z
      .array(ProblemDetails)
      .describe('What does not count against it, as an issuer that nobody here knows.'),
  })
  .meta({ id: 'VcVerified' })

export const VcStatusRequest = z
  .looseObject({
    credentialId: z
      .string()
      .min(1)
      .max(2000)
      .describe('The id of the credential, or that of its status entry.'),
    credentialStatus: z.looseObject({
      type: z.literal('BitstringStatusListEntry'),
      statusPurpose: Purpose.default('revocation'),
    }),
    status: z.boolean().default(true),
  })
  .meta({ id: 'VcStatusRequest' })
