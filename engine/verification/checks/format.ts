import type { VerificationFacts } from '#engine/verification/verification-facts.ts'
import type { Check } from '#engine/verification/verification-report.ts'
import { check } from './check.ts'

/** Whether it is a verifiable credential at all. Nothing else is looked at where it is none. */
export function judgeFormat({ format }: VerificationFacts): Check {
  return format.kind === 'readable'
    ? check('format', 'passed', 'readable', 'The document is a verifiable credential.')
    : check('format', 'failed', format.code, format.detail)
}
