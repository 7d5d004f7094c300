import * as z from 'zod'
import { BADGE_TYPES, RECOGNISED_KINDS } from '#engine/achievements/achievement-definition.ts'
import { EVIDENCE_KINDS } from '#engine/achievements/criterion-item.ts'
import { WORKLOAD_UNITS } from '#engine/achievements/workload.ts'
import { ALIGNMENT_BASES } from '#engine/credentials/alignment-basis.ts'
import {
  ASSESSMENT_TYPES,
  PARTICIPATION_TYPES,
  SUPERVISION_TYPES,
} from '#engine/credentials/educredential.ts'
import { Id, LanguageTag, LocalisedText, PageQuery, Slug, Time, text, webAddress } from './common.ts'
import { OtherIdentifier } from './profiles.ts'

const TARGET_TYPE =
  /^(?:ceasn:Competency|ceterms:Credential|CFItem|CFRubric|CFRubricCriterion|CFRubricCriterionLevel|CTDL|ext:[a-zA-Z0-9_-]+)$/

export const Alignment = z.strictObject({
  targetName: text(300),
  targetUrl: webAddress(1000),
  targetType: z
    .string()
    .max(100)
    .regex(TARGET_TYPE)
    .optional()
    .describe('Of the Open Badges vocabulary, or `ext:…`.'),
  targetFramework: z.string().max(300).optional(),
  targetCode: z.string().max(100).optional(),
  targetDescription: z.string().max(2000).optional(),
  basis: z
    .enum(ALIGNMENT_BASES)
    .optional()
    .describe(
      'What a level rests on; an EQF or NLQF level is not published without. Stands in words in `targetDescription` of documents.',
    ),
})

const RESULT_TYPE =
  /^(?:GradePointAverage|LetterGrade|Percent|PerformanceLevel|PredictedScore|RawScore|Result|RubricCriterion|RubricCriterionLevel|RubricScore|ScaledScore|Status|ext:[a-zA-Z0-9_-]+)$/

const RubricLevel = z.strictObject({
  id: Slug.describe('Unique in its result.'),
  name: LocalisedText,
  level: text(50).optional().describe('In a scale of one’s own, such as `3` or `Mastered`.'),
  points: z
    .string()
    .max(20)
    .regex(/^-?\d+(?:\.\d+)?$/, 'A number')
    .optional(),
  description: LocalisedText.optional(),
  alignments: z.array(Alignment).max(20).optional(),
})

const ResultDescription = z
  .strictObject({
    id: Slug.describe('Rules name it; unique in the achievement.'),
    name: LocalisedText,
    type: z.string().max(100).regex(RESULT_TYPE).describe('Of the Open Badges vocabulary, or `ext:…`.'),
    valueMin: text(50).optional(),
    valueMax: text(50).optional(),
    allowedValues: z
      .array(text(50))
      .min(1)
      .max(100)
      .optional()
      .describe(
        'All that it can be, lowest first, each once; `allowedValue` of documents. Not beside `levels`. A result with another value is left out of a badge, or refused where a person gives it.',
      ),
    requiredValue: text(50).optional().describe('One of the allowed values or levels, where there are some.'),
    alignments: z.array(Alignment).max(20).optional().describe('What the result is aligned to.'),
    levels: z
      .array(RubricLevel)
      .min(1)
      .max(20)
      .refine((levels) => uniqueIds(levels), 'Each id stands once')
      .optional()
      .describe(
        'Levels of a rubric, lowest first, of a result of type `RubricCriterionLevel` or `ext:…`. A badge says which of them was reached: the value of the award names it by id, `level` or `points`; one that is none of them is left out of the badge.',
      ),
    requiredLevel: Slug.optional().describe('Id of the level that is wanted at least.'),
  })
  .refine(
    ({ levels, type }) => levels === undefined || type === 'RubricCriterionLevel' || type.startsWith('ext:'),
    {
      message: 'Levels belong to a result of type RubricCriterionLevel',
      path: ['type'],
    },
  )
  .refine(
    ({ levels = [], requiredLevel }) =>
      requiredLevel === undefined || levels.some(({ id }) => id === requiredLevel),
    { message: 'Is none of its levels', path: ['requiredLevel'] },
  )

