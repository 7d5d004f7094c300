import type { FileCursor, FileTarget } from '#engine/achievements/frameworks/read-framework-part.ts'
import type { FrameworkImportId, JobId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { ImportedFramework } from './framework-store.ts'

/** A file that comes in, or is read by a job. It is gone when that is over. */
export interface FrameworkImport {
  readonly organisationId: OrganisationId
  readonly id: FrameworkImportId
  readonly slug: string
  readonly cursor: FileCursor
  readonly createdAt: Instant
}

type Named = Pick<FrameworkImport, 'organisationId' | 'id'>

export interface FrameworkImportStore {
  insert(made: FrameworkImport): Promise<void>
  /** The job that imports it, where there is one. */
  running(organisationId: OrganisationId, slug: string): Promise<JobId | undefined>
  putPart(of: Named, position: number, bytes: Uint8Array): Promise<void>
  /** Hands the file to a job. Whoever is second for the same framework fails, and finds the first when it tries again. */
  handOver(of: Named, jobId: JobId): Promise<void>
  /** Throws a file away that no job reads. */
  discard(of: Named): Promise<void>
  /** Throws files away that began to come in before a moment, and never came whole. */
  discardLost(organisationId: OrganisationId, before: Instant): Promise<void>

  ofJob(organisationId: OrganisationId, jobId: JobId): Promise<FrameworkImport | undefined>
  /** At most so many bytes from a place on. */
  read(of: Named, position: number, most: number): Promise<Uint8Array>
  /** Keeps targets, and answers the rows of those whose code was there already. */
  keep(
    of: Named,
    targets: readonly { readonly row: number; readonly target: FileTarget }[],
  ): Promise<ReadonlySet<number>>
  moveOn(of: Named, cursor: FileCursor): Promise<void>
  /** Adds what was kept to a framework: targets, or names and addresses to those that are there. Answers how many. */
  publish(of: Named, framework: Pick<ImportedFramework, 'id' | 'edition'>): Promise<number>
}
