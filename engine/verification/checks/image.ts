import { unreachable } from '#engine/shared/never.ts'
import type { VerificationFacts } from '#engine/verification/verification-facts.ts'
import type { Check } from '#engine/verification/verification-report.ts'
import { check } from './check.ts'

/** A good badge under another picture shows what its issuer never gave. */
export function judgeImage({ picture }: VerificationFacts): Check {
  switch (picture) {
    case undefined:
      return check(
        'image',
        'not_applicable',
        'image-not-brought',
        'The document came without a picture around it.',
      )
    case 'same':
      return check('image', 'passed', 'image-fits', 'The picture is the very one that the document names.')
    case 'other':
      return check(
        'image',
        'failed',
        'image-swapped',
        'The picture is another than the one that the document names.',
      )
    case 'not-named':
      return check(
        'image',
        'not_applicable',
        'image-without-digest',
        'The document names no digest of its picture, so any picture may be around it.',
      )
    default:
      return unreachable(picture)
  }
}
