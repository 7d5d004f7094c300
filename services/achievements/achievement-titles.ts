import type { Language } from '#engine/rules/explain/phrases.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import type { Stores } from '#services/ports/stores.ts'

/** What the achievements of an organisation are called in each language, by slug. */
export type AchievementTitles = Readonly<Record<Language, Readonly<Record<string, string>>>>

export async function achievementTitles(
  stores: Stores,
  organisationId: OrganisationId,
): Promise<AchievementTitles> {
  const achievements = await stores.achievements.list(organisationId)
  const published = await stores.achievements.published(achievements.map(({ id }) => id))
  const slugOf = new Map(achievements.map(({ id, slug }) => [id, slug]))
  const titlesIn = (language: Language) =>
    Object.fromEntries(
      published.map(({ achievementId, definition }) => [
        slugOf.get(achievementId) ?? '',
        textIn(definition.name, language, definition.language),
      ]),
    )
  return { en: titlesIn('en'), nl: titlesIn('nl') }
}

/** As `explainInWords` takes them. */
export const titlesFor = (titles: AchievementTitles, language: Language): ReadonlyMap<string, string> =>
  new Map(Object.entries(titles[language]))
