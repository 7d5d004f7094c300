import { useTranslation } from 'react-i18next'
import { LinkButton } from '#web/components/link-button.tsx'
import { Notice } from '#web/components/notice.tsx'

/** For whoever was let in by a claim link: why there is one badge here, and how to see the others. */
export function CameByLink() {
  const { t } = useTranslation()
  return (
    <>
      <Notice tone="quiet" title={t('signIn:byLink.title')}>
        <p>{t('signIn:byLink.text')}</p>
      </Notice>
      <div>
        <LinkButton to={`/sign-in?return=${encodeURIComponent('/backpack')}`}>{t('app:signIn')}</LinkButton>
      </div>
    </>
  )
}
