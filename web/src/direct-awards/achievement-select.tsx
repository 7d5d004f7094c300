import { NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Achievement } from '#web/api/wire.ts'
import { achievementName } from '#web/console/use-achievement-names.ts'
import { useRecords } from '#web/console/use-records.ts'

interface AchievementSelectProps {
  readonly value: string
  readonly error?: string | undefined
  readonly onChange: (id: string) => void
}

/** Those that can be awarded: in their published versions. */
export function AchievementSelect({ value, error, onChange }: AchievementSelectProps) {
  const { t, i18n } = useTranslation()
  const { items = [] } = useRecords<Achievement>('achievements')
  const published = items.filter(({ versions }) => versions.some(({ state }) => state === 'published'))
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
