import type { BundleUndoOutcome } from '#engine/direct-awards/bundle-undo.ts'
import type { DirectAwardPolicy } from '#engine/direct-awards/direct-award-schedule.ts'
import type { Identifier } from '#engine/events/identifier.ts'
import type {
  AchievementId,
  AchievementVersionId,
  DirectAwardBundleId,
  DirectAwardId,
  IssuerId,
  OrganisationId,
} from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { DirectAwardContent } from './direct-award-store.ts'
import type { Page, PageRequest } from './page.ts'

/** What is wrong with a row, and where: never what stood there. */
export interface RowFault {
  readonly column: string
  readonly code: string
  readonly message: string
}

/** What a row asks for. */
export interface WantedRow extends Omit<DirectAwardContent, 'language'> {
  readonly identifier: Identifier
  readonly language?: string
}

export type BundleRow =
  | { readonly number: number; readonly state: 'waiting'; readonly wanted: WantedRow }
  | {
      readonly number: number
      readonly state: 'awarded'
      readonly directAwardId: DirectAwardId
      /** What became of it when the list was undone. */
      readonly undo?: BundleUndoOutcome
    }
  | { readonly number: number; readonly state: 'refused'; readonly faults: readonly RowFault[] }

/** That somebody undoes a list. */
export interface BundleUndo {
  readonly askedAt: Instant
  /** As in the audit trail. */
  readonly askedBy: string
  /** When each of its rows had been looked at. */
  readonly doneAt?: Instant
}

/** Many direct awards of one badge, from a list. `awarded + refused = total` once it is done. */
export interface DirectAwardBundle {
  readonly organisationId: OrganisationId
  readonly id: DirectAwardBundleId
  readonly issuerId: IssuerId
  readonly achievementId: AchievementId
  readonly achievementVersionId: AchievementVersionId
  readonly name: string
  readonly state: 'running' | 'done'
  readonly language?: string
  readonly message?: string
  readonly scheduledAt?: Instant
  readonly policy: DirectAwardPolicy
  readonly total: number
  readonly awarded: number
  readonly refused: number
  readonly createdBy: string
  readonly createdAt: Instant
  readonly finishedAt?: Instant
  readonly undo?: BundleUndo
}

export interface DirectAwardBundleStore {
  insert(bundle: DirectAwardBundle, rows: readonly BundleRow[]): Promise<void>
  find(id: DirectAwardBundleId): Promise<DirectAwardBundle | undefined>
  /** Newest first; `among`: of no other achievements than these. */
  list(
    organisationId: OrganisationId,
    page: PageRequest,
    among?: readonly AchievementId[],
  ): Promise<Page<DirectAwardBundle>>
  /** In the order of the list, behind a number. */
  rows(
    id: DirectAwardBundleId,
    filter: { readonly state?: BundleRow['state']; readonly after: number; readonly limit: number },
  ): Promise<readonly BundleRow[]>

  /** Nobody else changes it until the commit. */
  lock(id: DirectAwardBundleId): Promise<DirectAwardBundle | undefined>
  /** Has a locked one undone: what waits is refused for this reason, and what was awarded is looked at by the worker. */
  askUndo(bundle: DirectAwardBundle, undo: BundleUndo, fault: RowFault): Promise<void>
  /** Claims one that is to be undone, as `claim` does. */
  claimUndo(
    last: OrganisationId | undefined,
  ): Promise<(DirectAwardBundle & { readonly undo: BundleUndo }) | undefined>
  /** Awarded rows that were not looked at yet, in the order of the list. */
  rowsToUndo(
    id: DirectAwardBundleId,
    limit: number,
  ): Promise<readonly { readonly number: number; readonly directAwardId: DirectAwardId }[]>
  /** What became of these; the undoing is done when none is left. Answers whether it is. Only of one that is claimed. */
  settleUndo(
    bundle: DirectAwardBundle,
    rows: readonly { readonly number: number; readonly undo: BundleUndoOutcome }[],
    at: Instant,
  ): Promise<boolean>
  undoCounts(id: DirectAwardBundleId): Promise<Readonly<Record<BundleUndoOutcome, number>>>

  /**
   * Claims a running bundle (`FOR UPDATE SKIP LOCKED`): locked until the transaction ends. Organisations take turns, so that
   * a long list of one holds up no other: of the first one behind `last` the bundle that was made first.
   */
  claim(last: OrganisationId | undefined): Promise<DirectAwardBundle | undefined>
  /** The same for this one, whoever has locked it: waits for them. Undefined where it is done. */
  lockRunning(id: DirectAwardBundleId): Promise<DirectAwardBundle | undefined>
  /** What became of rows that waited; the bundle is done when none is left. Only of one that is claimed or locked. */
  settle(
    bundle: DirectAwardBundle,
    rows: readonly Exclude<BundleRow, { state: 'waiting' }>[],
    at: Instant,
  ): Promise<void>
}
