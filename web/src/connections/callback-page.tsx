import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate, useParams } from 'react-router'
import { act, path } from '#web/api/client.ts'
import type { HostConnection } from '#web/api/wire.ts'
import { LinkButton } from '#web/components/link-button.tsx'
import { Loading } from '#web/components/loading.tsx'
import { Page } from '#web/components/page.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'

/** `/connections/callback/ID`: where another backpack or wallet sends the browser back to. */
export function ConnectionCallbackPage() {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const { search } = useLocation()
  const navigate = useNavigate()
  const finish = useMutation({
    mutationFn: () => act<HostConnection>(path`/v1/connections/${id}/finish`, { query: search.slice(1) }),
    onSuccess: () => navigate('/backpack', { replace: true }),
  })
  const { mutate } = finish
  // The answer counts once: strict mode would send it twice.
  const isSent = useRef(false)
  useEffect(() => {
    if (isSent.current) return
    isSent.current = true
    mutate()
  }, [mutate])
  return (
    <Page title={t('connections:callback.title')}>
      {finish.isError ? (
        <>
          <ProblemAlert error={finish.error} />
          <div>
            <LinkButton to="/backpack">{t('connections:callback.back')}</LinkButton>
          </div>
        </>
      ) : (
        <Loading label={t('connections:callback.working')} />
      )}
    </Page>
  )
}
