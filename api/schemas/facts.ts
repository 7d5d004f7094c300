import * as z from 'zod'
import { Id, LanguageTag, OrganisationQuery, PageQuery, Slug, Time, text } from './common.ts'

const FactSlug = Slug.describe('Named by rules, for ever: lower-case letters, digits and hyphens.')
const Name = z
  .record(LanguageTag, text(200))
  .refine((texts) => Object.keys(texts).length > 0, 'At least one language')
const At = Time.optional().describe('Since when it is true. Default: now. Not in the future.')

/** How a person is named: as in an event. */
export const PersonText = z
  .string()
  .min(1)
  .max(2000)
  .describe(
    'A person: `mailto:`, `eppn:`, `did:` …, or `id:SOURCE#NUMBER` for the number that a source gives them.',
  )

export const SlugParams = z.strictObject({ slug: Slug })
export const SubjectParams = z.strictObject({ id: Id })
export const FactParams = z.strictObject({ id: Id })

export const FactChange = z
  .strictObject({
    changed: z.boolean().describe('False where it was so already: then nothing was recorded.'),
    eventIds: z.array(Id),
  })
  .meta({ id: 'FactChange' })

export const FactFault = z
  .strictObject({ code: z.string(), path: z.string().describe('JSON Pointer.'), message: z.string() })
  .meta({ id: 'FactFault' })

export const BulkReport = z
  .strictObject({
    recorded: z.int(),
    unchanged: z.int(),
    refused: z.int(),
    items: z.array(
      z.strictObject({
        index: z.int().describe('Place of the row in what was sent, from 0; a header does not count.'),
        outcome: z.enum(['recorded', 'unchanged', 'refused']),
        subjectId: Id.nullable(),
        eventIds: z.array(Id),
        faults: z.array(FactFault),
      }),
    ),
  })
  .meta({
    id: 'BulkReport',
    description: 'What became of each row. Rows at fault keep no other from being recorded.',
  })

export const NewCohort = z.strictObject({ slug: FactSlug, name: Name })
export const CohortChange = z.strictObject({ name: Name })
export const Cohort = z
  .strictObject({ id: Id, slug: z.string(), name: Name, members: z.int(), createdAt: Time })
  .meta({ id: 'Cohort' })
export const CohortMember = z.strictObject({ subjectId: Id, since: Time }).meta({ id: 'CohortMember' })
export const MemberParams = z.strictObject({ slug: Slug, subjectId: Id })
export const SinceBody = z.strictObject({ at: At }).optional()
export const SinceQuery = OrganisationQuery.extend({ at: At })
/**
 * A table is taken with whatever its rows are: `unknown` comes first, so that each row is read for itself later, and one at
 * fault keeps none of the others out. What a row should be is told all the same.
 */
const rowsOf = (row: z.ZodType) =>
  z
    .array(z.union([z.unknown().describe('Anything else: that row is refused, with `row-invalid`.'), row]))
    .min(1)
    .max(1000)

export const MemberRow = z.union([
  PersonText,
  z.strictObject({ subject: PersonText, member: z.boolean().default(true), at: z.string().optional() }),
])
export const MemberRows = rowsOf(MemberRow)

export const AttributeName = z
  .string()
  .regex(/^[a-z][A-Za-z0-9_.-]{0,63}$/, 'A lower-case letter, then letters, digits, _, . and -, at most 64')
export const AttributeType = z
  .enum(['string', 'number', 'boolean', 'strings'])
  .describe('`strings` is a list of texts. Declared for ever: rules are checked by it.')
export const AttributeValue = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.string()),
  z.null().describe('It has no value from now on.'),
])
export const AttributeParams = z.strictObject({ name: AttributeName })
export const NewAttribute = z.strictObject({
  name: AttributeName,
  type: AttributeType,
  description: text(500),
})
export const AttributeChange = z.strictObject({ description: text(500) })
export const Attribute = z
  .strictObject({ name: z.string(), type: AttributeType, description: z.string(), createdAt: Time })
  .meta({ id: 'Attribute' })
const Values = z
  .record(z.string().max(100), AttributeValue)
  .refine((values) => Object.keys(values).length > 0 && Object.keys(values).length <= 100, '1 to 100 values')
