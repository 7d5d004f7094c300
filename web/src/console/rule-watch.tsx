import { Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { RuleHealth } from '#web/api/wire.ts'
import { Facts } from '#web/components/facts.tsx'
import { Notice } from '#web/components/notice.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { JobProgress } from './job-progress.tsx'

/** How one version does that looks at events: numbers of the last days, an alarm, and the backfill that runs. */
export function RuleWatch({ health, name }: { readonly health: RuleHealth; readonly name: string }) {
  const { t } = useTranslation()
  const { number, moment } = useFormat()
  const counts = [
    'seen',
    'matched',
    'nearMisses',
    'awarded',
    'needsReview',
    'wouldAward',
    'retracted',
    'errors',
    'leftOut',
  ] as const
  const always = new Set<string>(['seen', 'matched', 'awarded'])
  return (
    <Stack gap="sm" mt="sm">
      {health.alarm === 'dead' && health.deadSince !== null && (
        <Notice tone="doubt" title={t('console:rules.dead')}>
          {t('console:rules.deadText', { time: moment(health.deadSince) })}
        </Notice>
      )}
      <Facts
        facts={[
          ...counts
            .filter((count) => always.has(count) || health[count] > 0)
            .map((count) => ({
              label: t(`console:rules.health.${count}`),
              value: number(health[count]),
            })),
          {
            label: t('console:rules.health.latency'),
            value:
              health.latency.p95 === null
                ? undefined
                : t('console:rules.health.atMost', { ms: number(health.latency.p95) }),
          },
          {
            label: t('console:rules.health.lastMatch'),
            value: health.lastMatchAt === null ? undefined : moment(health.lastMatchAt),
          },
        ]}
      />
      {health.backfillJobId !== null && <JobProgress id={health.backfillJobId} on={name} />}
    </Stack>
  )
}
