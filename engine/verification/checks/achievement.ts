import { formatInstant } from '#engine/shared/instant.ts'
import { unreachable } from '#engine/shared/never.ts'
import type { AchievementFact } from '#engine/verification/verification-facts.ts'
import type { Check, Outcome } from '#engine/verification/verification-report.ts'
import { check } from './check.ts'

/**
 * A withdrawn achievement makes no badge false: it says that the issuer does not stand behind the badge class any more,
 * and why. What becomes of single badges, revoking them says.
 */
export function judgeAchievement(achievement: AchievementFact): Check {
  const told = (outcome: Outcome, code: string, detail: string): Check => ({
    ...check('achievement', outcome, code, detail),
    informs: true,
  })
  switch (achievement.kind) {
    case 'not-looked-up':
      return told(
        'not_applicable',
        'achievement-not-looked-up',
        'Whether its issuer still stands behind the achievement was not looked up.',
      )
    case 'unavailable':
      return told(
        'unknown',
        'achievement-unavailable',
        'Whether its issuer still stands behind the achievement could not be looked up.',
      )
    case 'stands':
      return told(
        'passed',
        'achievement-stands',
        'The achievement is awarded in this version or a newer one.',
      )
    case 'retired':
      return told(
        'passed',
        'achievement-retired',
        'The achievement is no longer awarded; badges that were given stay what they are.',
      )
    case 'withdrawn':
      return {
        ...told(
          'failed',
          'achievement-withdrawn',
          `The issuer withdrew this version of the achievement at ${formatInstant(achievement.at)}. That alone takes no badge back.`,
        ),
        at: achievement.at,
        reason: achievement.reason,
      }
    default:
      return unreachable(achievement)
  }
}
