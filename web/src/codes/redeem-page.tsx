import { Button, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { PageLoading } from '#web/app/page-loading.tsx'
import { Notice } from '#web/components/notice.tsx'
import { Page } from '#web/components/page.tsx'
import { SignInForm } from '#web/sign-in/sign-in-form.tsx'
import { isSignedIn, useSession } from '#web/sign-in/use-session.ts'
import { RedeemForm } from './redeem-form.tsx'

/** `/redeem#CODE`, from a QR code. The code is in the fragment: it reaches no server log. */
export function RedeemPage() {
  const { t } = useTranslation()
  const code = useLocation().hash.slice(1)
  const { data: session, isPending, refetch } = useSession()
  if (isPending) return <PageLoading />
  if (!isSignedIn(session))
    return (
      <Page title={t('codes:title')} lead={t('codes:lead')}>
        <Stack align="flex-start">
          <Notice tone="quiet" title={t('codes:signIn.title')}>
            <p>{t('codes:signIn.text')}</p>
          </Notice>
          <SignInForm />
          <Button variant="default" onClick={() => void refetch()}>
            {t('codes:signIn.done')}
          </Button>
        </Stack>
      </Page>
    )
  return (
    <Page title={t('codes:title')} lead={t('codes:lead')}>
      <RedeemForm key={code} code={code} />
    </Page>
  )
}
