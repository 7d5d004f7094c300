import type { AchievementId, UnitId } from '#engine/shared/ids.ts'

/**
 * The unit of an achievement, on which its rights are looked up: below that of its issuer, and with the achievement's id.
 * So a check of a right on an award, a rule or anything else that names its achievement needs no other question first.
 */
export const unitOfAchievement = (id: AchievementId): UnitId => id as string as UnitId
