import { unreachable } from '#engine/shared/never.ts'
import type { VerificationFacts } from '#engine/verification/verification-facts.ts'
import type { Check } from '#engine/verification/verification-report.ts'
import { check } from './check.ts'

/** Whoever asks wants to know it of this person, so the answer decides; a badge that names nobody leaves it open. */
export function judgeRecipient({ recipient }: VerificationFacts): Check {
  switch (recipient) {
    case undefined:
      return check(
        'recipient',
        'not_applicable',
        'recipient-not-asked',
        'Nobody was named to be compared with the one whom the document names.',
      )
    case 'yes':
      return check(
        'recipient',
        'passed',
        'recipient-matches',
        'The document names the one who was named here.',
      )
    case 'no':
      return check(
        'recipient',
        'failed',
        'recipient-differs',
        'The document names somebody else than the one who was named here.',
      )
    case 'unknown':
      return check(
        'recipient',
        'unknown',
        'recipient-not-told',
        'The document names nobody in a way that could be compared with the one who was named here.',
      )
    default:
      return unreachable(recipient)
  }
}
