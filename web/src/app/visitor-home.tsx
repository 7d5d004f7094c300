import { Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { LinkButton } from '#web/components/link-button.tsx'
import { Panel } from '#web/components/panel.tsx'
import { usePageTitle } from '#web/components/use-page-title.ts'
import { Verification } from '#web/verify/verification.tsx'
import styles from './visitor-home.module.css'

export function VisitorHome() {
  const { t } = useTranslation()
  usePageTitle(t('app:hero.title'))
  return (
    <Verification
      start={(form) => (
        <div className={styles['columns']}>
          <Stack gap="lg" className={styles['words'] ?? ''}>
            <Title tabIndex={-1} className={styles['title'] ?? ''}>
              {t('app:hero.title')}
            </Title>
            <ol className={styles['lines']}>
              <li>{t('app:hero.lines.one')}</li>
              <li>{t('app:hero.lines.two')}</li>
              <li>{t('app:hero.lines.three')}</li>
            </ol>
            <div>
              <Title order={2} size="h3">
                {t('app:hero.earned')}
              </Title>
              <Text mt={4} mb="sm">
                {t('app:hero.earnedHow')}
              </Text>
              <LinkButton to="/sign-in">{t('app:signIn')}</LinkButton>
            </div>
          </Stack>
          <Panel title={t('app:hero.verifyTitle')}>{form}</Panel>
        </div>
      )}
    />
  )
}
