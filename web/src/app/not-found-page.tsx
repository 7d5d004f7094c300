import { useTranslation } from 'react-i18next'
import { LinkButton } from '#web/components/link-button.tsx'
import { Page } from '#web/components/page.tsx'

export function NotFoundPage() {
  const { t } = useTranslation()
  return (
    <Page title={t('app:notFound.title')} lead={t('app:notFound.text')}>
      <div>
        <LinkButton to="/">{t('app:notFound.home')}</LinkButton>
      </div>
    </Page>
  )
}
