import type { VerificationFacts } from '#engine/verification/verification-facts.ts'
import type { Check, Outcome, Verdict } from '#engine/verification/verification-report.ts'
import { check } from './check.ts'

/** Praise that does not hold takes nothing from the badge, so endorsements inform and never decide. */
export function judgeEndorsements({ endorsements, endorsementsLeftOut = 0 }: VerificationFacts): Check {
  const all = endorsements.length
  const of = (verdict: Verdict) =>
    endorsements.filter((endorsement) => endorsement.verdict === verdict).length
  const told = (outcome: Outcome, code: string, detail: string): Check => ({
    ...check('endorsements', outcome, code, detail),
    informs: true,
  })
  if (all === 0) return told('not_applicable', 'no-endorsements', 'No endorsement came with the document.')
  if (of('invalid') > 0)
    return told('failed', 'endorsement-does-not-hold', `${of('invalid')} of ${all} endorsements do not hold.`)
  if (endorsementsLeftOut > 0) {
    return told(
      'unknown',
      'endorsements-left-out',
      `Only the first ${all} of ${all + endorsementsLeftOut} endorsements were looked at.`,
    )
  }
  if (of('undecided') > 0) {
    return told(
      'unknown',
      'endorsement-undecided',
      `${of('undecided')} of ${all} endorsements could not be decided, as where the endorser is not known.`,
    )
  }
  return told(
    'passed',
    'endorsements-hold',
    all === 1 ? 'The endorsement holds.' : `All ${all} endorsements hold.`,
  )
}
