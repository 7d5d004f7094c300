import { useQuery } from '@tanstack/react-query'
import { ApiProblem } from '#web/api/api-problem.ts'
import { read } from '#web/api/client.ts'
import type { Issuer, List, Organisation, Unit } from '#web/api/wire.ts'
import { useSession } from '#web/sign-in/use-session.ts'

/** An issuer under which the reader may make achievements. */
export interface CopyTarget {
  readonly organisation: Organisation
  readonly issuer: Issuer
}

/** None for who is not signed in, or may make achievements nowhere. */
export function useCopyTargets(): readonly CopyTarget[] {
  const { data: session } = useSession()
  const organisations = session?.organisations ?? []
  const { data } = useQuery({
    queryKey: ['copy-targets', session?.accountId],
    queryFn: async () => (await Promise.all(organisations.map(targetsIn))).flat(),
    enabled: organisations.length > 0,
    staleTime: 60_000,
  })
  return data ?? []
}

async function targetsIn(organisation: Organisation): Promise<readonly CopyTarget[]> {
  try {
    const query = { organisation: organisation.id }
    const [units, issuers] = await Promise.all([
      read<List<Unit>>('/v1/units', query),
      read<List<Issuer>>('/v1/issuers', query),
    ])
    const mayCreate = new Set(
      units.items.filter(({ rights }) => rights.includes('create')).map(({ id }) => id),
    )
    return issuers.items
      .filter(({ unitId }) => mayCreate.has(unitId))
      .map((issuer) => ({ organisation, issuer }))
  } catch (error) {
    // Who may not even look there has nothing to copy into.
    if (error instanceof ApiProblem && error.status === 403) return []
    throw error
  }
}
