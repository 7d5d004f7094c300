import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { path, read } from '#web/api/client.ts'
import type { EndorsementRequest } from '#web/api/wire.ts'
import { Loading } from '#web/components/loading.tsx'
import { Page } from '#web/components/page.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { EndorseDetail } from './endorse-detail.tsx'

/** `/endorse#TOKEN`: what an endorser is asked to sign. The token is in the fragment: it reaches no server log. */
export function EndorsePage() {
  const { t } = useTranslation()
  const token = useLocation().hash.slice(1)
  const { data, error, refetch } = useQuery({
    queryKey: ['endorsement-request', token],
    queryFn: () => read<EndorsementRequest>(path`/v1/endorsement-requests/${token}`),
    enabled: token !== '',
    // The document that was read must stay the one on the screen while it is signed.
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (token === '') return <Page title={t('endorsements:title')} lead={t('endorsements:noToken')} />
  if (data !== undefined) return <EndorseDetail key={token} token={token} request={data} />
  return (
    <Page title={t('endorsements:title')}>
      {error === null ? (
        <Loading label={t('endorsements:loading')} />
      ) : (
        <ProblemAlert error={error} onRetry={() => void refetch()} />
      )}
    </Page>
  )
}
