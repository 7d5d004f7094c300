import { Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate, useParams } from 'react-router'
import { MergeQuestion } from '#web/account/merge-question.tsx'
import { act } from '#web/api/client.ts'
import type { SignInResult } from '#web/api/wire.ts'
import { LinkButton } from '#web/components/link-button.tsx'
import { Loading } from '#web/components/loading.tsx'
import { Page } from '#web/components/page.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { sayDone } from '#web/components/say-done.ts'

/**
 * `/sign-in/callback/PROVIDER`: where a provider sends the browser back. Its answer is traded once and leaves the address;
 * what went wrong is said in the reader's language.
 */
export function ProviderCallbackPage() {
  const { t } = useTranslation()
  const { provider = '' } = useParams()
  const { search } = useLocation()
  const [query] = useState(() => search.slice(1))
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const started = useRef(false)
  const { mutate, error, data } = useMutation({
    mutationFn: () => act<SignInResult>('/v1/sign-in-attempts/finish', { provider, query }),
    onSuccess: async ({ outcome, returnTo, merges }) => {
      queryClient.clear()
      sayDone(t(outcome === 'signed-in' ? 'signIn:done' : 'accounts:added'))
      if (merges.length === 0) await navigate(returnTo, { replace: true })
    },
    // What the provider answered is used up: it has no place in the history.
    onSettled: () => window.history.replaceState(window.history.state, '', window.location.pathname),
  })
  useEffect(() => {
    if (started.current) return
    started.current = true
    mutate()
  }, [mutate])
  const merge = data?.merges[0]
  return (
    <Page title={t('signIn:title')}>
      {error !== null ? (
        <Stack align="flex-start">
          <ProblemAlert error={error} />
          <LinkButton to="/sign-in">{t('signIn:again')}</LinkButton>
        </Stack>
      ) : merge !== undefined && data !== undefined ? (
        <MergeQuestion merge={merge} onDone={() => void navigate(data.returnTo, { replace: true })} />
      ) : (
        <Loading label={t('signIn:signingIn')} />
      )}
    </Page>
  )
}
