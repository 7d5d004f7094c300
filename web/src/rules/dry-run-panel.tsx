import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { create } from '#web/api/client.ts'
import type { Job, Rule } from '#web/api/wire.ts'
import { Disclosure } from '#web/components/disclosure.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { useAction } from '#web/console/use-action.ts'
import { useRecords } from '#web/console/use-records.ts'
import { useFormat } from '#web/i18n/use-format.ts'
import { DryRunJob } from './dry-run-job.tsx'
import { versionChoices } from './version-choices.ts'

interface DryRunPanelProps {
  readonly rule: Rule
  readonly version: number
  readonly onVersion: (version: number) => void
  /** The dry run that is shown. */
  readonly jobId: string | undefined
  readonly onJob: (jobId: string) => void
}

/** A form that starts a dry run, and the one that was started last or chosen. */
export function DryRunPanel({ rule, version, onVersion, jobId, onJob }: DryRunPanelProps) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const form = useForm({
    initialValues: { from: '', to: '' },
    validate: {
      to: (to, { from }) => (from !== '' && to !== '' && to < from ? t('rules:dryRun.wrongOrder') : null),
    },
  })
  const start = useAction<Job, { readonly from: string; readonly to: string }>(
    ({ from, to }) =>
      create<Job>(
        '/v1/rules/dry-runs',
        {
          ruleId: rule.id,
          version,
          ...(from === '' ? {} : { from: new Date(`${from}T00:00:00`).toISOString() }),
          ...(to === '' ? {} : { to: new Date(`${to}T23:59:59.999`).toISOString() }),
        },
        { organisation },
      ),
    t('rules:dryRun.started'),
    (job) => onJob(job.id),
  )
  return (
    <Panel title={t('rules:dryRun.title')}>
      <Stack gap="lg">
        <Text>{t('rules:dryRun.text')}</Text>
        <form onSubmit={form.onSubmit((values) => start.mutate(values))} noValidate>
          <Stack>
            <Group align="flex-start">
              <NativeSelect
                label={t('rules:dryRun.version')}
                data={versionChoices(rule, t)}
                value={String(version)}
                onChange={({ currentTarget }) => onVersion(Number(currentTarget.value))}
              />
              <TextInput type="date" label={t('rules:dryRun.from')} {...form.getInputProps('from')} />
              <TextInput type="date" label={t('rules:dryRun.to')} {...form.getInputProps('to')} />
            </Group>
            {start.isError && <ProblemAlert error={start.error} />}
            <div>
              <Button type="submit" loading={start.isPending}>
                {t('rules:dryRun.start')}
              </Button>
            </div>
          </Stack>
        </form>
        {jobId !== undefined && (
          <DryRunJob key={jobId} id={jobId} name={rule.name} versions={rule.versions} />
        )}
        <Earlier ruleId={rule.id} shown={jobId} onJob={onJob} />
      </Stack>
    </Panel>
  )
}

interface EarlierProps {
  readonly ruleId: string
  readonly shown: string | undefined
  readonly onJob: (jobId: string) => void
}

function Earlier({ ruleId, shown, onJob }: EarlierProps) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const { items = [] } = useRecords<Job>('jobs', { kind: 'dry_run', ruleId })
  const others = items.filter(({ id }) => id !== shown)
  if (others.length === 0) return null
  return (
    <Disclosure summary={t('rules:dryRun.earlier')}>
      <ul>
        {others.map(({ id, createdAt }) => (
          <li key={id}>
            {moment(createdAt)}{' '}
            <Button
              size="compact-xs"
              variant="subtle"
              aria-label={t('rules:dryRun.lookAt', { time: moment(createdAt) })}
              onClick={() => onJob(id)}
            >
              {t('rules:dryRun.look')}
            </Button>
          </li>
        ))}
      </ul>
    </Disclosure>
  )
}
