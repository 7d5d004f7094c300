import { readStanding, standingAddress } from '#engine/verification/achievement-standing.ts'
import type { AchievementFact } from '#engine/verification/verification-facts.ts'
import type { CredentialSummary } from '#engine/verification/verification-report.ts'
import type { AchievementStandingSource } from '#services/ports/verification-sources.ts'

/**
 * Asks whether the issuer still stands behind the version that a badge was given by.
 * Call it only for a document whose proof holds: it fetches from an address that the document names. The issuer learns
 * that a badge of this achievement is looked at, and not which.
 */
export async function checkAchievement(
  { achievement }: CredentialSummary,
  issuerId: string,
  source: AchievementStandingSource | undefined,
): Promise<AchievementFact> {
  const { id: achievementId, version } = achievement ?? {}
  if (source === undefined || achievementId === undefined || version === undefined)
    return { kind: 'not-looked-up' }
  const question = { achievementId, version, issuerId }
  const address = standingAddress(question)
  if (address === undefined) return { kind: 'not-looked-up' }
  const found = await source.fetchStanding(address)
  if (found === 'not_found') return { kind: 'not-looked-up' }
  return found === 'unavailable' ? { kind: 'unavailable' } : readStanding(found, question)
}
