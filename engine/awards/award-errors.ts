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
  credentialNotSigned: defineError<{ state: string }>(
    'credential-not-signed',
    409,
    true,
    'A badge that was claimed is signed in the background, most often within seconds: ask again. What was revoked before that has no document.',
    ({ state }) =>
      state === 'revoked'
        ? 'This badge was revoked before its document was signed: there is none.'
        : `This badge is still being issued (its award is ${state}): its document is not signed yet.`,
  ),
  claimInvalid: defineError(
    'claim-invalid',
    404,
    false,
    'The claim link is unknown, or a newer one was sent. Use the link of the newest mail, or sign in.',
    () => 'This claim link does not work.',
  ),
  claimOver: defineError<{ state: string; possible: readonly string[] }>(
    'claim-over',
    409,
    false,
    'The badge was claimed or rejected already, or taken back, or the time for it is over: see `parameters.state`. What was claimed is with whoever claimed it (`sign_in`); of anything else ask whoever awarded it: there is nothing to do with this claim (`parameters.possible` is empty).',
    ({ state, possible }) =>
      `This claim is ${state}. ${possible.length === 0 ? 'Ask whoever awarded it.' : 'Sign in to see the badge.'}`,
  ),
  awardState: defineError<{ state: string; isSigning: boolean; possible: readonly string[] }>(
    'award-state',
    409,
    true,
    'The state of the award does not allow this step; the problem names the state and what is possible in it. While an edition is being signed (a matter of seconds) some steps have to wait: try again.',
    ({ state, isSigning, possible }) =>
      `The award is ${state}${isSigning ? ', and its next edition is being signed' : ''}. What is possible: ${possible.length === 0 ? 'nothing' : possible.join(', ')}.`,
  ),
  awardReplaced: defineError<{ awardId: string; by: string }>(
    'award-replaced',
    409,
    false,
    'Another award of the same person for the same occasion stands, or was decided about by a person. Nobody holds the same badge twice: look at that award.',
    ({ awardId, by }) => `The award ${awardId} cannot come back: the award ${by} has its place.`,
  ),
  awardRenewed: defineError<{ awardId: string; by: string }>(
    'award-renewed',
    409,
    false,
    'The award has been renewed already, by the award that the problem names. Renew that one when its time comes.',
    ({ awardId, by }) => `The award ${awardId} has been renewed, by the award ${by}.`,
  ),
  correctionUnfit: defineError<{ pointer: string; reason: string }>(
    'correction-unfit',
    422,
    false,
    'The correction asks for what this badge cannot say: a result that its achievement does not describe, a language in which it is not described, an end in the past, or nothing at all.',
    ({ pointer, reason }) => `This correction cannot be made: ${pointer} ${reason}.`,
  ),
  awardSelection: defineError<{ found: number; most: number }>(
    'award-selection',
    422,
    false,
    'The selection means no award that this could be done to, or too many for one person to have looked at. Choose others, or do it in parts.',
    ({ found, most }) =>
      found === 0
        ? 'The selection means no award to which this could be done.'
        : `The selection means more than ${most} awards. Do it in parts.`,
  ),
  repairTooLarge: defineError<{ events: number; most: number }>(
    'repair-too-large',
    422,
    false,
    'To say of each award whether it stands without, more events would have to be folded than one call may take. Look at the blast radius page by page, and name single awards under `awards`, or choose the same for every verdict: then nothing is folded.',
    ({ events, most }) =>
      `The people concerned have ${events} events, and one repair folds ${most} at most. Name the awards.`,
  ),
  awardChangeOver: defineError<{ state: string; possible: readonly string[] }>(
    'award-change-over',
    409,
    false,
    'The change was confirmed or withdrawn already, or nobody confirmed it within seven days: see `parameters.state`. What is possible is to prepare a new one (`prepare`).',
    ({ state }) => `This change of awards is ${state}.`,
  ),
  awardChangeMoved: defineError(
    'award-change-moved',
    409,
    false,
    'What would be done is not what was seen: the digest is another one, or awards have come, gone or changed since. Prepare it anew and look again.',
    () => 'What was seen is not what is there now. Prepare the change anew, and look at it again.',
  ),
} as const
