import type { Principal } from '#engine/access/rights.ts'
import {
  type FoundTarget,
  FRAMEWORKS,
  searchTargets,
} from '#engine/achievements/frameworks/search-targets.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import { requireRightSomewhere } from '#services/access/authorise.ts'
import type { Database } from '#services/ports/database.ts'
import type { ImportedTarget } from '#services/ports/framework-store.ts'

export interface TargetQuestion {
  readonly text: string
  readonly frameworkId?: string
  readonly language: string
  readonly limit: number
}

/** A framework without its targets. */
export interface FrameworkOverview {
  readonly id: string
  readonly name: string
  readonly targetType: string
  readonly publisher: string
  readonly source: string
  readonly licence: string
  /** Of an imported one. */
  readonly edition?: string
  readonly targets: number
}

/** Frameworks, and what in them an achievement may be aligned to. */
export const createFindAlignmentTargets = ({ database }: { readonly database: Database }) => ({
  /** Those that come along, and those that the organisation imported. */
  frameworks: (principal: Principal, organisationId: OrganisationId): Promise<readonly FrameworkOverview[]> =>
    database.inOrganisation(organisationId, async (stores) => {
      requireRightSomewhere(principal, 'read', organisationId)
      const imported = await stores.frameworks.list(organisationId)
      return [
        ...FRAMEWORKS.map(({ targets, ...framework }) => ({ ...framework, targets: targets.length })),
        ...imported.map(({ framework, targets }) => ({
          id: framework.slug,
          name: framework.name,
          targetType: framework.targetType,
          publisher: framework.publisher,
          source: framework.source,
          licence: framework.licence,
          edition: framework.edition,
          targets,
        })),
      ]
    }),

  search: (
    principal: Principal,
    organisationId: OrganisationId,
    { text, frameworkId, language, limit }: TargetQuestion,
  ): Promise<readonly FoundTarget[]> =>
    database.inOrganisation(organisationId, async (stores) => {
      requireRightSomewhere(principal, 'read', organisationId)
      const among = FRAMEWORKS.filter(({ id }) => frameworkId === undefined || id === frameworkId)
      const bundled = searchTargets(among, text, language).slice(0, limit)
      const words = text
        .toLowerCase()
        .split(/\s+/)
        .filter((word) => word !== '')
      const imported = await stores.frameworks.search(
        organisationId,
        words,
        frameworkId,
        limit - bundled.length,
      )
      return [...bundled, ...imported.map((target) => foundTarget(target, language))]
    }),
})

const foundTarget = ({ framework, code, name, url }: ImportedTarget, language: string): FoundTarget => ({
  frameworkId: framework.slug,
  name,
  alignment: {
    targetName: textIn(name, language, 'en'),
    targetUrl: url ?? framework.source,
    targetType: framework.targetType,
    targetFramework: framework.name,
    targetCode: code,
  },
})
