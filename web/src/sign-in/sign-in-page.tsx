import { Box } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { Page } from '#web/components/page.tsx'
import { ProviderButtons } from './provider-buttons.tsx'
import { SignInByToken } from './sign-in-by-token.tsx'
import { SignInForm } from './sign-in-form.tsx'

/**
 * `/sign-in` asks for a link, or for a provider; `/sign-in#TOKEN` uses it. The token is in the fragment: it reaches no server log.
 * `?return=PATH`: where to go after a provider; the server sees to it that the path is ours.
 */
export function SignInPage() {
  const { t } = useTranslation()
  const { hash, search } = useLocation()
  const token = hash.slice(1)
  return token === '' ? (
    <Page title={t('signIn:title')} lead={t('signIn:lead')}>
      <SignInForm />
      <Box maw="30rem">
        <ProviderButtons
          purpose="sign-in"
          returnTo={new URLSearchParams(search).get('return') ?? '/'}
          title={t('signIn:orWith')}
          label={(name) => t('signIn:with', { name })}
        />
      </Box>
    </Page>
  ) : (
    <Page title={t('signIn:title')}>
      <SignInByToken key={token} token={token} />
    </Page>
  )
}
