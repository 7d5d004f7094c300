import type { FrameworkId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { LocalisedText } from '#engine/shared/localised-text.ts'

/** A framework that an organisation took from a published file. */
export interface ImportedFramework {
  readonly organisationId: OrganisationId
  readonly id: FrameworkId
  /** Its name in the API. */
  readonly slug: string
  readonly format: 'case' | 'esco' | 'table'
  readonly name: string
  readonly targetType: string
  readonly publisher: string
  readonly source: string
  readonly licence: string
  readonly edition: string
  readonly importedBy: string
  readonly importedAt: Instant
}

export interface ImportedTarget {
  readonly framework: ImportedFramework
  readonly code: string
  readonly name: LocalisedText
  readonly url?: string
}

export interface FrameworkStore {
  list(
    organisationId: OrganisationId,
  ): Promise<readonly { readonly framework: ImportedFramework; readonly targets: number }[]>
  /** Puts it in the place of the one of that slug, which keeps its id. Nobody else imports it until the transaction ends. */
  save(framework: ImportedFramework): Promise<FrameworkId>
  /** Drops targets of other editions, but those that an achievement is aligned to. Answers how many of each. */
  dropOlder(framework: ImportedFramework): Promise<{ readonly dropped: number; readonly kept: number }>
  /** Targets with all of these words in their names, codes or framework. */
  search(
    organisationId: OrganisationId,
    words: readonly string[],
    slug: string | undefined,
    limit: number,
  ): Promise<readonly ImportedTarget[]>
}
