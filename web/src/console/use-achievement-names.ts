import { useTranslation } from 'react-i18next'
import type { Achievement } from '#web/api/wire.ts'
import { useRecords } from './use-records.ts'

/** What an achievement is called, in the reader's language where its author gave one. */
export function achievementName({ slug, versions }: Achievement, language: string): string {
  const definition = versions.at(-1)?.definition
  if (definition === undefined) return slug
  return definition.name[language] ?? definition.name[definition.language] ?? slug
}

/** Names by id, for lists that hold ids. */
export function useAchievementNames(): (id: string) => string {
  const { language } = useTranslation().i18n
  const { items = [] } = useRecords<Achievement>('achievements')
  const names = new Map(items.map((each) => [each.id, achievementName(each, language)]))
  return (id) => names.get(id) ?? id
}
