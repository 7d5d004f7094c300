import { Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Achievement } from '#web/api/wire.ts'
import { MandateList } from '#web/assessors/mandate-list.tsx'
import { LinkButton } from '#web/components/link-button.tsx'
import { Pill } from '#web/components/pill.tsx'
import { ExpertRequestList } from '#web/expert-reviews/expert-request-list.tsx'
import { HolderList } from '#web/people/holder-list.tsx'
import { Sharing } from '#web/shares/sharing.tsx'
import type { EditedAchievement } from './achievement-editor.tsx'
import { AchievementLife } from './achievement-life.tsx'
import { AchievementSteps } from './achievement-steps.tsx'
import { Expandable } from './expandable.tsx'
import { Record } from './record.tsx'
import { newestName } from './use-achievement-names.ts'

interface AchievementRecordProps {
  readonly achievement: Achievement
  readonly onEdit: (edited: EditedAchievement) => void
}

export function AchievementRecord({ achievement, onEdit }: AchievementRecordProps) {
  const { t, i18n } = useTranslation()
  const name = newestName(achievement, i18n.language)
  const last = achievement.versions.at(-1)
  const edit = (edited: EditedAchievement) => {
    onEdit(edited)
    window.scrollTo({ top: 0 })
  }
  return (
    <Record
      title={name}
      facts={[
        { label: t('console:achievements.slug'), value: achievement.slug, code: true },
        { label: t('shares:copiedFrom'), value: achievement.copiedFrom?.organisationName },
      ]}
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
        <div key={version.version}>
          <Group gap="sm" mt="xs">
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
          <Group gap="sm" align="flex-start">
            <Expandable
              show={t('console:achievementLife.show')}
              hide={t('console:achievementLife.hide')}
              on={`${name}, ${version.version}`}
            >
              <AchievementSteps achievementId={achievement.id} version={version.version} />
            </Expandable>
            <Expandable
              show={t('expertRequests:show')}
              hide={t('expertRequests:hide')}
              on={`${name}, ${version.version}`}
            >
              <ExpertRequestList achievementId={achievement.id} version={version} />
            </Expandable>
          </Group>
        </div>
      ))}
      <Expandable show={t('assessors:show')} hide={t('assessors:hide')} on={name}>
        <MandateList achievementId={achievement.id} criteria={last?.definition.criteriaItems ?? []} />
      </Expandable>
      <Expandable show={t('people:showHolders')} hide={t('people:hideHolders')} on={name}>
        <HolderList unitId={achievement.unitId} />
      </Expandable>
      <Expandable show={t('shares:show')} hide={t('shares:hide')} on={name}>
        <Sharing achievement={achievement} />
      </Expandable>
    </Record>
  )
}
