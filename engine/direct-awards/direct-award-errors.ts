import { defineError } from '#engine/errors/define-error.ts'

export const directAwardErrors = {
  directAwardOpen: defineError<{ directAwardId: string; state: string }>(
    'direct-award-open',
    409,
    false,
    'The same badge is on offer to the same identifier already. Send that one again, change it or delete it.',
    ({ directAwardId, state }) =>
      `The direct award ${directAwardId} of this badge to this identifier is ${state}. Send it again, change it or delete it.`,
  ),
  directAwardState: defineError<{ state: string; possible: readonly string[] }>(
    'direct-award-state',
    409,
    false,
    'The direct award is in a state in which this cannot be done: see `state`. `possible` says what can be done.',
    ({ state, possible }) =>
      `The direct award is ${state}. ${possible.length === 0 ? 'Nothing can be done about it any more.' : `What can be done: ${possible.join(', ')}.`}`,
  ),
  directAwardUndoOver: defineError<{ until: string; state: string; possible: readonly string[] }>(
    'direct-award-undo-over',
    409,
    false,
    'A direct award can be undone for a short time after it was made. Delete it instead.',
    ({ until }) => `It could be undone until ${until}. Delete it instead.`,
  ),
} as const
