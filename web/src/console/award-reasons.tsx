import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { path, read } from '#web/api/client.ts'
import type { Decision } from '#web/api/wire.ts'
import { Loading } from '#web/components/loading.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { Expandable } from './expandable.tsx'
import { Explanation } from './explanation.tsx'
import { useOrganisation } from './organisation-context.ts'
import { recordsKey } from './use-records.ts'

interface AwardReasonsProps {
  readonly decisionId: string
  /** Whose reasons: rows repeat the same words. */
  readonly on: string
}

/** Why a rule decided an award. */
export function AwardReasons({ decisionId, on }: AwardReasonsProps) {
  const { t } = useTranslation()
  return (
    <Expandable show={t('console:awards.why')} hide={t('console:awards.hideWhy')} on={on}>
      <Reasons decisionId={decisionId} />
    </Expandable>
  )
}

function Reasons({ decisionId }: { readonly decisionId: string }) {
  const { id: organisation } = useOrganisation()
  const { data, error, refetch } = useQuery({
    queryKey: [...recordsKey(organisation), 'decisions', decisionId],
    queryFn: () => read<Decision>(path`/v1/decisions/${decisionId}`, { organisation }),
  })
  if (data === undefined)
    return error === null ? <Loading /> : <ProblemAlert error={error} onRetry={() => void refetch()} />
  return <Explanation words={data.words} trace={data.trace} />
}
