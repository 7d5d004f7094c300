import { defineError } from '#engine/errors/define-error.ts'
import type { EventFault } from './event-faults.ts'

export const eventErrors = {
  eventInvalid: defineError<{ faults: readonly EventFault[] }>(
    'event-invalid',
    422,
    false,
    'An event has faults; each is listed with its own code and place. Mend it at the source and send it again.',
    ({ faults }) =>
      `The event has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}: ` +
      `${faults[0]?.message ?? 'it cannot be read.'} (${faults[0]?.path || '/'})`,
  ),
  eventConflict: defineError<{
    conflicts: readonly { readonly index: number; readonly source: string; readonly sourceId: string }[]
  }>(
    'event-conflict',
    409,
    false,
    'The source has sent another event under the same id before. Ids of events are for ever: send a correction as a new event. Nothing of the batch was stored.',
    ({ conflicts }) =>
      `The source ${conflicts[0]?.source ?? ''} has sent another event with the id ${conflicts[0]?.sourceId ?? ''} before.`,
  ),
} as const
