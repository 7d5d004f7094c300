import { Button, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Achievement } from '#web/api/wire.ts'
import { SharedAchievements } from '#web/shares/shared-achievements.tsx'
import { AchievementEditor, type EditedAchievement } from './achievement-editor.tsx'
import { AchievementRecord } from './achievement-record.tsx'
import { RecordList } from './record-list.tsx'
import { useRecords } from './use-records.ts'

export function AchievementsSection() {
  const { t } = useTranslation()
  const achievements = useRecords<Achievement>('achievements')
  const [edited, setEdited] = useState<EditedAchievement>()
  return (
    <Stack gap="lg">
      {edited === undefined ? (
        <div>
          <Button onClick={() => setEdited({ kind: 'new' })}>{t('console:achievements.create')}</Button>
        </div>
      ) : (
        <AchievementEditor edited={edited} onClose={() => setEdited(undefined)} />
      )}
      <SharedAchievements />
      <RecordList records={achievements}>
        {(achievement) => (
          <AchievementRecord key={achievement.id} achievement={achievement} onEdit={setEdited} />
        )}
      </RecordList>
    </Stack>
  )
}
