import * as z from 'zod'
import { Id, LanguageTag, LocalisedText, Slug, Time, text } from './common.ts'

const TARGET_TYPE =
  /^(?:ceasn:Competency|ceterms:Credential|CFItem|CFRubric|CFRubricCriterion|CFRubricCriterionLevel|CTDL|ext:[a-zA-Z0-9_-]+)$/

const Alignment = z.strictObject({
  targetName: text(300),
  targetUrl: z.url({ protocol: /^https?$/ }).max(1000),
  targetType: z
    .string()
    .max(100)
    .regex(TARGET_TYPE)
    .optional()
    .describe('Of the Open Badges vocabulary, or `ext:…`.'),
  targetFramework: z.string().max(300).optional(),
  targetCode: z.string().max(100).optional(),
  targetDescription: z.string().max(2000).optional(),
})

const RESULT_TYPE =
  /^(?:GradePointAverage|LetterGrade|Percent|PerformanceLevel|PredictedScore|RawScore|Result|RubricCriterion|RubricCriterionLevel|RubricScore|ScaledScore|Status|ext:[a-zA-Z0-9_-]+)$/

const ResultDescription = z.strictObject({
  id: Slug.describe('Rules name it; unique in the achievement.'),
  name: LocalisedText,
  type: z.string().max(100).regex(RESULT_TYPE).describe('Of the Open Badges vocabulary, or `ext:…`.'),
  valueMin: text(50).optional(),
  valueMax: text(50).optional(),
  requiredValue: text(50).optional(),
})

const ACHIEVEMENT_TYPE =
  /^(?:Achievement|ApprenticeshipCertificate|Assessment|Assignment|AssociateDegree|Award|Badge|BachelorDegree|Certificate|CertificateOfCompletion|Certification|CommunityService|Competency|Course|CoCurricular|Degree|Diploma|DoctoralDegree|Fieldwork|GeneralEducationDevelopment|JourneymanCertificate|LearningProgram|License|MasterCertificate|MasterDegree|Membership|MicroCredential|ProfessionalDoctorate|QualityAssuranceCredential|ResearchDoctorate|SecondarySchoolDiploma|ext:[a-zA-Z0-9_-]+)$/

export const AchievementDefinition = z
  .strictObject({
    language: LanguageTag.default('en').describe('The language in which credentials are issued.'),
    name: LocalisedText,
    description: LocalisedText,
    criteria: LocalisedText.describe('Markdown.'),
    achievementType: z.string().regex(ACHIEVEMENT_TYPE).default('Badge'),
    tags: z.array(text(60)).max(50).default([]),
    alignments: z.array(Alignment).max(50).default([]),
    image: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional()
      .describe('Id of an uploaded PNG (POST /v1/images). Default: a drawn badge.'),
    imageAlt: LocalisedText.optional(),
    validFor: z
      .string()
      .max(20)
      .optional()
      .describe('ISO 8601 duration, such as P2Y; from when it was earned, by the calendar of UTC.'),
    resultDescriptions: z
      .array(ResultDescription)
      .max(20)
      .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'Each id stands once')
      .optional()
      .describe('What a badge can say of how well it was earned. A rule fills it in.'),
  })
  .meta({ id: 'AchievementDefinition' })

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
  })
  .meta({ id: 'AchievementVersion' })

export const NewAchievement = z.strictObject({ issuerId: Id, slug: Slug, definition: AchievementDefinition })
export const Achievement = z
  .strictObject({
    id: Id,
    issuerId: Id,
    slug: z.string(),
    page: z.string().describe('The achievement’s id in documents, and its public page.'),
    createdAt: Time,
    versions: z.array(AchievementVersion),
  })
  .meta({ id: 'Achievement' })

export const Image = z
  .strictObject({ id: z.string(), url: z.string(), mediaType: z.string() })
  .meta({ id: 'Image' })
