import { useQuery } from '@tanstack/react-query'
import type { Query } from '#web/api/client.ts'
import { readAll } from '#web/api/read-all.ts'
import { useOrganisation } from './organisation-context.ts'
import { recordsKey } from './use-records.ts'

/** A whole collection of the organisation, where `useRecords` takes it page by page. Nothing until it is there. */
export function useAllRecords<T>(path: string, query: Query = {}): readonly T[] {
  const { id } = useOrganisation()
  const { data } = useQuery({
    queryKey: [...recordsKey(id), path, 'all', query],
    queryFn: () => readAll<T>(`/v1/${path}`, { organisation: id, ...query }),
  })
  return data ?? []
}
