import type { FrameworkFormat } from '#engine/achievements/frameworks/framework-format.ts'
import {
  PART_BYTES,
  type RowFault,
  readFrameworkPart,
} from '#engine/achievements/frameworks/read-framework-part.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { FrameworkId } from '#engine/shared/ids.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { FileJobSteps, FileStep } from '#services/job-control/job-kind.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { FrameworkImport } from '#services/ports/framework-import-store.ts'
import type { ImportedFramework } from '#services/ports/framework-store.ts'
import type { Job } from '#services/ports/job-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import { type DescribedFramework, NOTHING } from './import-frameworks.ts'

export interface FrameworkImportJobNeeds {
  readonly clock: Clock
  readonly random: Random
  readonly audit: AuditTrail
}

/** Faults that are told one by one; all are counted. */
const MOST_FAULTS = 1000
/** What one statement takes. */
const AT_ONCE = 2000

/**
 * Reads the file of an import, a part in each transaction, and keeps its targets aside. The last transaction puts all of
 * them in their place: before it nothing of the framework is seen, and a job that is cancelled or fails leaves nothing.
 */
export const createFrameworkImportJob = (needs: FrameworkImportJobNeeds): FileJobSteps => ({
  readOn: async (stores, job) => {
    const found = await stores.frameworkImports.ofJob(job.organisationId, job.id)
    if (found === undefined) throw errors.notFound({ what: 'file of the job', id: job.id })
    return found.cursor.at === 'end' ? publish(needs, stores, job, found) : readPart(stores, job, found)
  },
})

async function readPart(stores: Stores, job: Job, found: FrameworkImport): Promise<FileStep> {
  const { format, framework } = inputOf(job)
  const { position } = found.cursor
  const bytes = await stores.frameworkImports.read(found, position, PART_BYTES)
  const part = readFrameworkPart(format, found.cursor, bytes, position + bytes.length >= job.total)
  if (!part.ok) return refused(job, part)
  const faults: RowFault[] = [...part.faults]
  for (let from = 0; from < part.targets.length; from += AT_ONCE) {
    const twice = await stores.frameworkImports.keep(found, part.targets.slice(from, from + AT_ONCE))
    faults.push(...[...twice].map((row) => ({ row, code: 'code-twice' }) as const))
  }
  await stores.frameworkImports.moveOn(found, part.next)
  const before = progressOf(job)
  const refusedRows = before.refused + faults.length
  const told = [...before.faults, ...faults.toSorted((one, other) => one.row - other.row)]
  const result = {
    framework: framework.slug,
    edition: framework.edition,
    imported: part.next.row - refusedRows,
    refused: refusedRows,
    faults: told.slice(0, MOST_FAULTS).map((fault) => ({ ...fault })),
  }
  const isEnd = part.next.at === 'end'
  if (isEnd && result.imported === 0) return refused({ ...job, result }, NOTHING)
  return { outcome: 'further', done: isEnd ? job.total : part.next.position, result }
}

async function publish(
  { clock, random, audit }: FrameworkImportJobNeeds,
  stores: Stores,
  job: Job,
  found: FrameworkImport,
): Promise<FileStep> {
  const { organisationId, createdBy } = job
  const { format, framework: described } = inputOf(job)
  const at = clock.now()
  const wanted: ImportedFramework = {
    ...described,
    organisationId,
    id: random.rowId() as FrameworkId,
    format: format.kind,
    importedBy: createdBy,
    importedAt: at,
  }
  const framework = { ...wanted, id: await stores.frameworks.save(wanted) }
  const imported = await stores.frameworkImports.publish(found, framework)
  const { dropped, kept } = await stores.frameworks.dropOlder(framework)
  await audit(stores, {
    organisationId,
    at,
    actor: createdBy,
    action: 'framework.imported',
    targetType: 'framework',
    targetId: framework.id,
    detail: { slug: framework.slug, edition: framework.edition, imported },
  })
  return { outcome: 'over', result: { ...job.result, imported, dropped, kept } }
}

const refused = (job: Job, { row, reason }: { readonly row: number; readonly reason: string }): FileStep => ({
  outcome: 'failed',
  error: 'framework-unreadable',
  result: { ...job.result, row, reason },
})

const inputOf = ({ input }: Job) =>
  input as unknown as { readonly format: FrameworkFormat; readonly framework: DescribedFramework }

function progressOf({ result }: Job): {
  readonly refused: number
  readonly faults: readonly JsonObject[]
} {
  const { refused: count, faults } = result
  return {
    refused: typeof count === 'number' ? count : 0,
    faults: Array.isArray(faults) ? (faults as JsonObject[]) : [],
  }
}
