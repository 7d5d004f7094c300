import * as z from 'zod'
import { BADGE_TYPES, RECOGNISED_KINDS } from '#engine/achievements/achievement-definition.ts'
import { CATALOGUE_FACETS } from '#services/ports/catalogue-store.ts'
import { AchievementDefinition } from './achievements.ts'
import { Id, LanguageTag, LocalisedText, PageQuery, Slug, Time, text } from './common.ts'

const several = <T extends z.ZodType>(value: T) =>
  z.array(value).max(20).default([]).describe('Several are alternatives.')
const Hours = z.coerce.number().min(0).max(100_000)

export const CatalogueQuery = PageQuery.omit({ organisation: true }).extend({
  q: text(200)
    .optional()
    .describe('Words that must all be there, in any language; Dutch and English forms count.'),
  badgeType: several(z.enum(BADGE_TYPES)),
  language: several(LanguageTag),
  eqf: several(z.string().max(10)),
  nlqf: several(z.string().max(10)),
  framework: several(z.string().max(300)).describe('The name of a framework that it is aligned to.'),
  issuer: several(Slug),
  recognises: several(z.enum(RECOGNISED_KINDS)),
  recognisedThrough: several(z.enum(['process', 'result', 'both'])),
  participation: several(z.enum(['on-site', 'online', 'blended'])),
  hoursMin: Hours.optional().describe('Of the workload; an ECTS credit is 28 hours.'),
  hoursMax: Hours.optional(),
})

const CatalogueEntry = z.strictObject({
  id: Id,
  page: z.string(),
  version: z.int(),
  publishedAt: Time,
  language: z.string(),
  name: LocalisedText,
  description: LocalisedText,
  image: z.string().nullable(),
  badgeType: z.string().nullable(),
  recognises: z.array(z.string()),
  recognisedThrough: z.string().nullable(),
  workload: z.strictObject({ unit: z.string(), amount: z.number() }).nullable(),
  eqf: z.array(z.string()),
  nlqf: z.array(z.string()),
  copyable: z.boolean(),
  test: z.boolean(),
  issuer: z.strictObject({ slug: z.string(), name: z.string() }),
})

export const Catalogue = z
  .strictObject({
    items: z.array(CatalogueEntry),
    next: z.string().nullable(),
    total: z.int(),
    facets: z
      .array(
        z.strictObject({
          name: z.enum(CATALOGUE_FACETS),
          values: z.array(z.strictObject({ value: z.string(), count: z.int() })),
        }),
      )
      .describe('How many there are of each value, with all filters but that of the facet itself.'),
  })
  .meta({
    id: 'Catalogue',
    examples: [
      {
        items: [],
        next: null,
        total: 0,
        facets: [{ name: 'badgeType', values: [{ value: 'regular', count: 3 }] }],
      },
    ],
  })

export const ListingChange = z.strictObject({ listing: z.enum(['unlisted', 'listed', 'copyable']) })
export const NewShare = z
  .strictObject({
    organisation: z.union([Id, Slug]).describe('The other organisation, by id or slug.'),
    kind: z.enum(['view', 'copy']),
  })
  .meta({ id: 'NewShare', examples: [{ organisation: 'other-school', kind: 'copy' }] })
export const Share = z
  .strictObject({
    id: Id,
    achievementId: Id,
    versionId: Id,
    withOrganisation: Id,
    kind: z.enum(['view', 'copy']),
    sharedBy: z.string(),
    sharedAt: Time,
    withdrawnAt: Time.nullable(),
  })
  .meta({ id: 'Share' })
export const SharedAchievement = z
  .strictObject({
    shareId: Id,
    kind: z.enum(['view', 'copy']),
    sharedAt: Time,
    organisationName: z.string(),
    issuerName: z.string(),
    achievementId: Id,
    version: z.int(),
    state: z.enum(['published', 'retired', 'withdrawn']),
    digest: z.string(),
    definition: AchievementDefinition,
  })
  .meta({ id: 'SharedAchievement' })
export const NewCopy = z
  .strictObject({
    issuerId: Id.describe('Of one’s own.'),
    slug: Slug,
    shareId: Id.optional().describe('Of a share of the kind `copy`.'),
    achievementId: Id.optional().describe('Instead of it: of the catalogue, listed as `copyable`.'),
  })
  .refine(({ shareId, achievementId }) => (shareId === undefined) !== (achievementId === undefined), {
    message: 'Either shareId or achievementId',
    path: ['shareId'],
  })
  .meta({
    id: 'NewCopy',
    examples: [
      {
        issuerId: '0197a2c0-0000-4000-8000-000000000003',
        slug: 'first-aid',
        shareId: '0197a2c0-0000-7000-8000-000000000c01',
      },
    ],
  })
