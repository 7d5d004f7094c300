import { Group, Stack, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { act, path } from '#web/api/client.ts'
import type { Job, RuleVersion } from '#web/api/wire.ts'
import { Loading } from '#web/components/loading.tsx'
import { Notice } from '#web/components/notice.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { ActionButton } from '#web/console/action-button.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { useFormat } from '#web/i18n/use-format.ts'
import { DryRunFindings } from './dry-run-findings.tsx'
import { readDryRunResult } from './dry-run-result.ts'
import { JobBar } from './job-bar.tsx'
import { isOpen, useJob } from './use-job.ts'

const TONES = { done: 'good', cancelled: 'doubt', failed: 'bad' } as const

interface DryRunJobProps {
  readonly id: string
  /** Of the rule. */
  readonly name: string
  readonly versions: readonly RuleVersion[]
}

/** One dry run: how far it is, and what it has found so far. */
export function DryRunJob({ id, name, versions }: DryRunJobProps) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const { data: job, error, refetch } = useJob(id)
  if (job === undefined)
    return error === null ? <Loading /> : <ProblemAlert error={error} onRetry={() => void refetch()} />
  const version = versions.find((each) => each.id === job.ruleVersionId)?.version
  const time = moment(job.createdAt)
  const result = readDryRunResult(job.result)
  return (
    <Stack gap="md">
      <Title order={3} size="h3">
        {version === undefined
          ? t('rules:dryRun.ofDraft', { time })
          : t('rules:dryRun.of', { version, time })}
      </Title>
      <HowFar job={job} name={name} />
      {result !== undefined && <DryRunFindings result={result} />}
    </Stack>
  )
}

function HowFar({ job, name }: { readonly job: Job; readonly name: string }) {
  const { t } = useTranslation()
  const { number } = useFormat()
  const { id: organisation } = useOrganisation()
  const { done, total } = job.progress
  if (job.state === 'done' || job.state === 'cancelled' || job.state === 'failed') {
    return (
      <Notice tone={TONES[job.state]} role="status">
        {t(`rules:dryRun.states.${job.state}`)}
        {job.state === 'failed' && job.error !== null && <code>{job.error}</code>}
      </Notice>
    )
  }
  if (!isOpen(job)) return null
  return (
    <Stack gap="xs">
      <JobBar
        job={job}
        words={
          job.state === 'queued'
            ? t('rules:dryRun.waiting')
            : t('rules:dryRun.running', { done: number(done), total: number(total) })
        }
      />
      <Group>
        <ActionButton
          label={t('rules:dryRun.cancel')}
          on={name}
          done={t('rules:dryRun.cancelled')}
          run={() => act(path`/v1/jobs/${job.id}/cancel`, undefined, { organisation })}
        />
      </Group>
    </Stack>
  )
}
