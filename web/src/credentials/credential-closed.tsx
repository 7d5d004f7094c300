import { Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { LinkButton } from '#web/components/link-button.tsx'
import { Page } from '#web/components/page.tsx'
import { useSession } from '#web/sign-in/use-session.ts'

/** What is not there and what was not shared look the same. */
export function CredentialClosed() {
  const { t } = useTranslation()
  const { data: session } = useSession()
  return (
    <Page title={t('credentials:closed.title')} lead={t('credentials:closed.text')}>
      {!session && <Text>{t('credentials:closed.signIn')}</Text>}
      <Group>
        {!session && <LinkButton to="/sign-in">{t('app:signIn')}</LinkButton>}
        <LinkButton to="/" variant="default">
          {t('app:notFound.home')}
        </LinkButton>
      </Group>
    </Page>
  )
}
