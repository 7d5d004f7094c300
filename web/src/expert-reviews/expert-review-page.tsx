import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { path, read } from '#web/api/client.ts'
import type { ExpertReviewRequest } from '#web/api/wire.ts'
import { Loading } from '#web/components/loading.tsx'
import { Page } from '#web/components/page.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { ExpertReviewDetail } from './expert-review-detail.tsx'

/** `/expert-review#TOKEN`, from a mail. The token is in the fragment: it reaches no server log. */
export function ExpertReviewPage() {
  const { t } = useTranslation()
  const token = useLocation().hash.slice(1)
  const { data, error, refetch } = useQuery({
    queryKey: ['expert-review', token],
    queryFn: () => read<ExpertReviewRequest>(path`/v1/expert-review-links/${token}`),
    enabled: token !== '',
    // What is being written about stays as it is on the page; the answer names what was shown.
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (token === '') return <Page title={t('expertReviews:title')} lead={t('expertReviews:noToken')} />
  if (data !== undefined) return <ExpertReviewDetail token={token} request={data} />
  return (
    <Page title={t('expertReviews:title')}>
      {error === null ? (
        <Loading label={t('expertReviews:loading')} />
      ) : (
        <ProblemAlert error={error} onRetry={() => void refetch()} />
      )}
    </Page>
  )
}