const ImageLevel = z.strictObject({
  result: Slug.describe('Id of a result with levels.'),
  level: Slug.describe('Id of one of its levels.'),
  image: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('Id of a PNG (POST /v1/images or /v1/images/compose).'),
  altText: LocalisedText,
})

const CriterionItem = z.strictObject({
  id: Slug.describe('Unique in the achievement.'),
  text: LocalisedText,
  measure: LocalisedText.optional().describe('What is counted or looked at.'),
  target: LocalisedText.optional().describe('How much of it is enough.'),
  evidence: z.enum(EVIDENCE_KINDS).optional(),
  due: z
    .union([z.iso.date(), z.iso.duration()])
    .optional()
    .describe('A day (2027-06-30), or a term from the start on (P10W).'),
  reviewable: z.boolean().optional().describe('Somebody else can look at it again.'),
})

const Workload = z.strictObject({
  unit: z.enum(WORKLOAD_UNITS).describe('Exactly one: European credits, hours of study (SBU), or hours.'),
  amount: z.number().positive().max(10_000),
})

const Educredential = z.strictObject({
  participationType: z.enum(PARTICIPATION_TYPES).optional(),
  assessmentType: z.enum(ASSESSMENT_TYPES).optional(),
  supervisionType: z.enum(SUPERVISION_TYPES).optional(),
  identityChecked: z.boolean().optional().describe('Somebody looked who it was that was assessed.'),
  educationProgramIdentifier: z
    .int()
    .positive()
    .max(999_999_999)
    .optional()
    .describe('Number of the programme in the national register of education.'),
})

/** What stands on the page of an achievement and in no document. */
const story = {
  badgeType: z
    .enum(BADGE_TYPES)
    .optional()
    .describe('Says which members must be there at publication: see docs/achievements.md.'),
  purpose: LocalisedText.optional(),
  audience: LocalisedText.optional(),
  recognises: z
    .array(z.enum(RECOGNISED_KINDS))
    .max(RECOGNISED_KINDS.length)
    .refine((all) => new Set(all).size === all.length, 'Each kind stands once')
    .optional()
    .describe('What is recognised.'),
  recognisedThrough: z
    .enum(['process', 'result', 'both'])
    .optional()
    .describe('What is looked at: how somebody went about it, what came of it, or both.'),
  learningOutcomes: z.array(LocalisedText).max(50).optional(),
  place: LocalisedText.optional().describe('Its place in the learning experience.'),
  use: LocalisedText.optional().describe('What the learner can do with it.'),
  participation: z.enum(['on-site', 'online', 'blended']).optional(),
  assessment: LocalisedText.optional().describe('How it is assessed, in words.'),
  qualityAssurance: LocalisedText.optional(),
}

const uniqueIds = (all: readonly { readonly id: string }[]) =>
  new Set(all.map(({ id }) => id)).size === all.length

const ACHIEVEMENT_TYPE =
  /^(?:Achievement|ApprenticeshipCertificate|Assessment|Assignment|AssociateDegree|Award|Badge|BachelorDegree|Certificate|CertificateOfCompletion|Certification|CommunityService|Competency|Course|CoCurricular|Degree|Diploma|DoctoralDegree|Fieldwork|GeneralEducationDevelopment|JourneymanCertificate|LearningProgram|License|MasterCertificate|MasterDegree|Membership|MicroCredential|ProfessionalDoctorate|QualityAssuranceCredential|ResearchDoctorate|SecondarySchoolDiploma|ext:[a-zA-Z0-9_-]+)$/

