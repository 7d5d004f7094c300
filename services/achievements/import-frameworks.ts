import { actorOf, type Principal } from '#engine/access/rights.ts'
import {
  type FrameworkFormat,
  type RowFault,
  readFrameworkFile,
} from '#engine/achievements/frameworks/read-framework-file.ts'
import { FRAMEWORKS } from '#engine/achievements/frameworks/search-targets.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { FrameworkId, OrganisationId } from '#engine/shared/ids.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { ImportedFramework } from '#services/ports/framework-store.ts'
import type { Random } from '#services/ports/random.ts'

export interface ImportFrameworksNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly audit: AuditTrail
}

export interface FrameworkImport {
  readonly framework: ImportedFramework
  readonly imported: number
  readonly faults: readonly RowFault[]
  /** Of earlier editions: what was dropped, and what stayed because an achievement is aligned to it. */
  readonly dropped: number
  readonly kept: number
}

const AT_ONCE = 2000

/**
 * Takes the targets of a published file, in one step. Another language of the same edition adds names; a newer edition takes
 * the place of the one before. Throws `framework-bundled`, and `framework-unreadable` where nothing of it can be read.
 */
export const createImportFrameworks =
  ({ database, clock, random, audit }: ImportFrameworksNeeds) =>
  (
    principal: Principal,
    organisationId: OrganisationId,
    file: Uint8Array,
    format: FrameworkFormat,
    described: Pick<
      ImportedFramework,
      'slug' | 'name' | 'targetType' | 'publisher' | 'source' | 'licence' | 'edition'
    >,
  ): Promise<FrameworkImport> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'update', organisationId)
      if (FRAMEWORKS.some(({ id }) => id === described.slug))
        throw errors.frameworkBundled({ framework: described.slug })
      const read = readFrameworkFile(file, format)
      if (!read.ok) throw errors.frameworkUnreadable({ row: read.row, reason: read.reason })
      const at = clock.now()
      const wanted: ImportedFramework = {
        ...described,
        organisationId,
        id: random.rowId() as FrameworkId,
        format: format.kind,
        importedBy: actorOf(principal),
        importedAt: at,
      }
      const framework = { ...wanted, id: await stores.frameworks.save(wanted) }
      for (let from = 0; from < read.targets.length; from += AT_ONCE)
        await stores.frameworks.putTargets(
          organisationId,
          framework.id,
          framework.edition,
          read.targets.slice(from, from + AT_ONCE),
        )
      const older = await stores.frameworks.dropOlder(framework)
      await audit(stores, {
        organisationId,
        at,
        actor: actorOf(principal),
        action: 'framework.imported',
        targetType: 'framework',
        targetId: framework.id,
        detail: { slug: framework.slug, edition: framework.edition, imported: read.targets.length },
      })
      return { framework, imported: read.targets.length, faults: read.faults, ...older }
    })
