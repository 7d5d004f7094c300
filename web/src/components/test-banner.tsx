import { useTranslation } from 'react-i18next'
import { Notice } from './notice.tsx'

/** Stands above everything of a sample or of an issuer on the machine itself. */
export function TestBanner() {
  const { t } = useTranslation()
  return (
    <Notice tone="doubt" title={t('components:test.title')}>
      {t('components:test.text')}
    </Notice>
  )
}
