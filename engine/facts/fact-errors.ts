import { defineError } from '#engine/errors/define-error.ts'
import type { FactFault } from './fact-faults.ts'

export const factErrors = {
  factsInvalid: defineError<{ faults: readonly FactFault[] }>(
    'facts-invalid',
    422,
    false,
    'A fact has faults; each is listed with its own code and place. Nothing was recorded.',
    ({ faults }) =>
      `The facts have ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}: ` +
      `${faults[0]?.message ?? 'they cannot be read.'} (${faults[0]?.path || '/'})`,
  ),
  tableInvalid: defineError<{ row: number; reason: string }>(
    'table-invalid',
    422,
    false,
    'The table cannot be read, or has too many rows: see `row` (0 is the header) and `reason`. Nothing was recorded.',
    ({ row, reason }) => `The table cannot be read at row ${row}: ${reason}.`,
  ),
  codeUnknown: defineError(
    'code-unknown',
    404,
    false,
    'There is no such claim code. Look at it again; who tries too many wrong ones is stopped for a while.',
    () => 'There is no such code. Look at it again.',
  ),
  codeNotYet: defineError<{ from: string }>(
    'code-not-yet',
    409,
    true,
    'The claim code counts from a later moment on: see `from`.',
    ({ from }) => `This code counts from ${from} on.`,
  ),
  codeExpired: defineError<{ since: string }>(
    'code-expired',
    410,
    false,
    'The claim code counts no more: its time is over, or somebody has ended it. Ask whoever gave it to you.',
    ({ since }) => `This code has counted until ${since}.`,
  ),
  codeUsedUp: defineError(
    'code-used-up',
    409,
    false,
    'The claim code was redeemed as often as it may be. Ask whoever gave it to you.',
    () => 'This code was redeemed as often as it may be.',
  ),
  nominationOfOneself: defineError(
    'nomination-of-oneself',
    422,
    false,
    'Nobody nominates themselves.',
    () => 'You cannot nominate yourself.',
  ),
  foreignBadgeInvalid: defineError<{ report: object }>(
    'foreign-badge-invalid',
    422,
    false,
    'The badge does not verify: `report` says which check failed. Nothing was recorded.',
    () => 'The badge does not verify.',
  ),
  foreignBadgeUndecided: defineError<{ report: object }>(
    'foreign-badge-undecided',
    409,
    true,
    'It could not be told whether the badge is valid: `report` says which check could not be made. Where another server was away, try again later. Nothing was recorded.',
    () => 'The badge could not be checked.',
  ),
  foreignBadgeIssuerUnknown: defineError<{ issuer: string; report: object }>(
    'foreign-badge-issuer-unknown',
    409,
    false,
    'The signature holds, but this server does not know the issuer. If you do, name it with ?issuer=ID. Nothing was recorded.',
    ({ issuer }) =>
      `The badge is signed by ${issuer}, who is not known here. Name the issuer if you know it.`,
  ),
  foreignBadgeUnfit: defineError<{ reason: string }>(
    'foreign-badge-unfit',
    422,
    false,
    'The credential verifies, but it is no badge that a rule could ask for.',
    ({ reason }) => `This cannot count as a badge: ${reason}.`,
  ),
  foreignBadgeTaken: defineError<{ reason: 'another-person' | 'another-document' }>(
    'foreign-badge-taken',
    409,
    false,
    'The badge is recorded for another person, or by another document under the same id. Take that back first if it was a mistake.',
    ({ reason }) =>
      reason === 'another-person'
        ? 'This badge is recorded for another person.'
        : 'Another document of the same badge is recorded for this person.',
  ),
} as const
