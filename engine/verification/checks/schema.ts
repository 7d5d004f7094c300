import type { VerificationFacts } from '#engine/verification/verification-facts.ts'
import type { Check } from '#engine/verification/verification-report.ts'
import { check } from './check.ts'

/**
 * A breach is told and does not decide: signature, status and dates say whether a badge stands, and a badge of another
 * issuer with a home-made achievement type is unaltered all the same. Ours are held to the schema before they are signed.
 * What names a schema itself, by 1EdTech's type, is to be held to it (Open Badges 3.0, "OpenBadgeCredential Verification", step 1).
 */
export function judgeSchema({ schemaFaults, namedSchema }: VerificationFacts): Check {
  if (schemaFaults === undefined) {
    return check(
      'schema',
      'not_applicable',
      'no-schema',
      'No Open Badges 3.0 schema covers this kind of document.',
    )
  }
  const [first] = schemaFaults
  if (first === undefined && namedSchema?.unknown !== undefined) {
    const detail = `The document conforms to the Open Badges 3.0 schema. It also names ${namedSchema.unknown}, which is not known here.`
    return { ...check('schema', 'unknown', 'schema-unknown', detail), informs: true }
  }
  if (first === undefined)
    return check(
      'schema',
      'passed',
      'schema-conforms',
      'The document conforms to the Open Badges 3.0 schema.',
    )
  const detail = `The document breaks the Open Badges 3.0 schema: ${first.path || '/'} ${first.message}.`
  return namedSchema?.isPinned !== true
    ? { ...check('schema', 'failed', 'schema-breached', detail), informs: true }
    : check('schema', 'failed', 'named-schema-breached', detail)
}
