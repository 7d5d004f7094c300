import { defineError } from '#engine/errors/define-error.ts'

export const directAwardErrors = {
  directAwardOpen: defineError<{ directAwardId: string; state: string; possible: readonly string[] }>(
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
  bundleUndoOver: defineError<{ until: string; state: string; possible: readonly string[] }>(
    'direct-award-bundle-undo-over',
    409,
    false,
    'A list can be undone for a short time after its last row was awarded. Delete or revoke its direct awards one by one.',
    ({ until }) => `The last of this list could be undone until ${until}.`,
  ),
  bundleUndone: defineError<{ state: string; possible: readonly string[] }>(
    'direct-award-bundle-undone',
    409,
    false,
    'Somebody has undone this list. `GET /v1/direct-award-bundles/{id}/rows` says what became of each row.',
    ({ state }) => (state === 'undone' ? 'This list was undone.' : 'This list is being undone.'),
  ),
  directAwardUndoOver: defineError<{ until: string; state: string; possible: readonly string[] }>(
    'direct-award-undo-over',
    409,
    false,
    'A direct award can be undone for a short time after it was made. Delete it instead.',
    ({ until }) => `It could be undone until ${until}. Delete it instead.`,
  ),
} as const
