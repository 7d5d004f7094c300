import { type UseInfiniteQueryResult, useInfiniteQuery } from '@tanstack/react-query'
import { type Query, read } from '#web/api/client.ts'
import { useOrganisation } from './organisation-context.ts'

interface Answer<T> {
  readonly items: readonly T[]
  /** Collections that come whole have none. */
  readonly next?: string | null
}

export interface Records<T> {
  /** Undefined until the first page is there. */
  readonly items: readonly T[] | undefined
  readonly error: Error | null
  readonly hasMore: boolean
  readonly isFetchingMore: boolean
  readonly more: () => void
  readonly refetch: () => void
}

export const recordsKey = (organisationId: string) => ['console', organisationId] as const

const LOOK_MS = 1_000

/**
 * A collection of the organisation, page by page. `path` below /v1. While one of them moves by itself it is looked at
 * again each second.
 */
export function useRecords<T>(
  path: string,
  query: Query = {},
  isMoving: (item: T) => boolean = () => false,
): Records<T> {
  const { id } = useOrganisation()
  const pages: UseInfiniteQueryResult<{ pages: Answer<T>[] }> = useInfiniteQuery({
    queryKey: [...recordsKey(id), path, query],
    queryFn: ({ pageParam }) =>
      read<Answer<T>>(`/v1/${path}`, { organisation: id, ...query, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some(isMoving)) === true ? LOOK_MS : false,
  })
  return {
    items: pages.data?.pages.flatMap(({ items }) => items),
    error: pages.error,
    hasMore: pages.hasNextPage,
    isFetchingMore: pages.isFetchingNextPage,
    more: () => void pages.fetchNextPage(),
    refetch: () => void pages.refetch(),
  }
}
