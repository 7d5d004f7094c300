import { useQuery } from '@tanstack/react-query'
import { ApiProblem } from '#web/api/api-problem.ts'
import { read } from '#web/api/client.ts'
import type { Session } from '#web/api/wire.ts'

export const SESSION = ['session'] as const

/** Who is signed in here: null when nobody is. */
export const useSession = () =>
  useQuery({ queryKey: SESSION, queryFn: fetchSession, staleTime: 60_000, retry: false })

/** Whether somebody signed in. A claim link opens a session too, which is for one badge and nothing else. */
export const isSignedIn = (session: Session | null | undefined): session is Session =>
  session !== undefined && session !== null && session.scope !== 'earner'

async function fetchSession(): Promise<Session | null> {
  try {
    return await read<Session>('/v1/session')
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return null
    throw error
  }
}
