import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { act } from '#web/api/client.ts'
import { sayDone } from '#web/components/say-done.ts'
import { SESSION } from './use-session.ts'

/** Ends the session, here and at the provider that opened it, and forgets all that it showed. */
export function useSignOut() {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: () => act<{ readonly providerUrl: string | null }>('/v1/session/end'),
    onSuccess: async ({ providerUrl }) => {
      queryClient.clear()
      queryClient.setQueryData(SESSION, null)
      if (providerUrl !== null) {
        // On a computer that others use, the provider would sign the next one in as this one.
        window.location.assign(providerUrl)
        return
      }
      await navigate('/')
      sayDone(t('signIn:out'))
    },
  })
}
