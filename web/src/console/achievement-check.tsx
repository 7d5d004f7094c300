import { Button, List, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { act } from '#web/api/client.ts'
import type { AchievementDefinition, AchievementCheck as Check } from '#web/api/wire.ts'
import { Notice } from '#web/components/notice.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useOrganisation } from './organisation-context.ts'

/** Asks what a definition lacks, as it stands in the form. Saves nothing. */
export function AchievementCheck({ definition }: { readonly definition: () => AchievementDefinition }) {
  const { t, i18n } = useTranslation()
  const { id: organisation } = useOrganisation()
  const check = useMutation({
    mutationFn: () => act<Check>('/v1/achievements/check', { definition: definition() }, { organisation }),
  })
  const { missing = [], advice = [] } = check.data ?? {}
  return (
    <Stack gap="sm">
      <div>
        <Button variant="default" loading={check.isPending} onClick={() => check.mutate()}>
          {t('console:achievementStory.check')}
        </Button>
      </div>
      {check.isError && <ProblemAlert error={check.error} />}
      {check.data !== undefined && missing.length === 0 && advice.length === 0 && (
        <Notice tone="good" role="status" title={t('console:achievementStory.complete')} />
      )}
      {missing.length > 0 && (
        <Notice tone="bad" role="status" title={t('console:achievementStory.missing')}>
          <List>
            {missing.map(({ pointer }) => (
              <List.Item key={pointer}>
                <code>{pointer}</code>
              </List.Item>
            ))}
          </List>
        </Notice>
      )}
      {advice.length > 0 && (
        <Notice tone="doubt" role="status" title={t('console:achievementStory.advice')}>
          <List>
            {advice.map(({ pointer, gap, text }) => (
              <List.Item key={pointer + gap}>
                <code>{pointer}</code> {i18n.language.startsWith('nl') ? text.nl : text.en}
              </List.Item>
            ))}
          </List>
        </Notice>
      )}
    </Stack>
  )
}
