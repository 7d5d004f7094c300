import type * as z from 'zod'
import type { AwardChange, AwardChangeItem } from '#api/schemas/award-changes.ts'
import { toHex } from '#engine/shared/bytes.ts'
import { asInstant, formatInstant } from '#engine/shared/instant.ts'
import type { AwardChangeView } from '#services/awards/change-awards.ts'
import type { AwardChangeItem as StoredItem } from '#services/ports/award-change-store.ts'
import { timeOrNull } from './shown.ts'

export const showAwardChange = (view: AwardChangeView): z.input<typeof AwardChange> => {
  const { change, counts } = view
  return {
    id: change.id,
    kind: change.kind,
    state: change.state === 'prepared' && view.isOver ? 'expired' : change.state,
    selection: showSelection(change.selection),
    reason: change.reason,
    note: change.note ?? null,
    digest: toHex(change.digest),
    count: counts.actions.revoke + counts.actions.reissue,
    actions: { ...counts.actions },
    outcome: { done: counts.done, left: counts.left, open: counts.open },
    needsSecondPerson: view.needsSecondPerson,
    preparedBy: change.preparedBy,
    createdAt: formatInstant(change.createdAt),
    expiresAt: formatInstant(change.expiresAt),
    decidedBy: change.decidedBy ?? null,
    decidedAt: timeOrNull(change.decidedAt),
    jobId: change.jobId ?? null,
  }
}

/** Moments as they were written, and not as they are kept. */
const showSelection = ({ ...selection }: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(selection).map(([name, value]) => [
      name,
      MOMENTS.has(name) && typeof value === 'number' ? formatInstant(asInstant(value)) : value,
    ]),
  )
const MOMENTS: ReadonlySet<string> = new Set(['grantedFrom', 'grantedBefore'])

export const showAwardChangeItem = (item: StoredItem): z.input<typeof AwardChangeItem> => ({
  awardId: item.awardId,
  subjectId: item.subjectId,
  action: item.action,
  revision: item.revision,
  outcome: item.outcome ?? null,
})