export const AchievementDefinition = z
  .strictObject({
    language: LanguageTag.default('en').describe('The language in which credentials are issued.'),
    otherLanguages: z
      .array(LanguageTag)
      .min(1)
      .max(23)
      .refine((all) => new Set(all).size === all.length, 'Each language stands once')
      .optional()
      .describe(
        'Further languages that badges tell the achievement in, as `related` achievements with their words. Name, description and criteria must exist in each.',
      ),
    name: LocalisedText,
    description: LocalisedText,
    criteria: LocalisedText.describe('Markdown.'),
    criteriaUrl: webAddress(1000)
      .optional()
      .describe('A page with the criteria: the `id` of the criteria in documents. It is never fetched.'),
    achievementType: z.string().regex(ACHIEVEMENT_TYPE).default('Badge'),
    tags: z.array(text(60)).max(50).default([]),
    alignments: z.array(Alignment).max(50).default([]),
    image: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional()
      .describe('Id of an uploaded PNG (POST /v1/images). Default: a drawn badge.'),
    imageAlt: LocalisedText.optional(),
    imageLevels: z
      .array(ImageLevel)
      .min(1)
      .max(20)
      .refine((all) => new Set(all.map(({ result }) => result)).size === 1, 'All are of one result')
      .refine((all) => new Set(all.map(({ level }) => level)).size === all.length, 'Each level stands once')
      .optional()
      .describe(
        'Pictures of badges whose earner reached a level. A level without one, a badge without that result and the Achievement document have `image`.',
      ),
    validFor: z
      .string()
      .max(20)
      .optional()
      .describe('ISO 8601 duration, such as P2Y; from when it was earned, by the calendar of UTC.'),
    resultDescriptions: z
      .array(ResultDescription)
      .max(20)
      .refine(uniqueIds, 'Each id stands once')
      .optional()
      .describe('What a badge can say of how well it was earned. A rule fills it in.'),
    criteriaItems: z
      .array(CriterionItem)
      .max(50)
      .refine(uniqueIds, 'Each id stands once')
      .optional()
      .describe('Stand as a numbered list below the criteria of the document.'),
    workload: Workload.optional().describe('ECTS becomes `creditsAvailable` of the document.'),
    humanCode: text(100).optional(),
    fieldOfStudy: text(300).optional(),
    specialization: text(300).optional(),
    otherIdentifiers: z.array(OtherIdentifier).max(20).optional(),
    embedEndorsements: z
      .boolean()
      .optional()
      .describe(
        'Puts the endorsements of this version and of its issuer that are published when a badge is signed into the badge, and those of a gate of endorsers. They cannot be taken out again. Default: they are shown beside it.',
      ),
    selectiveDisclosure: z
      .boolean()
      .optional()
      .describe(
        'Lets earners show parts of its badges that can be verified without the rest: such a badge is signed once more with `ecdsa-sd-2023`, when its earner first asks. The issuer gets a key on P-256 for it where it has none.',
      ),
    educredential: Educredential.optional().describe(
      'Issues badges by the Dutch educredential profile (a third context and its members in the achievement). The workload becomes `ECTS`, `SBU` or `timeInvestment`.',
    ),
    ...story,
  })
  .refine(
    ({ imageLevels = [], resultDescriptions = [] }) =>
      imageLevels.every(({ result, level }) =>
        resultDescriptions.some(
          ({ id, levels = [] }) => id === result && levels.some((each) => each.id === level),
        ),
      ),
    { message: 'Is none of the levels of that result', path: ['imageLevels'] },
  )
  .meta({
    id: 'AchievementDefinition',
    examples: [
      {
        language: 'nl',
        name: { nl: 'Eerste hulp op de werkplek', en: 'First aid at work' },
        description: { nl: 'Verleent zelfstandig eerste hulp.', en: 'Gives first aid without supervision.' },
        criteria: { nl: 'Je doet een toets en een praktijkproef.', en: 'You take a test and a practical.' },
        achievementType: 'Badge',
        badgeType: 'regular',
        purpose: { nl: 'Genoeg hulpverleners op elke verdieping.', en: 'Enough first-aiders on each floor.' },
        audience: { nl: 'Medewerkers.', en: 'Employees.' },
        recognises: ['skill'],
        recognisedThrough: 'result',
        learningOutcomes: [{ nl: 'Verbindt een bloedende wond.', en: 'Dresses a bleeding wound.' }],
        criteriaItems: [
          {
            id: 'practical',
            text: { nl: 'Verbindt een bloedende wond', en: 'Dresses a bleeding wound' },
            measure: { nl: 'stappen van het protocol', en: 'steps of the protocol' },
            target: { nl: 'ten minste 8 van 10', en: 'at least 8 of 10' },
            evidence: 'observation',
            due: 'P10W',
            reviewable: true,
          },
        ],
        workload: { unit: 'sbu', amount: 28 },
        humanCode: 'EHBO-1',
      },
    ],
  })

