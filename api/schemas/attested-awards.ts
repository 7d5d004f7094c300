import * as z from 'zod'
import { Hex32, Id, OrganisationQuery, Time, text, title } from './common.ts'

const Address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, '0x and 40 hexadecimal digits')
  .describe('Of an account; in lower case, or with its checksum (EIP-55).')
const Digest = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, '0x and 64 hexadecimal digits')
  .describe('32 bytes.')
const Seconds = z
  .int()
  .min(0)
  .max(2 ** 40 - 1)
const Act = z.enum(['attest', 'withdraw'])
const CriterionNumber = z.int().min(0).max(215).describe('Numbered from 0, as in the rule.')

export const AttestedRuleParams = z.strictObject({ id: Id })
export const AttestedCaseParams = z.strictObject({ id: Id, caseId: Id })

export const NewAttestedRule = z
  .strictObject({
    issuerId: Id.describe('The issuer of yours that takes part: on its unit rights are asked for.'),
    name: title(200).describe('For yourselves; it is not in the rule.'),
    achievement: Digest.describe(
      'Digest of what is awarded, the same for all who take part; for instance the digest of the published version.',
    ),
    threshold: z.int().min(1).max(216).describe('How many of the criteria must be met.'),
    opensAt: Time,
    closesAt: Time.describe('From then on nothing counts any more. Whole seconds, like `opensAt`.'),
    criteria: z
      .array(
        z.strictObject({
          says: text(10_000)
            .optional()
            .describe('What it says: the SHA-256 of exactly this text, in UTF-8, stands in the rule.'),
          statement: Digest.optional().describe('That digest, where you do not have the text.'),
          attesters: z.array(Address).min(1).max(216).describe('Whose word counts for it: any one of them.'),
        }),
      )
      .min(1)
      .max(216),
  })
  .meta({
    examples: [
      {
        issuerId: '019342f0-0000-7000-8000-000000000001',
        name: 'Cross-campus maker',
        achievement: `0x${'5a'.repeat(32)}`,
        threshold: 2,
        opensAt: '2026-01-01T00:00:00Z',
        closesAt: '2027-01-01T00:00:00Z',
        criteria: [
          { says: 'Built something that works.', attesters: [`0x${'a1'.repeat(20)}`] },
          { says: 'Taught it to somebody.', attesters: [`0x${'b2'.repeat(20)}`, `0x${'c3'.repeat(20)}`] },
        ],
      },
    ],
  })

export const AttestedRule = z.strictObject({
  id: Id,
  issuerId: Id,
  name: z.string(),
  hash: Hex32.describe(
    'The name of the rule on chain, and what a rule of yours asks for: `{ "attested": hash }`.',
  ),
  chainId: z.int(),
  contract: Address.describe('AttestedAward, for which its signatures count.'),
  rule: z
    .strictObject({
      achievement: Digest,
      threshold: z.int(),
      opensAt: Seconds,
      closesAt: Seconds,
      criteria: z.array(z.strictObject({ statement: Digest, attesters: z.array(Address) })),
    })
    .describe('As the contract takes it.'),
  statements: z.array(z.string().nullable()).describe('What each criterion says, where that is known here.'),
  createdAt: Time,
})

export const NewAttestedSubject = z.strictObject({
  subject: z.string().min(1).max(2000).describe('`mailto:`, `eppn:`, `did:` or `id:`.'),
  salt: Digest.optional().describe(
    'The one that another organisation has made. Without it a new one is made.',
  ),
})

const CaseFields = {
  id: Id,
  ruleId: Id,
  subjectId: Id,
  commitment: Hex32.describe('What stands for the person on chain.'),
  state: z
    .enum(['open', 'awarded', 'over'])
    .describe('`awarded` by the contract; `over`: the window has closed without an award.'),
  awardedAt: Time.nullable().describe('Of the block whose transaction completed it.'),
  missing: z.int().describe('How many criteria must still be met.'),
  asOfBlock: z
    .int()
    .nullable()
    .describe('The final block up to which all of this was read from the contract.'),
  criteria: z.array(
    z.strictObject({
      says: z.string().nullable(),
      isMet: z.boolean(),
      attestedBy: z.array(Address),
      attesters: z.array(Address),
    }),
  ),
  createdAt: Time,
} as const

export const AttestedCase = z.strictObject(CaseFields)

export const DeliveredMessage = z.strictObject({
  id: Id,
  act: Act,
  criterion: z.int(),
  attester: Address,
  saidAt: Seconds,
  deadline: z.int(),
  state: z
    .enum(['queued', 'signed', 'sent', 'mined', 'final', 'failed', 'refused'])
    .describe('`refused`: the contract does not take it. It counts in the case when it is `final`.'),
  transaction: Hex32.nullable(),
  lastError: z.string().nullable(),
  createdAt: Time,
})

export const AttestedCaseWithMessages = z.strictObject({
  ...CaseFields,
  messages: z.array(DeliveredMessage).describe('What was given here to be delivered, oldest first.'),
})

export const CommitmentOpening = z.strictObject({
  salt: Hex32,
  identifier: z
    .string()
    .nullable()
    .describe('What the commitment was made of; null where the person is no longer known by it.'),
  commitment: Hex32,
  ruleHash: Hex32,
})

export const TypedDataQuery = OrganisationQuery.extend({
  act: Act.default('attest'),
  criterion: z.coerce.number().int().min(0).max(215),
  attester: Address,
})

export const TypedData = z
  .strictObject({
    domain: z.strictObject({
      name: z.string(),
      version: z.string(),
      chainId: z.int(),
      verifyingContract: Address,
    }),
    types: z.record(z.string(), z.array(z.strictObject({ name: z.string(), type: z.string() }))),
    primaryType: z.enum(['Attestation', 'Withdrawal']),
    message: z.record(z.string(), z.unknown()),
  })
  .describe('EIP-712, as `eth_signTypedData_v4` takes it.')

export const SignedWord = z.strictObject({
  criterion: CriterionNumber,
  attester: Address,
  saidAt: Seconds.describe('`attestedAt` or `withdrawnAt` of the typed data.'),
  deadline: z.int().min(0).describe('Of the typed data.'),
  signature: z
    .string()
    .regex(/^0x(?:[0-9a-fA-F]{2}){1,4096}$/, '0x and hexadecimal digits')
    .describe('Over the typed data; of an ERC-1271 account whatever that takes.'),
})

export const IssuerWord = z.strictObject({ act: Act.default('attest'), criterion: CriterionNumber })
