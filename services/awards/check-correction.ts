import { evidenceEntry } from '#engine/awards/award-evidence.ts'
import { unsayableResults } from '#engine/awards/award-results.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WantedChanges } from './after-issuing.ts'

/** Throws `correction-unfit` where the badge says all of it already: nothing is signed, and nobody is mailed, for that. */
export async function requireChange(stores: Stores, award: Award, changes: WantedChanges): Promise<void> {
  const definition = (await stores.achievements.version(award.achievementVersionId))?.definition
  const said = {
    narrative: award.narrative,
    evidence: (award.evidence ?? []).map(evidenceEntry),
    results: award.results ?? [],
    particulars: award.particulars ?? {},
    language: definition?.language,
    ...award.correction,
    validUntil: award.validUntil,
  }
  const now = asJson(said)
  if (canonicalJson({ ...now, ...asJson(changes) }) === canonicalJson(now))
    throw errors.correctionUnfit({ pointer: '/changes', reason: 'is what the badge says already' })
}

/** What is undefined is not there. */
const asJson = (value: object): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject

/** Throws `correction-unfit` for what the badge cannot say. */
export async function requireFitting(
  stores: Stores,
  award: Award,
  { results, language, validUntil }: WantedChanges,
  now: Instant,
): Promise<void> {
  const definition = (await stores.achievements.version(award.achievementVersionId))?.definition
  const refuse = (pointer: string, reason: string) => errors.correctionUnfit({ pointer, reason })
  if (validUntil !== undefined && validUntil <= now)
    throw refuse('/changes/validUntil', 'is over already; to end the badge, revoke it')
  const [strange] = unsayableResults(definition?.resultDescriptions ?? [], results ?? [])
  if (strange !== undefined)
    throw refuse(
      `/changes/results/${strange}`,
      `names "${results?.[strange]?.resultDescription}", which its achievement does not describe, or not with this value`,
    )
  if (language === undefined || definition === undefined) return
  for (const text of ['name', 'description', 'criteria'] as const)
    if (definition[text][language] === undefined)
      throw refuse('/changes/language', `is ${language}, and its achievement has no ${text} in that language`)
}
