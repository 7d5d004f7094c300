import { Group, Stack, Switch, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { read } from '#web/api/client.ts'
import type { Overview } from '#web/api/wire.ts'
import { Facts } from '#web/components/facts.tsx'
import { LinkButton } from '#web/components/link-button.tsx'
import { Loading } from '#web/components/loading.tsx'
import { Notice } from '#web/components/notice.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { useOrganisation } from './organisation-context.ts'
import { Pipeline } from './pipeline.tsx'
import { recordsKey } from './use-records.ts'

const REFRESH_MS = 3000

/** Numbers and a picture of how far things are. Refreshes by itself until somebody stops it. */
export function OverviewSection() {
  const { t } = useTranslation()
  const { id, slug } = useOrganisation()
  const { moment } = useFormat()
  const [isLive, setLive] = useState(true)
  const { data, error, dataUpdatedAt, refetch } = useQuery({
    queryKey: [...recordsKey(id), 'overview'],
    queryFn: () => read<Overview>('/v1/overview', { organisation: id }),
    refetchInterval: isLive ? REFRESH_MS : false,
  })
  if (data === undefined) {
    return error === null ? <Loading /> : <ProblemAlert error={error} onRetry={() => void refetch()} />
  }
  const waiting = data.awards['awaiting_approval'] ?? 0
  const quarantined = data.events['quarantined'] ?? 0
  return (
    <Stack gap="lg">
      {error !== null && <ProblemAlert error={error} />}
      {waiting > 0 && (
        <Notice tone="doubt">
          <Group gap="sm">
            <span>{t('console:overview.waiting', { count: waiting })}</span>
            <LinkButton to={`/console/${slug}/awards`} size="xs" variant="default">
              {t('console:overview.look')}
            </LinkButton>
          </Group>
        </Notice>
      )}
      {quarantined > 0 && (
        <Notice tone="doubt">
          <Group gap="sm">
            <span>{t('console:overview.quarantined', { count: quarantined })}</span>
            <LinkButton to={`/console/${slug}/events`} size="xs" variant="default">
              {t('console:overview.look')}
            </LinkButton>
          </Group>
        </Notice>
      )}
      <Panel
        title={t('console:overview.pipeline')}
        aside={
          <Switch
            label={t('console:overview.live')}
            checked={isLive}
            onChange={({ currentTarget }) => setLive(currentTarget.checked)}
          />
        }
      >
        <Pipeline overview={data} />
        <Text size="sm" c="dimmed" mt="md">
          {t('console:overview.updated', { time: moment(new Date(dataUpdatedAt).toISOString()) })}
        </Text>
      </Panel>
      <Panel title={t('console:overview.chain')}>
        <Stack>
          <Notice tone={data.chain.independent ? 'good' : 'doubt'}>
            {t(data.chain.independent ? 'console:overview.independent' : 'console:overview.notIndependent')}
          </Notice>
          <Facts
            facts={[
              { label: t('console:overview.chainId'), value: data.chain.id, code: true },
              { label: t('console:overview.contract'), value: data.chain.contract, code: true },
            ]}
          />
        </Stack>
      </Panel>
    </Stack>
  )
}
