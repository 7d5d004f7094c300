import { isJsonArray, type JsonObject } from '#engine/shared/json.ts'

const TYPES = ['OpenBadgeCredential', 'AchievementCredential', 'EndorsementCredential']

/** 1EdTech's schema wants the proof of these as an array; W3C's tests want it of all others as one object. */
export function wantsProofArray({ type = null }: JsonObject): boolean {
  return isJsonArray(type) && TYPES.some((name) => type.includes(name))
}