/** What an achievement tells of itself on its page and in no document. */
export const AchievementAbout = z
  .strictObject({
    ...story,
    criteriaItems: z.array(CriterionItem).optional(),
    workload: Workload.optional(),
  })
  .meta({ id: 'AchievementAbout' })

export const AchievementCheck = z
  .strictObject({
    publishable: z.boolean().describe('Nothing that its type of badge must have is missing.'),
    missing: z.array(
      z.strictObject({
        pointer: z.string().describe('JSON Pointer into the definition.'),
        reason: z
          .string()
          .describe('`missing`, `must-be-micro-credential`, `basis-missing`, or as `gap` of an advice.'),
      }),
    ),
    advice: z
      .array(
        z.strictObject({
          item: z.string().describe('Id of the criterion.'),
          pointer: z.string(),
          letter: z.enum(['specific', 'measurable', 'acceptable', 'realistic', 'time-bound']),
          gap: z.string(),
          text: z.strictObject({ en: z.string(), nl: z.string() }),
        }),
      )
      .describe('What criteria lack of being SMART.'),
  })
  .meta({
    id: 'AchievementCheck',
    examples: [
      {
        publishable: false,
        missing: [{ pointer: '/audience', reason: 'missing' }],
        advice: [
          {
            item: 'practical',
            pointer: '/criteriaItems/0/due',
            letter: 'time-bound',
            gap: 'due-missing',
            text: {
              en: 'Time-bound: say by when, or within which term.',
              nl: 'Tijdgebonden: zeg wanneer, of binnen welke termijn.',
            },
          },
        ],
      },
    ],
  })

/** When and why a person retired or withdrew a version. */
export const AchievementEnd = z
  .strictObject({ at: Time, reason: z.string().nullable().describe('Public.') })
  .meta({ id: 'AchievementEnd' })

export const AchievementStanding = z
  .strictObject({
    id: z.string().describe('Its own address: that of the achievement, and `/standing`.'),
    achievement: z.string().describe('The id of the achievement in badges.'),
    issuer: z.string().describe('The DID of who speaks here.'),
    versions: z.array(
      z.strictObject({
        version: z.string(),
        state: z.enum(['published', 'retired', 'withdrawn']),
        endedAt: Time.optional().describe('When a person retired or withdrew it.'),
        reason: z.string().optional().describe('Why, as it was given.'),
      }),
    ),
  })
  .meta({
    id: 'AchievementStanding',
    examples: [
      {
        id: 'https://badges.example.org/achievements/0197a2c0-0000-7000-8000-000000000001/standing',
        achievement: 'https://badges.example.org/achievements/0197a2c0-0000-7000-8000-000000000001',
        issuer: 'did:web:badges.example.org:issuers:sample',
        versions: [
          {
            version: '1',
            state: 'withdrawn',
            endedAt: '2026-11-25T10:00:00.000Z',
            reason: 'The test was leaked.',
          },
          { version: '2', state: 'published' },
        ],
      },
    ],
  })

export const AchievementVersion = z
  .strictObject({
    id: Id,
    version: z.int(),
    state: z.enum(['draft', 'in_review', 'approved', 'published', 'retired', 'withdrawn']),
    definition: AchievementDefinition,
    revision: z.int(),
    digest: z.string().nullable().describe('SHA-256 of the published Achievement document, hexadecimal.'),
    publishedAt: Time.nullable(),
    frozenAt: Time.nullable().describe('First award: from then on the version never changes.'),
    end: AchievementEnd.nullable().describe(
      'How a person ended it; null also for one that gave way to a newer version.',
    ),
  })
  .meta({ id: 'AchievementVersion' })