export const AttributeValues = z.strictObject({ values: Values, at: At })
export const AttributeRow = z.strictObject({ subject: PersonText, values: Values, at: z.string().optional() })
export const AttributeRows = rowsOf(AttributeRow)
export const AttributeOfPerson = z
  .strictObject({ name: z.string(), value: AttributeValue, since: Time, eventId: Id })
  .meta({ id: 'AttributeOfPerson' })

export const NewCompetency = z.strictObject({
  framework: text(500).describe('Name or IRI of the framework. Levels of two frameworks are not compared.'),
  item: text(2000).describe('IRI or code of the item in the framework.'),
  level: z.number().describe('The level that was reached, as the framework counts.'),
  at: At,
})

export const CodeText = z
  .string()
  .min(1)
  .max(200)
  .describe('As it is printed; case and hyphens do not matter.')
export const NewCode = z.strictObject({
  slug: FactSlug,
  name: Name,
  validFrom: Time.optional(),
  validUntil: Time.optional().describe('From this moment on it counts no more.'),
  maxUses: z.int().min(1).max(1_000_000).optional().describe('By all people together. Each redeems it once.'),
})
export const Code = z
  .strictObject({
    id: Id,
    slug: z.string(),
    name: Name,
    validFrom: Time.nullable(),
    validUntil: Time.nullable(),
    maxUses: z.int().nullable(),
    uses: z.int(),
    endedAt: Time.nullable(),
    createdAt: Time,
  })
  .meta({ id: 'ClaimCode' })
export const CreatedCode = z.strictObject({
  claimCode: Code,
  secret: z
    .string()
    .nullable()
    .describe('The text of the code. Shown this once; null when the call is repeated.'),
  url: z.string().nullable().describe('Where it is redeemed, with the code in it. Shown this once.'),
})
export const QrRequest = z.strictObject({ code: CodeText, format: z.enum(['png', 'svg']).default('png') })
export const RedeemRequest = z.strictObject({
  code: CodeText,
  subject: PersonText.optional().describe(
    'On whose behalf; takes the right to award. Left out by a person who signed in.',
  ),
})
export const RedeemedCode = z
  .strictObject({
    outcome: z.enum(['redeemed', 'already']).describe('A code counts once for each person.'),
    slug: z.string(),
    name: Name,
    redeemedAt: Time,
  })
  .meta({ id: 'RedeemedCode' })

export const NewNomination = z.strictObject({
  achievement: Slug.describe('Slug of a published achievement.'),
  subject: PersonText,
  reason: text(2000).optional().describe('Kept beside the event, erased when the nomination is withdrawn.'),
  nominator: PersonText.optional().describe(
    'In whose name; takes the right to award. Left out by a person who signed in.',
  ),
})
export const Nomination = z
  .strictObject({
    id: Id,
    achievementId: Id,
    subjectId: Id,
    nominatorId: Id.describe('A person of the organisation, too.'),
    reason: z.string().nullable(),
    nominatedAt: Time,
    withdrawnAt: Time.nullable(),
  })
  .meta({ id: 'Nomination' })
export const NominationReceipt = z
  .strictObject({ id: Id, outcome: z.enum(['made', 'already']), nominatedAt: Time })
  .meta({ id: 'NominationReceipt' })
export const NominationQuery = PageQuery.extend({
  subjectId: Id.optional(),
  achievementId: Id.optional(),
})

export const ForeignBadgeQuery = OrganisationQuery.extend({
  issuer: z
    .string()
    .min(1)
    .max(2000)
    .optional()
    .describe(
      'DID or URL of the issuer that you know the badge to be of, where this server does not know it.',
    ),
})
export const ForeignBadge = z
  .strictObject({
    id: Id,
    subjectId: Id,
    achievement: z.string().describe('Id of the achievement, as the badge names it.'),
    issuer: z.string(),
    credential: z.string().describe('Id of the credential, or else its digest.'),
    validFrom: Time,
    validUntil: Time.nullable(),
    state: z.enum(['held', 'taken_back']),
    recordedAt: Time,
    checkedAt: Time,
    eventId: Id,
  })
  .meta({ id: 'ForeignBadge' })

export const Fact = z
  .strictObject({
    id: Id,
    type: z.string(),
    activity: z.string(),
    data: z.record(z.string(), z.unknown()),
    time: Time.describe('Since when it is true.'),
    receivedAt: Time,
    takenBack: z.boolean(),
  })
  .meta({ id: 'Fact', description: 'An event of the type `waarmerk.…`: docs/facts.md.' })
