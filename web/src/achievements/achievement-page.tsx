import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useParams, useSearchParams } from 'react-router'
import { ApiProblem } from '#web/api/api-problem.ts'
import { path, read } from '#web/api/client.ts'
import type { PublicAchievement } from '#web/api/wire.ts'
import { Loading } from '#web/components/loading.tsx'
import { Page } from '#web/components/page.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { AchievementDetail } from './achievement-detail.tsx'

/** `/achievements/ID`, for everybody; `?version=N` for an older version. */
export function AchievementPage() {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const [query] = useSearchParams()
  const version = query.get('version') ?? undefined
  const { data, error, refetch } = useQuery({
    queryKey: ['public-achievement', id, version],
    queryFn: () => read<PublicAchievement>(path`/v1/public/achievements/${id}`, { version }),
  })
  if (data !== undefined) return <AchievementDetail achievement={data} />
  if (error === null) return <Loading label={t('achievements:loading')} />
  const isMissing = error instanceof ApiProblem && [400, 404].includes(error.status)
  return isMissing ? (
    <Page title={t('app:notFound.title')} lead={t('achievements:notFound')} />
  ) : (
    <ProblemAlert error={error} onRetry={() => void refetch()} />
  )
}
