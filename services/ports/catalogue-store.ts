import type { RecognisedKind } from '#engine/achievements/achievement-definition.ts'
import type { Workload } from '#engine/achievements/workload.ts'
import type { AchievementId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { LocalisedText } from '#engine/shared/localised-text.ts'
import type { PageRequest, PageStart } from './page.ts'

/** What is asked of the catalogue. Filters hold together; several values of one filter are alternatives. */
export interface CatalogueFilter {
  /** Words that must all be there, in any language, as they stand or in another form of Dutch or English. */
  readonly text?: string
  readonly chosen: Readonly<Record<CatalogueFacet, readonly string[]>>
  /** Of the workload: an ECTS credit is 28 hours, as Dutch law has it. */
  readonly hoursMin?: number
  readonly hoursMax?: number
}

export const CATALOGUE_FACETS = [
  'badgeType',
  'language',
  'eqf',
  'nlqf',
  'framework',
  'issuer',
  'recognises',
  'recognisedThrough',
  'participation',
] as const
export type CatalogueFacet = (typeof CATALOGUE_FACETS)[number]

export interface CatalogueEntry {
  readonly organisationId: OrganisationId
  readonly id: AchievementId
  readonly version: number
  readonly publishedAt: Instant
  readonly language: string
  readonly name: LocalisedText
  readonly description: LocalisedText
  readonly image?: string
  readonly badgeType?: string
  readonly recognises: readonly RecognisedKind[]
  readonly recognisedThrough?: string
  readonly workload?: Workload
  readonly eqf: readonly string[]
  readonly nlqf: readonly string[]
  readonly isCopyable: boolean
  readonly isSample: boolean
  readonly issuer: { readonly slug: string; readonly name: string; readonly origin: string }
}

export interface FacetCount {
  readonly facet: CatalogueFacet
  readonly value: string
  readonly count: number
}

export interface CataloguePage {
  readonly items: readonly CatalogueEntry[]
  readonly next?: PageStart
  readonly total: number
  /** How many there are of each value, with all filters but that of the facet itself. */
  readonly facets: readonly FacetCount[]
}

/** Across organisations, for workers only: what is listed is published to everybody. */
export interface CatalogueStore {
  /** Newest first. */
  search(filter: CatalogueFilter, page: PageRequest): Promise<CataloguePage>
}
