import { NativeSelect, Stack, Text, Title } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { path, read } from '#web/api/client.ts'
import type { Rule, RuleHealth, RuleHealthReport } from '#web/api/wire.ts'
import { CountBars } from '#web/components/count-bars.tsx'
import { Facts } from '#web/components/facts.tsx'
import { Loading } from '#web/components/loading.tsx'
import { Notice } from '#web/components/notice.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { JobProgress } from '#web/console/job-progress.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { recordsKey } from '#web/console/use-records.ts'
import { useFormat } from '#web/i18n/use-format.ts'

const DAYS = [7, 30, 90, 365] as const
const LOOK_MS = 5_000

/** How the versions that look at events do, over so many days. */
export function HealthPanel({ rule }: { readonly rule: Rule }) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const [days, setDays] = useState('30')
  const report = useQuery({
    queryKey: [...recordsKey(organisation), 'rules', rule.id, 'health', days],
    queryFn: () => read<RuleHealthReport>(path`/v1/rules/${rule.id}/health`, { organisation, days }),
    placeholderData: keepPreviousData,
    refetchInterval: LOOK_MS,
  })
  return (
    <Panel title={t('rules:health.title')}>
      <Stack gap="lg">
        <NativeSelect
          maw="14rem"
          label={t('rules:health.days')}
          data={DAYS.map((count) => ({ value: String(count), label: t('rules:health.dayCount', { count }) }))}
          value={days}
          onChange={({ currentTarget }) => setDays(currentTarget.value)}
        />
        {report.isPending && <Loading />}
        {report.isError && <ProblemAlert error={report.error} onRetry={() => void report.refetch()} />}
        {report.data?.items.length === 0 && <Text>{t('rules:health.none')}</Text>}
        {report.data?.items.map((health) => (
          <VersionHealth key={health.versionId} health={health} />
        ))}
      </Stack>
    </Panel>
  )
}

const COUNTS = [
  'seen',
  'matched',
  'nearMisses',
  'awarded',
  'needsReview',
  'wouldAward',
  'blocked',
  'retracted',
  'errors',
  'leftOut',
] as const
const ALWAYS: ReadonlySet<string> = new Set(['seen', 'matched', 'nearMisses', 'awarded'])

function VersionHealth({ health }: { readonly health: RuleHealth }) {
  const { t } = useTranslation()
  const { number, moment } = useFormat()
  const { alarm, backfillJobId, deadSince, lastAwardAt, lastMatchAt, latency, name, version } = health
  const momentOf = (time: string | null) => (time === null ? undefined : moment(time))
  return (
    <Stack gap="sm">
      <Title order={3} size="h3">
        {t('rules:health.of', { version })}
      </Title>
      {alarm === 'dead' && deadSince !== null && (
        <Notice tone="doubt" title={t('console:rules.dead')}>
          {t('console:rules.deadText', { time: moment(deadSince) })}
        </Notice>
      )}
      <CountBars
        caption={t('rules:health.chart')}
        heads={[t('rules:health.what'), t('rules:health.count')]}
        counts={COUNTS.filter((count) => ALWAYS.has(count) || health[count] > 0).map((count) => ({
          label: t(`console:rules.health.${count}`),
          count: health[count],
        }))}
      />
      <Text size="sm" c="dimmed">
        {t('rules:health.nearMissesText')}
      </Text>
      <Facts
        facts={[
          {
            label: t('console:rules.health.latency'),
            value:
              latency.p95 === null
                ? undefined
                : t('console:rules.health.atMost', { ms: number(latency.p95) }),
          },
          { label: t('console:rules.health.lastMatch'), value: momentOf(lastMatchAt) },
          { label: t('rules:health.lastAward'), value: momentOf(lastAwardAt) },
        ]}
      />
      {backfillJobId !== null && <JobProgress id={backfillJobId} on={`${name}, ${version}`} />}
    </Stack>
  )
}
