import { Anchor, List, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { PublicAchievement } from '#web/api/wire.ts'
import { Panel } from '#web/components/panel.tsx'

/** How many assess it and what they bring along; who they are only where they want that known. */
export function AchievementAssessors({ assessors }: Pick<PublicAchievement, 'assessors'>) {
  const { t } = useTranslation()
  if (assessors.length === 0) return null
  return (
    <Panel title={t('achievements:assessors')}>
      <Text>{t('achievements:assessed', { count: assessors.length })}</Text>
      <List>
        {assessors.map(({ qualification, evidenceUrl, name }, at) => (
          <List.Item key={at}>
            {name !== null && <strong>{name}: </strong>}
            {qualification}
            {evidenceUrl !== null && (
              <>
                {' '}
                <Anchor href={evidenceUrl} rel="nofollow noopener">
                  {t('achievements:evidence')}
                </Anchor>
              </>
            )}
          </List.Item>
        ))}
      </List>
    </Panel>
  )
}
