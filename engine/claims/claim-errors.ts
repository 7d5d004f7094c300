import { defineError } from '#engine/errors/define-error.ts'

export const claimErrors = {
  claimMismatch: defineError<{ identifier: string }>(
    'claim-mismatch',
    409,
    false,
    'The badge was sent to another identifier than those of whoever is signed in. Prove that one too (`POST /v1/account/identity-codes` or `POST /v1/claims/{token}/code`), ask the awarder (`POST /v1/claims/{token}/confirmations`), or sign out and open the link again.',
    ({ identifier }) => `This badge was sent to ${identifier}, and you are signed in with something else.`,
  ),
  claimMatches: defineError(
    'claim-matches',
    409,
    false,
    'Whoever is signed in has proven the identifier to which the badge was sent. There is nothing to confirm: accept it.',
    () => 'This badge was sent to you. Accept it.',
  ),
  confirmationExists: defineError<{ id: string }>(
    'confirmation-exists',
    409,
    false,
    'The awarder was asked already, and has not answered yet.',
    () => 'The awarder was asked already. Wait for the answer, or withdraw the question.',
  ),
  confirmationOver: defineError<{ state: string; possible: readonly string[] }>(
    'confirmation-over',
    409,
    false,
    'The question to the awarder is answered, withdrawn or over: see `state`. `possible` says what can still be done.',
    ({ state }) => `This question is ${state}: there is nothing left to decide.`,
  ),
} as const
