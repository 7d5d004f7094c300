import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { ApiProblem } from '#web/api/api-problem.ts'
import { path, read } from '#web/api/client.ts'
import type { JsonDocument } from '#web/api/wire.ts'
import { Loading } from '#web/components/loading.tsx'
import { Page } from '#web/components/page.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { IssuerDetail } from './issuer-detail.tsx'

/** `/issuers/SLUG`: the profile and the keys, as this server publishes them under the issuer's DID. */
export function IssuerPage() {
  const { t } = useTranslation()
  const { slug = '' } = useParams()
  const { data, error, refetch } = useQuery({
    queryKey: ['issuer', slug],
    queryFn: () => read<JsonDocument>(path`/issuers/${slug}`),
  })
  if (data !== undefined) return <IssuerDetail slug={slug} profile={data} />
  if (error === null) return <Loading label={t('issuers:loading')} />
  const isMissing = error instanceof ApiProblem && [400, 404].includes(error.status)
  return isMissing ? (
    <Page title={t('app:notFound.title')} lead={t('issuers:notFound')} />
  ) : (
    <ProblemAlert error={error} onRetry={() => void refetch()} />
  )
}
