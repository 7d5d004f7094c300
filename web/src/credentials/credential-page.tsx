import { useTranslation } from 'react-i18next'
import { useParams, useSearchParams } from 'react-router'
import { ApiProblem } from '#web/api/api-problem.ts'
import { Loading } from '#web/components/loading.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { CredentialClosed } from './credential-closed.tsx'
import { CredentialDetail } from './credential-detail.tsx'
import { useCredential } from './use-credential.ts'

/** `/credentials/ID`, and with `?share=TOKEN` for whoever got a share link. */
export function CredentialPage() {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const [query] = useSearchParams()
  const share = query.get('share') ?? undefined
  const { data: credential, error, refetch } = useCredential(id, share)
  if (credential !== undefined) return <CredentialDetail credential={credential} share={share} />
  if (error === null) return <Loading label={t('credentials:loading')} />
  const isClosed = error instanceof ApiProblem && [400, 401, 403, 404].includes(error.status)
  return isClosed ? <CredentialClosed /> : <ProblemAlert error={error} onRetry={() => void refetch()} />
}
