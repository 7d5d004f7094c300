import { Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { act, path } from '#web/api/client.ts'
import type { Job } from '#web/api/wire.ts'
import { DataTable } from '#web/components/data-table.tsx'
import { Disclosure } from '#web/components/disclosure.tsx'
import { Notice, type Tone } from '#web/components/notice.tsx'
import { ConfirmButton } from '#web/console/confirm-button.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { Record } from '#web/console/record.tsx'
import { recordsKey } from '#web/console/use-records.ts'
import { useFormat } from '#web/i18n/use-format.ts'
import { JobBar } from '#web/rules/job-bar.tsx'
import { isOpen, useJob } from '#web/rules/use-job.ts'
import { readImportResult } from './import-result.ts'

const TONES: Readonly<Record<Job['state'], Tone>> = {
  queued: 'quiet',
  running: 'quiet',
  done: 'good',
  failed: 'bad',
  cancelled: 'quiet',
}
/** Rows that are shown one by one. */
const MOST_SHOWN = 100

/** One file that is or was read: how far it is, what was left out and why. */
export function FrameworkImportRecord({ id }: { readonly id: string }) {
  const { t } = useTranslation()
  const { number, moment } = useFormat()
  const organisation = useOrganisation()
  const queryClient = useQueryClient()
  const { data: job } = useJob(id)
  const isRunning = job !== undefined && isOpen(job)
  const wasRunning = useRef(false)
  useEffect(() => {
    // What it brought stands in the other lists of this page.
    if (wasRunning.current && !isRunning)
      void queryClient.invalidateQueries({ queryKey: recordsKey(organisation.id) })
    wasRunning.current = isRunning
  }, [isRunning, queryClient, organisation.id])

  if (job === undefined) return null
  const result = readImportResult(job)
  const title = t('frameworks:titled', { framework: result.framework, edition: result.edition })
  const shown = result.faults.slice(0, MOST_SHOWN)
  const { done, total } = job.progress
  const count = (value: number | undefined) => (value === undefined ? undefined : number(value))
  return (
    <Record
      title={title}
      order={3}
      state={{ tone: TONES[job.state], label: t(`frameworks:states.${job.state}`) }}
      facts={[
        {
          label: t('frameworks:imported'),
          value: job.state === 'failed' ? undefined : count(result.imported),
        },
        { label: t('frameworks:refused'), value: count(result.refused) },
        { label: t('frameworks:dropped'), value: result.dropped === 0 ? undefined : count(result.dropped) },
        { label: t('frameworks:kept'), value: result.kept === 0 ? undefined : count(result.kept) },
        { label: t('frameworks:begun'), value: moment(job.createdAt) },
      ]}
      {...(isRunning
        ? {
            actions: (
              <ConfirmButton
                label={t('frameworks:stop')}
                on={title}
                title={t('frameworks:stopTitle')}
                text={t('frameworks:stopText')}
                done={t('frameworks:stopped')}
                run={() => act(path`/v1/jobs/${id}/cancel`, undefined, { organisation: organisation.id })}
              />
            ),
          }
        : {})}
    >
      <Stack gap="sm" mt="sm">
        {isRunning && (
          <JobBar
            job={job}
            words={t('frameworks:progress', { share: total === 0 ? 0 : Math.floor((100 * done) / total) })}
          />
        )}
        {job.state === 'failed' && (
          <Notice tone="bad" role="status">
            {result.reason === undefined
              ? t('frameworks:failed')
              : t('frameworks:failedAt', { row: result.row, reason: result.reason })}
          </Notice>
        )}
        {shown.length > 0 && (
          <Disclosure summary={t('frameworks:faults')}>
            <Stack gap="xs">
              {result.refused > shown.length && (
                <Text size="sm">
                  {t('frameworks:faultsMore', { count: result.refused, shown: shown.length })}
                </Text>
              )}
              <DataTable
                caption={t('frameworks:faults')}
                hidesCaption
                heads={[t('frameworks:row'), t('frameworks:why')]}
                rows={shown.map(({ row, code }) => ({
                  key: String(row),
                  cells: [number(row), t(`frameworks:codes.${code}`, { defaultValue: code })],
                }))}
              />
            </Stack>
          </Disclosure>
        )}
      </Stack>
    </Record>
  )
}
