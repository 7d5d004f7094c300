import { Button, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { path, read } from '#web/api/client.ts'
import type { Elsewhere as Ways } from '#web/api/wire.ts'
import { CopyField } from '#web/components/copy-field.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'

interface ElsewhereProps {
  readonly credentialId: string
  /** The token of a link, where the badge itself is private. */
  readonly share?: string
}

/** For the earner: LinkedIn, a letter, a page of their own. */
export function Elsewhere({ credentialId, share }: ElsewhereProps) {
  const { t, i18n } = useTranslation()
  const { language } = i18n
  const { data, error } = useQuery({
    queryKey: ['elsewhere', credentialId, share, language],
    queryFn: () => read<Ways>(path`/v1/credentials/${credentialId}/elsewhere`, { share, language }),
  })
  return (
    <Panel title={t('collections:elsewhere.title')} order={3}>
      <Stack gap="sm">
        <Text>{t('collections:elsewhere.lead')}</Text>
        {error !== null && <ProblemAlert error={error} />}
        {data !== undefined && (
          <>
            <Group gap="xs">
              <Button
                component="a"
                href={data.linkedIn}
                target="_blank"
                rel="noopener noreferrer"
                variant="default"
              >
                {t('collections:elsewhere.linkedIn')}
              </Button>
              <Button component="a" href={data.mailto} variant="default">
                {t('collections:elsewhere.mail')}
              </Button>
            </Group>
            <CopyField label={t('collections:elsewhere.embed')} value={data.embed} />
          </>
        )}
      </Stack>
    </Panel>
  )
}
