import { Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Achievement } from '#web/api/wire.ts'
import { LinkButton } from '#web/components/link-button.tsx'
import { Pill } from '#web/components/pill.tsx'
import type { EditedAchievement } from './achievement-editor.tsx'
import { AchievementLife } from './achievement-life.tsx'
import { Record } from './record.tsx'
import { achievementName } from './use-achievement-names.ts'

interface AchievementRecordProps {
  readonly achievement: Achievement
  readonly onEdit: (edited: EditedAchievement) => void
}

export function AchievementRecord({ achievement, onEdit }: AchievementRecordProps) {
  const { t, i18n } = useTranslation()
  const name = achievementName(achievement, i18n.language)
  const last = achievement.versions.at(-1)
  const edit = (edited: EditedAchievement) => {
    onEdit(edited)
    window.scrollTo({ top: 0 })
  }
  return (
    <Record
      title={name}
      facts={[{ label: t('console:achievements.slug'), value: achievement.slug, code: true }]}
      actions={
        <>
          {achievement.versions.some(({ state }) => state === 'published') && (
            <LinkButton to={`/achievements/${achievement.id}`} size="xs" variant="default">
              {t('console:achievements.page')}
            </LinkButton>
          )}
          {last !== undefined && last.state === 'draft' && (
            <Button
              size="xs"
              variant="light"
              aria-label={`${t('console:achievements.edit')}: ${name}`}
              onClick={() => edit({ kind: 'draft', achievement, version: last })}
            >
              {t('console:achievements.edit')}
            </Button>
          )}
          {last !== undefined && last.publishedAt !== null && (
            <Button
              size="xs"
              variant="light"
              aria-label={`${t('console:achievements.newVersion')}: ${name}`}
              onClick={() => edit({ kind: 'version', achievement, version: last })}
            >
              {t('console:achievements.newVersion')}
            </Button>
          )}
        </>
      }
    >
      {achievement.versions.map((version) => (
        <Group key={version.version} gap="sm" mt="xs">
          <Text>{t('console:achievements.version', { version: version.version })}</Text>
          <Pill tone={version.state === 'published' ? 'good' : 'quiet'}>
            {t(`achievements:states.${version.state}`)}
          </Pill>
          {version.frozenAt !== null && (
            <Text size="sm" c="dimmed">
              {t('console:achievements.frozen')}
            </Text>
          )}
          <AchievementLife achievement={achievement} version={version} name={name} />
        </Group>
      ))}
    </Record>
  )
}
