import { useTranslation } from 'react-i18next'
import { LinkButton } from '#web/components/link-button.tsx'
import { Page } from '#web/components/page.tsx'

/** For the earner of a badge that was claimed and is not signed yet: `credential-not-signed`. */
export function CredentialUnsigned() {
  const { t } = useTranslation()
  return (
    <Page title={t('credentials:unsigned.title')} lead={t('credentials:unsigned.text')}>
      <div>
        <LinkButton to="/backpack" variant="default">
          {t('credentials:backpack.title')}
        </LinkButton>
      </div>
    </Page>
  )
}
