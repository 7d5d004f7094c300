import type { AchievementDefinition } from '#engine/achievements/achievement-definition.ts'
import type { AchievementId, OrganisationId } from '#engine/shared/ids.ts'
import { Prisma } from '#prisma'
import {
  CATALOGUE_FACETS,
  type CatalogueEntry,
  type CatalogueFacet,
  type CatalogueFilter,
  type CatalogueStore,
  type FacetCount,
} from '#services/ports/catalogue-store.ts'
import { instant, page as pageOf, type Transaction } from './rows.ts'

/** The values that an entry has of each facet, as a text array of `entry`. */
const VALUES: Readonly<Record<CatalogueFacet, Prisma.Sql>> = {
  badgeType: Prisma.sql`array_remove(ARRAY[definition->>'badgeType'], NULL)`,
  language: Prisma.sql`ARRAY[definition->>'language']`,
  eqf: levels('ext:EQF'),
  nlqf: levels('ext:NLQF'),
  framework: Prisma.sql`ARRAY(SELECT DISTINCT aligned->>'targetFramework'
    FROM jsonb_array_elements(definition->'alignments') aligned WHERE aligned ? 'targetFramework')`,
  issuer: Prisma.sql`ARRAY[issuer_slug]`,
  recognises: Prisma.sql`ARRAY(SELECT jsonb_array_elements_text(definition->'recognises'))`,
  recognisedThrough: Prisma.sql`array_remove(ARRAY[definition->>'recognisedThrough'], NULL)`,
  participation: Prisma.sql`array_remove(ARRAY[definition->>'participation'], NULL)`,
}

/** The columns of a facet: its values, and whether its filter lets an entry through. */
const COLUMNS: Readonly<
  Record<CatalogueFacet, { readonly values: Prisma.Sql; readonly matches: Prisma.Sql }>
> = {
  badgeType: { values: Prisma.sql`"v_badgeType"`, matches: Prisma.sql`"m_badgeType"` },
  language: { values: Prisma.sql`"v_language"`, matches: Prisma.sql`"m_language"` },
  eqf: { values: Prisma.sql`"v_eqf"`, matches: Prisma.sql`"m_eqf"` },
  nlqf: { values: Prisma.sql`"v_nlqf"`, matches: Prisma.sql`"m_nlqf"` },
  framework: { values: Prisma.sql`"v_framework"`, matches: Prisma.sql`"m_framework"` },
  issuer: { values: Prisma.sql`"v_issuer"`, matches: Prisma.sql`"m_issuer"` },
  recognises: { values: Prisma.sql`"v_recognises"`, matches: Prisma.sql`"m_recognises"` },
  recognisedThrough: {
    values: Prisma.sql`"v_recognisedThrough"`,
    matches: Prisma.sql`"m_recognisedThrough"`,
  },
  participation: { values: Prisma.sql`"v_participation"`, matches: Prisma.sql`"m_participation"` },
}

function levels(targetType: string): Prisma.Sql {
  return Prisma.sql`ARRAY(SELECT DISTINCT aligned->>'targetCode'
    FROM jsonb_array_elements(definition->'alignments') aligned
    WHERE aligned->>'targetType' = ${targetType} AND aligned ? 'targetCode')`
}

const HOURS_OF_ECTS = 28

export function catalogueStore(tx: Transaction): CatalogueStore {
  return {
    search: async (filter, request) => {
      const found = entries(filter)
      const { after } = request
      const rows = await tx.$queryRaw<EntryRow[]>`
        ${found} SELECT * FROM matching
        WHERE ${allBut(undefined)} ${
          after === undefined
            ? Prisma.empty
            : Prisma.sql`AND (published_at, id) < (${new Date(after.at)}, ${after.id}::uuid)`
        }
        ORDER BY published_at DESC, id DESC LIMIT ${request.limit + 1}`
      const counted = await tx.$queryRaw<{ facet: string; value: string | null; count: number }[]>`
        ${found} SELECT 'total' AS facet, NULL AS value, count(*)::int AS count FROM matching WHERE ${allBut(undefined)}
        ${Prisma.join(
          CATALOGUE_FACETS.map(
            (facet) => Prisma.sql`UNION ALL (SELECT ${facet}, value, count(*)::int FROM matching,
              unnest(${COLUMNS[facet].values}) AS value
              WHERE ${allBut(facet)} GROUP BY value ORDER BY count(*) DESC, value LIMIT 100)`,
          ),
          ' ',
        )}`
      return {
        ...pageOf(rows.map(entry), request.limit, (each) => each.publishedAt),
        total: counted.find(({ facet }) => facet === 'total')?.count ?? 0,
        facets: counted.flatMap(({ facet, value, count }) =>
          value === null ? [] : [{ facet, value, count } as FacetCount],
        ),
      }
    },
  }
}

