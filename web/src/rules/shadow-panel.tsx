import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { path, read } from '#web/api/client.ts'
import type { ShadowReport } from '#web/api/wire.ts'
import { Loading } from '#web/components/loading.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { ShareBar } from '#web/components/share-bar.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { recordsKey } from '#web/console/use-records.ts'
import { useFormat } from '#web/i18n/use-format.ts'

const LOOK_MS = 5_000

/** What a version in shadow decided beside the one in force. */
export function ShadowPanel({ ruleId, version }: { readonly ruleId: string; readonly version: number }) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const { id: organisation } = useOrganisation()
  const report = useQuery({
    queryKey: [...recordsKey(organisation), 'rules', ruleId, 'shadow', version],
    queryFn: () =>
      read<ShadowReport>(path`/v1/rules/${ruleId}/versions/${String(version)}/shadow`, { organisation }),
    refetchInterval: LOOK_MS,
  })
  const title = t('rules:shadow.title', { version })
  return (
    <Panel title={title}>
      {report.isPending && <Loading />}
      {report.isError && <ProblemAlert error={report.error} onRetry={() => void report.refetch()} />}
      {report.data !== undefined && (
        <Stack>
          <Text>{t('rules:shadow.since', { time: moment(report.data.since) })}</Text>
          {report.data.both + report.data.onlyShadow + report.data.onlyActive === 0 ? (
            <Text>{t('rules:shadow.nobody')}</Text>
          ) : (
            <ShareBar
              caption={title}
              heads={[t('rules:dryRun.share'), t('rules:dryRun.people')]}
              parts={[
                { label: t('rules:shadow.both'), count: report.data.both, tone: 'kept' },
                { label: t('rules:shadow.onlyShadow'), count: report.data.onlyShadow, tone: 'more' },
                { label: t('rules:shadow.onlyActive'), count: report.data.onlyActive, tone: 'fewer' },
              ]}
            />
          )}
        </Stack>
      )}
    </Panel>
  )
}
