import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { path, read } from '#web/api/client.ts'
import type { InvitationOffer } from '#web/api/wire.ts'
import { Loading } from '#web/components/loading.tsx'
import { Page } from '#web/components/page.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { InvitationDetail } from './invitation-detail.tsx'

/** `/invitation#TOKEN`, from a mail. The token is in the fragment: it reaches no server log. */
export function InvitationPage() {
  const { t } = useTranslation()
  const token = useLocation().hash.slice(1)
  const { data, error, refetch } = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => read<InvitationOffer>(path`/v1/invitation-links/${token}`),
    enabled: token !== '',
  })
  if (token === '') return <Page title={t('invitations:title')} lead={t('invitations:noToken')} />
  if (data !== undefined)
    return <InvitationDetail token={token} offer={data} onSignedIn={() => void refetch()} />
  return (
    <Page title={t('invitations:title')}>
      {error === null ? (
        <Loading label={t('invitations:loading')} />
      ) : (
        <ProblemAlert error={error} onRetry={() => void refetch()} />
      )}
    </Page>
  )
}
