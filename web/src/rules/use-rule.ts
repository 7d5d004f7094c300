import { useQuery } from '@tanstack/react-query'
import { path, read } from '#web/api/client.ts'
import type { Rule, RuleVersion } from '#web/api/wire.ts'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { recordsKey } from '#web/console/use-records.ts'

export function useRule(id: string) {
  const organisation = useOrganisation()
  return useQuery({
    queryKey: [...recordsKey(organisation.id), 'rules', id],
    queryFn: () => read<Rule>(path`/v1/rules/${id}`, { organisation: organisation.id }),
  })
}

/** The version that is in force, at most one of a rule. */
export const inForce = ({ versions }: Rule): RuleVersion | undefined =>
  versions.find(({ state }) => state === 'active')
