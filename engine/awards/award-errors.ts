import { defineError } from '#engine/errors/define-error.ts'

export const awardErrors = {
  receiptNotReady: defineError<{ state: string }>(
    'receipt-not-ready',
    409,
    true,
    'The leaf is not on chain yet. Batches close on a schedule; ask again after the next one.',
    ({ state }) =>
      `There is no receipt yet: the batch is ${state === 'waiting' ? 'still open' : state}. Ask again later.`,
  ),
  claimInvalid: defineError(
    'claim-invalid',
    404,
    false,
    'The claim link is unknown, or a newer one was sent. Use the link of the newest mail, or sign in.',
    () => 'This claim link does not work.',
  ),
  claimOver: defineError<{ state: string }>(
    'claim-over',
    409,
    false,
    'The badge was claimed or rejected already, or the time for it is over.',
    ({ state }) => `This claim is ${state}.`,
  ),
} as const
