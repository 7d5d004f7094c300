import { useQuery } from '@tanstack/react-query'
import { path, read } from '#web/api/client.ts'
import type { Job } from '#web/api/wire.ts'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { recordsKey } from '#web/console/use-records.ts'

const LOOK_MS = 1_000

/** A job, looked at again each second until it is over. */
export function useJob(id: string) {
  const organisation = useOrganisation()
  return useQuery({
    queryKey: [...recordsKey(organisation.id), 'jobs', id],
    queryFn: () => read<Job>(path`/v1/jobs/${id}`, { organisation: organisation.id }),
    refetchInterval: ({ state }) => (state.data === undefined || isOpen(state.data) ? LOOK_MS : false),
  })
}

export const isOpen = ({ state }: Job): boolean => state === 'queued' || state === 'running'
