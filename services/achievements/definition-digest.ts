import type { AchievementDefinition } from '#engine/achievements/achievement-definition.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { Hash } from '#engine/shared/hash.ts'
import type { Json } from '#engine/shared/json.ts'

/** What a version says, as one number: SHA-256 of its canonical JSON (RFC 8785). A draft has no document yet. */
export const definitionDigest = (definition: AchievementDefinition, sha256: Hash): Uint8Array =>
  sha256(utf8(canonicalJson(definition as unknown as Json)))
