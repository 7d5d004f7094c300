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
} as const
