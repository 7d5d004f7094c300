import { QueryClient } from '@tanstack/react-query'
import { ApiProblem } from '#web/api/api-problem.ts'

/** Tries again only what may come right by itself, and never more than twice. */
export const createQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchOnWindowFocus: false,
        // Offline, a browser would wait in silence: we would rather say so.
        networkMode: 'always',
        retry: (failures, error) => failures < 2 && error instanceof ApiProblem && error.retry,
        retryDelay: (attempt) => 500 * 2 ** attempt,
      },
      mutations: { networkMode: 'always' },
    },
  })
