import type { Principal } from '#engine/access/rights.ts'
import type { Framework } from '#engine/achievements/frameworks/framework.ts'
import {
  type FoundTarget,
  FRAMEWORKS,
  searchTargets,
} from '#engine/achievements/frameworks/search-targets.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { Database } from '#services/ports/database.ts'

export interface TargetQuestion {
  readonly text: string
  readonly frameworkId?: string
  readonly language: string
  readonly limit: number
}

/** Frameworks, and what in them an achievement may be aligned to. */
export const createFindAlignmentTargets = ({ database }: { readonly database: Database }) => ({
  frameworks: (principal: Principal, organisationId: OrganisationId): Promise<readonly Framework[]> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'read', organisationId)
      return FRAMEWORKS
    }),

  search: (
    principal: Principal,
    organisationId: OrganisationId,
    { text, frameworkId, language, limit }: TargetQuestion,
  ): Promise<readonly FoundTarget[]> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'read', organisationId)
      const among = FRAMEWORKS.filter(({ id }) => frameworkId === undefined || id === frameworkId)
      return searchTargets(among, text, language).slice(0, limit)
    }),
})
