import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { remove } from '#web/api/client.ts'
import { sayDone } from '#web/components/say-done.ts'
import { SESSION } from './use-session.ts'

/** Ends the session and forgets all that it showed. */
export function useSignOut() {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: () => remove('/v1/session'),
    onSuccess: async () => {
      queryClient.clear()
      queryClient.setQueryData(SESSION, null)
      await navigate('/')
      sayDone(t('signIn:out'))
    },
  })
}