/** Everything that is listed, with its values of each facet, and whether each filter lets it through. */
const entries = ({ text, chosen, hoursMin, hoursMax }: CatalogueFilter): Prisma.Sql => Prisma.sql`
  WITH listed AS (
    SELECT achievement.organisation_id, achievement.id, achievement.listing, version.version, version.published_at,
           version.definition, issuer.slug AS issuer_slug, issuer.name AS issuer_name, issuer.origin AS issuer_origin,
           organisation.sample
    FROM achievement
    JOIN achievement_version version ON version.organisation_id = achievement.organisation_id
      AND version.achievement_id = achievement.id AND version.state = 'published'
    JOIN issuer ON issuer.organisation_id = achievement.organisation_id AND issuer.id = achievement.issuer_id
    JOIN organisation ON organisation.id = achievement.organisation_id
    WHERE achievement.listing <> 'unlisted' AND issuer.state <> 'closed'
  ), entry AS (
    SELECT listed.*, ${Prisma.join(
      CATALOGUE_FACETS.map((facet) => Prisma.sql`${VALUES[facet]} AS ${COLUMNS[facet].values}`),
    )},
      (definition#>>'{workload,amount}')::numeric
        * CASE definition#>>'{workload,unit}' WHEN 'ects' THEN ${HOURS_OF_ECTS}::int ELSE 1 END AS hours,
      concat_ws(' ', issuer_name, definition->>'name', definition->>'description', definition->>'tags',
        definition->>'learningOutcomes', definition->>'audience', definition->>'humanCode') AS words
    FROM listed
  ), matching AS (
    SELECT entry.*, ${textMatches(text)} AS m_text,
      (${hoursMin ?? null}::numeric IS NULL OR hours >= ${hoursMin ?? null}::numeric)
        AND (${hoursMax ?? null}::numeric IS NULL OR hours <= ${hoursMax ?? null}::numeric) AS m_hours,
      ${Prisma.join(
        CATALOGUE_FACETS.map((facet) => {
          const values = [...chosen[facet]]
          const column = COLUMNS[facet].values
          const matches = values.length === 0 ? Prisma.sql`true` : Prisma.sql`${column} && ${values}::text[]`
          return Prisma.sql`${matches} AS ${COLUMNS[facet].matches}`
        }),
      )}
    FROM entry
  )`

/** Each word stands in it, or the words do in another form of Dutch or English. */
function textMatches(text: string | undefined): Prisma.Sql {
  const words = (text ?? '').split(/\s+/).filter((word) => word !== '')
  if (text === undefined || words.length === 0) return Prisma.sql`true`
  const each = words.map((word) => Prisma.sql`position(lower(${word}) IN lower(words)) > 0`)
  return Prisma.sql`((${Prisma.join(each, ' AND ')})
    OR to_tsvector('dutch', words) @@ plainto_tsquery('dutch', ${text})
    OR to_tsvector('english', words) @@ plainto_tsquery('english', ${text}))`
}

/** A facet counts what the other filters let through: otherwise nothing could be chosen besides. */
const allBut = (facet: CatalogueFacet | undefined): Prisma.Sql =>
  Prisma.join(
    [
      Prisma.sql`m_text`,
      Prisma.sql`coalesce(m_hours, false)`,
      ...CATALOGUE_FACETS.filter((each) => each !== facet).map((each) => COLUMNS[each].matches),
    ],
    ' AND ',
  )

interface EntryRow {
  readonly organisation_id: string
  readonly id: string
  readonly listing: string
  readonly version: number
  readonly published_at: Date
  readonly definition: AchievementDefinition
  readonly issuer_slug: string
  readonly issuer_name: string
  readonly issuer_origin: string
  readonly sample: boolean
  readonly v_eqf: readonly string[]
  readonly v_nlqf: readonly string[]
}

function entry(row: EntryRow): CatalogueEntry {
  const { language, name, description, image, badgeType, recognises, recognisedThrough, workload } =
    row.definition
  return {
    organisationId: row.organisation_id as OrganisationId,
    id: row.id as AchievementId,
    version: row.version,
    publishedAt: instant(row.published_at),
    language,
    name,
    description,
    ...(image === undefined ? {} : { image }),
    ...(badgeType === undefined ? {} : { badgeType }),
    recognises: recognises ?? [],
    ...(recognisedThrough === undefined ? {} : { recognisedThrough }),
    ...(workload === undefined ? {} : { workload }),
    eqf: row.v_eqf,
    nlqf: row.v_nlqf,
    isCopyable: row.listing === 'copyable',
    isSample: row.sample,
    issuer: { slug: row.issuer_slug, name: row.issuer_name, origin: row.issuer_origin },
  }
}
