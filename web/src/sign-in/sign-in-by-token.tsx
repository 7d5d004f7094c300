import { Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { act } from '#web/api/client.ts'
import type { Session } from '#web/api/wire.ts'
import { LinkButton } from '#web/components/link-button.tsx'
import { Loading } from '#web/components/loading.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { sayDone } from '#web/components/say-done.ts'
import { SESSION } from './use-session.ts'

/** Trades the token of a link for a session, once, and goes on. */
export function SignInByToken({ token }: { readonly token: string }) {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const started = useRef(false)
  const { mutate, error } = useMutation({
    mutationFn: () => act<Session>('/v1/session', { token }),
    onSuccess: async (session) => {
      queryClient.clear()
      queryClient.setQueryData(SESSION, session)
      sayDone(t('signIn:done'))
      await navigate(session.organisations.length > 0 ? '/console' : '/', { replace: true })
    },
  })
  useEffect(() => {
    if (started.current) return
    started.current = true
    mutate()
  }, [mutate])
  if (error === null) return <Loading label={t('signIn:signingIn')} />
  return (
    <Stack align="flex-start">
      <ProblemAlert error={error} />
      <LinkButton to="/sign-in">{t('signIn:used')}</LinkButton>
    </Stack>
  )
}
