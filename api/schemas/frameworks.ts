import * as z from 'zod'
import { Alignment } from './achievements.ts'
import { Id, LanguageTag, LocalisedText, Slug, text } from './common.ts'

export const Framework = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    targetType: z.string(),
    publisher: z.string(),
    source: z.string(),
    licence: z.string(),
    edition: z.string().nullable().describe('Of an imported one.'),
    targets: z.int().describe('How many there are.'),
    needsBasis: z.boolean().describe('An alignment to it says what its level rests on.'),
  })
  .meta({
    id: 'Framework',
    examples: [
      {
        id: 'greencomp',
        name: 'GreenComp: The European sustainability competence framework',
        targetType: 'ext:GreenComp',
        publisher: 'Joint Research Centre of the European Commission',
        source: 'https://doi.org/10.2760/13286',
        licence: 'CC BY 4.0',
        edition: null,
        targets: 12,
        needsBasis: false,
      },
    ],
  })

export const TargetQuery = z.strictObject({
  organisation: Id.optional(),
  q: z.string().max(200).default('').describe('Words that must all stand in it; none: everything.'),
  framework: z.string().max(60).optional().describe('Id of one framework.'),
  language: LanguageTag.default('en').describe('Of `targetName`, where there is a name in it.'),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})

export const AlignmentTarget = z
  .strictObject({
    framework: z.string(),
    name: LocalisedText,
    alignment: Alignment.describe('As a definition takes it.'),
    needsBasis: z.boolean().describe('Add `basis`: self-assessed, quality-assured or classified.'),
  })
  .meta({
    id: 'AlignmentTarget',
    examples: [
      {
        framework: 'eqf',
        name: { en: 'EQF level 4', nl: 'EQF-niveau 4' },
        alignment: {
          targetName: 'EQF level 4',
          targetUrl: 'http://data.europa.eu/snb/eqf/4',
          targetType: 'ext:EQF',
          targetFramework: 'European Qualifications Framework',
          targetCode: '4',
        },
        needsBasis: true,
      },
    ],
  })

export const ImportQuery = z.strictObject({
  organisation: Id.optional(),
  format: z.enum(['case', 'esco', 'table']).describe('`table`: any CSV, by the names of its columns.'),
  framework: Slug.describe('Its id in the API.'),
  name: text(300).describe('As `targetFramework` of alignments.'),
  targetType: z
    .string()
    .max(100)
    .regex(
      /^(?:CF(?:Item|Package|Rubric|RubricCriterion|RubricCriterionLevel)|ceterms:[a-zA-Z]+|ext:[a-zA-Z0-9_-]+)$/,
    ),
  publisher: text(300),
  source: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .describe('Where it is published.'),
  licence: text(300),
  edition: text(100).describe('As `1.2.0` or a day.'),
  language: LanguageTag.default('en').describe('Of the names in the file.'),
  codeColumn: text(100).default('code').describe('Of a `table`.'),
  nameColumn: text(100).default('name').describe('Of a `table`.'),
  urlColumn: text(100).optional().describe('Of a `table`.'),
})
