import { achievementBytes } from '#engine/credentials/achievement-document.ts'
import { describeInLanguage } from './describe-achievement.ts'
import type { PublishedAchievement } from './published-achievements.ts'

/** The Achievement document in a language that its badges tell it in; undefined for every other. */
export function documentInLanguage(
  { version, issuer, test }: PublishedAchievement,
  language = version.definition.language,
): Uint8Array | undefined {
  const { achievementId, definition } = version
  if (language === definition.language) return version.document
  const described = describeInLanguage(issuer, achievementId, version.version, { definition, language })
  return described === undefined ? undefined : achievementBytes(described, test)
}
