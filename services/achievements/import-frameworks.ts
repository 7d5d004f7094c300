import { actorOf, type Principal } from '#engine/access/rights.ts'
import type { FrameworkFormat } from '#engine/achievements/frameworks/framework-format.ts'
import {
  FILE_START,
  PART_BYTES,
  readFrameworkPart,
} from '#engine/achievements/frameworks/read-framework-part.ts'
import { FRAMEWORKS } from '#engine/achievements/frameworks/search-targets.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { concat } from '#engine/shared/bytes.ts'
import { HOUR_MS } from '#engine/shared/duration.ts'
import type { FrameworkImportId, OrganisationId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { StartJob } from '#services/job-control/start-job.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { FrameworkImport } from '#services/ports/framework-import-store.ts'
import type { ImportedFramework } from '#services/ports/framework-store.ts'
import type { Job } from '#services/ports/job-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'

export interface ImportFrameworksNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly audit: AuditTrail
  readonly startJob: StartJob
  readonly wakeUps: WakeUps
}

/** What a file does not say of itself. */
export type DescribedFramework = Pick<
  ImportedFramework,
  'slug' | 'name' | 'targetType' | 'publisher' | 'source' | 'licence' | 'edition'
>

/** No request takes as long: what began before that to come in, does so no more. */
const LOST_AFTER_MS = HOUR_MS

/**
 * Takes a file as it comes in, a part in each transaction, and starts the job that reads it. Nothing of it is seen before
 * the job is done. Throws `forbidden`, `framework-bundled`, `framework-import-running`, and `framework-unreadable` where
 * the beginning of the file tells that it is none of this format.
 */
export const createImportFrameworks =
  ({ database, clock, random, audit, startJob, wakeUps }: ImportFrameworksNeeds) =>
  async (
    principal: Principal,
    organisationId: OrganisationId,
    file: AsyncIterable<Uint8Array>,
    format: FrameworkFormat,
    described: DescribedFramework,
  ): Promise<Job> => {
    // 1. May it be? All that can be known before the file is here.
    const made: FrameworkImport = {
      organisationId,
      id: random.rowId() as FrameworkImportId,
      slug: described.slug,
      cursor: FILE_START,
      createdAt: clock.now(),
    }
    await database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'update', organisationId)
      if (FRAMEWORKS.some(({ id }) => id === described.slug))
        throw errors.frameworkBundled({ framework: described.slug })
      await refuseSecond(stores, made)
      await stores.frameworkImports.discardLost(organisationId, asInstant(made.createdAt - LOST_AFTER_MS))
      await stores.frameworkImports.insert(made)
    })
    try {
      // 2. Take the file: no transaction is open while the next part is awaited.
      let size = 0
      for await (const { bytes, isLast } of partsOf(file)) {
        if (size === 0) refuseUnreadable(format, bytes, isLast)
        const position = size
        await database.inOrganisation(organisationId, (stores) =>
          stores.frameworkImports.putPart(made, position, bytes),
        )
        size += bytes.length
      }
      // 3. Start, unless somebody else was faster with the same framework.
      const job = await database.inOrganisation(organisationId, async (stores) => {
        await refuseSecond(stores, made)
        const started = await startJob(stores, {
          organisationId,
          kind: 'framework_import',
          input: { format: { ...format }, framework: { ...described } },
          total: size,
          result: { framework: described.slug, edition: described.edition },
          createdBy: actorOf(principal),
        })
        await stores.frameworkImports.handOver(made, started.id)
        await audit(stores, {
          organisationId,
          at: clock.now(),
          actor: actorOf(principal),
          action: 'framework.import_started',
          targetType: 'job',
          targetId: started.id,
          detail: { slug: described.slug, edition: described.edition, bytes: size },
        })
        return started
      })
      await wakeUps.wake('jobs')
      return job
    } catch (error) {
      await database.inOrganisation(organisationId, (stores) => stores.frameworkImports.discard(made))
      throw error
    }
  }

async function refuseSecond(stores: Stores, { organisationId, slug }: FrameworkImport): Promise<void> {
  const jobId = await stores.frameworkImports.running(organisationId, slug)
  if (jobId !== undefined) throw errors.frameworkImportRunning({ framework: slug, jobId })
}

/** A header that does not fit, or other bytes, are told at once. */
function refuseUnreadable(format: FrameworkFormat, bytes: Uint8Array, isLast: boolean): void {
  const read = readFrameworkPart(format, FILE_START, bytes, isLast)
  if (!read.ok) throw errors.frameworkUnreadable({ row: read.row, reason: read.reason })
  if (read.next.at === 'end' && read.targets.length === 0) throw errors.frameworkUnreadable(NOTHING)
}

/** What is wrong with a file of which no row can be read. */
export const NOTHING = { row: 1, reason: 'nothing in it can be read' } as const

/** Parts of one size, but the last; at least one. */
async function* partsOf(
  file: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ readonly bytes: Uint8Array; readonly isLast: boolean }> {
  let waiting: Uint8Array[] = []
  let length = 0
  for await (const chunk of file) {
    waiting.push(chunk)
    length += chunk.length
    if (length <= PART_BYTES) continue
    const together = concat(...waiting)
    let from = 0
    // The last one is held back: only what follows tells that it is not the last.
    for (; together.length - from > PART_BYTES; from += PART_BYTES)
      yield { bytes: together.slice(from, from + PART_BYTES), isLast: false }
    waiting = [together.slice(from)]
    length = together.length - from
  }
  yield { bytes: concat(...waiting), isLast: true }
}
