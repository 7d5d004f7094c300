import { useTranslation } from 'react-i18next'
import type { Achievement, AchievementName } from '#web/api/wire.ts'
import { useAllRecords } from './use-all-records.ts'

/** What an achievement is called, in the reader's language where its author gave one. */
export const achievementName = (
  { name, language: own, slug }: Pick<AchievementName, 'name' | 'language' | 'slug'>,
  language: string,
): string => name[language] ?? name[own] ?? slug

/** The same of one that comes with its versions. */
export function newestName({ slug, versions }: Achievement, language: string): string {
  const definition = versions.at(-1)?.definition
  return definition === undefined ? slug : achievementName({ ...definition, slug }, language)
}

/** All achievements of the organisation, to choose one. */
export const useNamedAchievements = (): readonly AchievementName[] =>
  useAllRecords<AchievementName>('achievement-names')

/** Names by id, for lists that hold ids. */
export function useAchievementNames(): (id: string) => string {
  const { language } = useTranslation().i18n
  const names = new Map(useNamedAchievements().map((each) => [each.id, achievementName(each, language)]))
  return (id) => names.get(id) ?? id
}
