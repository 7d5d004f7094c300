import { Group, Progress, Stack, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { act, path, read } from '#web/api/client.ts'
import type { Job } from '#web/api/wire.ts'
import { useFormat } from '#web/i18n/use-format.ts'
import { ConfirmButton } from './confirm-button.tsx'
import { useOrganisation } from './organisation-context.ts'
import { recordsKey } from './use-records.ts'

const LOOK_MS = 1_000

/** How far a job is, looked at again each second until it is over, and a button that ends it. */
export function JobProgress({ id, on }: { readonly id: string; readonly on: string }) {
  const { t } = useTranslation()
  const { number } = useFormat()
  const organisation = useOrganisation()
  const queryClient = useQueryClient()
  const query = { organisation: organisation.id }
  const { data: job } = useQuery({
    queryKey: [...recordsKey(organisation.id), 'jobs', id],
    queryFn: () => read<Job>(path`/v1/jobs/${id}`, query),
    refetchInterval: ({ state }) => (state.data === undefined || isOpen(state.data) ? LOOK_MS : false),
  })
  const isOver = job !== undefined && !isOpen(job)
  useEffect(() => {
    // What it led to stands elsewhere in the console.
    if (isOver) void queryClient.invalidateQueries({ queryKey: recordsKey(organisation.id) })
  }, [isOver, queryClient, organisation.id])

  if (job === undefined || isOver) return null
  const { done, total } = job.progress
  const share = total === 0 ? 0 : Math.min(100, (100 * done) / total)
  const words = t('console:rules.backfill.progress', { done: number(done), total: number(total) })
  return (
    <Stack gap="xs" mt="sm">
      <Text size="sm">{words}</Text>
      <Progress.Root>
        <Progress.Section value={share} aria-label={words} />
      </Progress.Root>
      <Group>
        <ConfirmButton
          label={t('console:rules.backfill.cancel')}
          on={on}
          title={t('console:rules.backfill.cancelTitle')}
          text={t('console:rules.backfill.cancelText')}
          done={t('console:rules.backfill.cancelled')}
          run={() => act(path`/v1/jobs/${id}/cancel`, undefined, query)}
        />
      </Group>
    </Stack>
  )
}

const isOpen = ({ state }: Job): boolean => state === 'queued' || state === 'running'
