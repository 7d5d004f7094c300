import { Group, Stack } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { act, path } from '#web/api/client.ts'
import { useFormat } from '#web/i18n/use-format.ts'
import { JobBar } from '#web/rules/job-bar.tsx'
import { isOpen, useJob } from '#web/rules/use-job.ts'
import { ConfirmButton } from './confirm-button.tsx'
import { useOrganisation } from './organisation-context.ts'
import { recordsKey } from './use-records.ts'

/** How far a backfill is, until it is over, and a button that ends it. */
export function JobProgress({ id, on }: { readonly id: string; readonly on: string }) {
  const { t } = useTranslation()
  const { number } = useFormat()
  const organisation = useOrganisation()
  const queryClient = useQueryClient()
  const { data: job } = useJob(id)
  const isOver = job !== undefined && !isOpen(job)
  useEffect(() => {
    // What it led to stands elsewhere in the console.
    if (isOver) void queryClient.invalidateQueries({ queryKey: recordsKey(organisation.id) })
  }, [isOver, queryClient, organisation.id])

  if (job === undefined || isOver) return null
  const { done, total } = job.progress
  return (
    <Stack gap="xs" mt="sm">
      <JobBar
        job={job}
        words={t('console:rules.backfill.progress', { done: number(done), total: number(total) })}
      />
      <Group>
        <ConfirmButton
          label={t('console:rules.backfill.cancel')}
          on={on}
          title={t('console:rules.backfill.cancelTitle')}
          text={t('console:rules.backfill.cancelText')}
          done={t('console:rules.backfill.cancelled')}
          run={() => act(path`/v1/jobs/${id}/cancel`, undefined, { organisation: organisation.id })}
        />
      </Group>
    </Stack>
  )
}
