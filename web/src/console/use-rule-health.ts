import { useQuery } from '@tanstack/react-query'
import { read } from '#web/api/client.ts'
import type { RuleHealth, RuleHealthReport } from '#web/api/wire.ts'
import { useOrganisation } from './organisation-context.ts'
import { recordsKey } from './use-records.ts'

/** How the versions that look at events do, by rule; undefined until it is known. */
export function useRuleHealth(): ReadonlyMap<string, readonly RuleHealth[]> | undefined {
  const { id } = useOrganisation()
  const report = useQuery({
    queryKey: [...recordsKey(id), 'rules/health'],
    queryFn: () => read<RuleHealthReport>('/v1/rules/health', { organisation: id }),
  })
  return report.data && Map.groupBy(report.data.items, ({ ruleId }) => ruleId)
}
