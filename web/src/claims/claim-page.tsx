import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { path, read } from '#web/api/client.ts'
import type { ClaimView } from '#web/api/wire.ts'
import { Loading } from '#web/components/loading.tsx'
import { Page } from '#web/components/page.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { ClaimDetail } from './claim-detail.tsx'

/** `/claim#TOKEN`, from a mail. The token is in the fragment: it reaches no server log. */
export function ClaimPage() {
  const { t } = useTranslation()
  const token = useLocation().hash.slice(1)
  const { data, error, refetch } = useQuery({
    queryKey: ['claim', token],
    queryFn: () => read<ClaimView>(path`/v1/claims/${token}`),
    enabled: token !== '',
  })
  if (token === '') return <Page title={t('claims:title')} lead={t('claims:noToken')} />
  if (data !== undefined) return <ClaimDetail token={token} claim={data} />
  return (
    <Page title={t('claims:title')}>
      {error === null ? (
        <Loading label={t('claims:loading')} />
      ) : (
        <ProblemAlert error={error} onRetry={() => void refetch()} />
      )}
    </Page>
  )
}
