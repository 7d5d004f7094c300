import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { act, path, read } from '#web/api/client.ts'
import type { NotificationPage } from '#web/api/wire.ts'

const NOTIFICATIONS = ['notifications'] as const

/** How many are unread; looked at now and then, and 0 where that cannot be known. */
export function useUnread(isSignedIn: boolean): number {
  const { data } = useQuery({
    queryKey: [...NOTIFICATIONS, 'unread'],
    queryFn: () => read<NotificationPage>('/v1/notifications', { limit: '1', unread: 'true' }),
    enabled: isSignedIn,
    refetchInterval: 60_000,
    retry: false,
  })
  return data?.unread ?? 0
}

export function useNotifications(isSignedIn: boolean) {
  const { i18n } = useTranslation()
  const language = i18n.language.startsWith('nl') ? 'nl' : 'en'
  return useInfiniteQuery({
    queryKey: [...NOTIFICATIONS, language],
    queryFn: ({ pageParam }) =>
      read<NotificationPage>('/v1/notifications', { limit: '20', language, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    enabled: isSignedIn,
  })
}

/** Marks one as read, or, without an id, all. */
export function useMarkRead() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (id?: string) =>
      act(id === undefined ? '/v1/notifications/read' : path`/v1/notifications/${id}/read`),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: NOTIFICATIONS }),
  })
}
