import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { path, read } from '#web/api/client.ts'
import type { CredentialViews } from '#web/api/wire.ts'
import { CountBars } from '#web/components/count-bars.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useFormat } from '#web/i18n/use-format.ts'

/** For the earner: how often the badge was opened by others. Who they were is not known here either. */
export function ViewCounts({ credentialId }: { readonly credentialId: string }) {
  const { t } = useTranslation()
  const { day } = useFormat()
  const { data, error, refetch } = useQuery({
    queryKey: ['credential-views', credentialId],
    queryFn: () => read<CredentialViews>(path`/v1/credentials/${credentialId}/views`),
  })
  return (
    <Panel title={t('credentials:views.title')}>
      <Text>{t('credentials:views.lead')}</Text>
      {error !== null && <ProblemAlert error={error} onRetry={() => void refetch()} />}
      {data !== undefined && <Text>{t('credentials:views.total', { count: data.total })}</Text>}
      {data !== undefined && data.days.length > 0 && (
        <CountBars
          caption={t('credentials:views.caption')}
          heads={[t('credentials:views.day'), t('credentials:views.count')]}
          counts={data.days.map((each) => ({
            label: `${day(each.day)}, ${t(`credentials:views.channels.${each.channel}`)}`,
            count: each.views,
          }))}
        />
      )}
    </Panel>
  )
}