const Remark = text(2000)
export const Note = z.strictObject({ note: Remark.optional() }).optional()
export const Reason = z.strictObject({ reason: Remark })
export const OptionalReason = z.strictObject({ reason: Remark.optional() }).optional()
export const Comment = z.strictObject({ text: Remark })
export const AchievementStep = z
  .strictObject({
    id: Id,
    kind: z.enum(['submitted', 'commented', 'approved', 'returned', 'published', 'retired', 'withdrawn']),
    revision: z.int().describe('The edit of the draft that it is about.'),
    text: z.string().nullable(),
    actor: z.string().describe('`account:ID` or `key:ID`.'),
    at: Time,
  })
  .meta({
    id: 'AchievementStep',
    examples: [
      {
        id: '0197a2c0-0000-7000-8000-000000000001',
        kind: 'returned',
        revision: 3,
        text: 'Say by when the practical is done.',
        actor: 'account:0197a2c0-0000-4000-8000-000000000002',
        at: '2026-11-26T09:30:00Z',
      },
    ],
  })

export const NewAchievement = z.strictObject({ issuerId: Id, slug: Slug, definition: AchievementDefinition })
export const Listing = z
  .enum(['unlisted', 'listed', 'copyable'])
  .describe(
    'Whether the catalogue shows it; `copyable`: every organisation may make a draft of its own of it besides.',
  )
export const Achievement = z
  .strictObject({
    id: Id,
    issuerId: Id,
    unitId: Id.describe(
      'On which rights to this one achievement are granted: in memberships, invitations, API keys and webhooks.',
    ),
    slug: z.string(),
    page: z.string().describe('The achievement’s id in documents, and its public page.'),
    createdAt: Time,
    listing: Listing,
    copiedFrom: z
      .strictObject({
        organisationId: Id,
        organisationName: z.string(),
        achievementId: Id,
        version: z.int(),
        digest: z.string().describe('SHA-256 of the document that was copied.'),
      })
      .nullable()
      .describe('Of a copy: where it comes from, as that was then. It follows no later change.'),
    versions: z.array(AchievementVersion),
  })
  .meta({ id: 'Achievement' })

export const AchievementNamesQuery = PageQuery.extend({
  limit: z.coerce.number().int().min(1).max(1000).default(1000),
})

export const AchievementName = z
  .strictObject({
    id: Id,
    issuerId: Id,
    slug: z.string(),
    name: LocalisedText.describe('Of its newest version.'),
    language: LanguageTag.describe('In which there always is a name.'),
    published: z
      .strictObject({ id: Id, version: z.int() })
      .nullable()
      .describe('The version that is awarded.'),
  })
  .meta({
    id: 'AchievementName',
    examples: [
      {
        id: '10c0c24c-e1e5-444e-8cc0-68790a06dfa9',
        issuerId: '6be38335-bc27-456a-91b5-532600e426ec',
        slug: 'first-aid',
        name: { en: 'First aid', nl: 'EHBO' },
        language: 'en',
        published: { id: '01a215ab-6116-7054-b827-b9d12780c6ec', version: 2 },
      },
    ],
  })

const IMAGE = { id: z.string(), url: z.string(), mediaType: z.string() }
const imageExample = {
  id: '6d1a5f0c9e8b7a6d5c4b3a29181716151413121110090807060504030201ffee',
  url: 'https://badges.example.org/images/6d1a5f0c9e8b7a6d5c4b3a29181716151413121110090807060504030201ffee.png',
  mediaType: 'image/png',
}

export const UploadedImage = z
  .strictObject({
    ...IMAGE,
    removed: z
      .array(z.enum(['badge', 'metadata', 'animation', 'trailing-bytes']))
      .describe(
        'What else was in the file and is not kept: a baked badge, metadata (also a colour profile), moving pictures, bytes behind its end.',
      ),
  })
  .meta({ id: 'UploadedImage', examples: [{ ...imageExample, removed: ['metadata'] }] })

export const DrawnImage = z
  .strictObject({
    ...IMAGE,
    textFits: z
      .boolean()
      .describe('Whether all of the text is on it, without a word that is broken; the rest is an ellipsis.'),
    contrast: z
      .strictObject({ text: z.number(), graphics: z.number() })
      .describe('Of name and ground (at least 4.5), and of border or symbol and ground (at least 3).'),
  })
  .meta({
    id: 'DrawnImage',
    examples: [{ ...imageExample, textFits: true, contrast: { text: 10.6, graphics: 8.02 } }],
  })
