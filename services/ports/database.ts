import type { OrganisationId } from '#engine/shared/ids.ts'
import type { EventIntake } from './event-intake.ts'
import type { Stores } from './stores.ts'

/**
 * The only ways to a connection. All run `work` in one transaction: it commits when `work` returns and rolls back
 * when it throws. What lost a race (a deadlock, a unique key that was taken first) is run again, so `work` touches
 * nothing but its stores.
 * Throws `database-unavailable` (503, retry).
 */
export interface Database {
  /** Row-level security lets through the rows of this organisation and no others. */
  inOrganisation<T>(organisationId: OrganisationId, work: (stores: Stores) => Promise<T>): Promise<T>
  /** As `inOrganisation`, for work that writes nothing: all that it reads is of one moment. */
  readingInOrganisation<T>(organisationId: OrganisationId, work: (stores: Stores) => Promise<T>): Promise<T>
  /** For work that belongs to no single organisation: claim loops, signing in, public pages by id. */
  asWorker<T>(work: (stores: Stores) => Promise<T>): Promise<T>
  /** For events that come in: what `inOrganisation` is, with what they need and no more. */
  takingEvents<T>(organisationId: OrganisationId, work: (intake: EventIntake) => Promise<T>): Promise<T>
  /** Answers when the database does; throws otherwise. */
  ping(): Promise<void>
}
