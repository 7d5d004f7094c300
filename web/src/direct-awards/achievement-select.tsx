import { NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { achievementName, useNamedAchievements } from '#web/console/use-achievement-names.ts'

interface AchievementSelectProps {
  readonly value: string
  readonly error?: string | undefined
  readonly onChange: (id: string) => void
}

/** Those that can be awarded: in their published versions. */
export function AchievementSelect({ value, error, onChange }: AchievementSelectProps) {
  const { t, i18n } = useTranslation()
  const published = useNamedAchievements().filter(({ published }) => published !== null)
  return (
    <NativeSelect
      label={t('directAwards:achievement')}
      required
      value={value}
      error={error}
      data={[
        { value: '', label: t('directAwards:choose') },
        ...published.map((each) => ({ value: each.id, label: achievementName(each, i18n.language) })),
      ]}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  )
}
