import { formatInstant } from '#engine/shared/instant.ts'
import type { VerificationFacts } from '#engine/verification/verification-facts.ts'
import type { Check } from '#engine/verification/verification-report.ts'
import { check } from './check.ts'

/** Whether the moment lies between the dates of the document. */
export function judgeValidity({ credential, checkedAt }: VerificationFacts): Check {
  const { validFrom, validUntil } = credential ?? {}
  if (validFrom !== undefined && validFrom > checkedAt) {
    return check(
      'validity',
      'failed',
      'not-yet-valid',
      `The credential is valid from ${formatInstant(validFrom)} on.`,
    )
  }
  if (validUntil !== undefined && validUntil <= checkedAt) {
    return check('validity', 'failed', 'expired', `The credential expired at ${formatInstant(validUntil)}.`)
  }
  return validUntil === undefined
    ? check('validity', 'passed', 'no-end', 'The credential has begun and has no end.')
    : check('validity', 'passed', 'in-date', `The credential is valid until ${formatInstant(validUntil)}.`)
}
