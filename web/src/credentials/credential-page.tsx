import { useTranslation } from 'react-i18next'
import { useParams, useSearchParams } from 'react-router'
import { ApiProblem } from '#web/api/api-problem.ts'
import { Loading } from '#web/components/loading.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { CredentialClosed } from './credential-closed.tsx'
import { CredentialDetail } from './credential-detail.tsx'
import { CredentialUnsigned } from './credential-unsigned.tsx'
import { isUnsigned, useCredential } from './use-credential.ts'

/** `/credentials/ID`, with `?share=TOKEN` for whoever got a share link, and `?collection=ID` for who comes from one. */
export function CredentialPage() {
  const { t, i18n } = useTranslation()
  const { id = '' } = useParams()
  const [query] = useSearchParams()
  const way = {
    share: query.get('share') ?? undefined,
    collection: query.get('collection') ?? undefined,
  }
  const { data: credential, error, refetch } = useCredential(id, way, i18n.language)
  if (credential !== undefined) return <CredentialDetail credential={credential} way={way} />
  if (error === null) return <Loading label={t('credentials:loading')} />
  if (isUnsigned(error)) return <CredentialUnsigned />
  const isClosed = error instanceof ApiProblem && [400, 401, 403, 404].includes(error.status)
  return isClosed ? <CredentialClosed /> : <ProblemAlert error={error} onRetry={() => void refetch()} />
}
