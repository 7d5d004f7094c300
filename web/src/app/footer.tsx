import { Anchor, Container } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import styles from './shell.module.css'

export function Footer() {
  const { t } = useTranslation()
  return (
    <footer className={styles['footer']}>
      <Container py="lg" className={styles['footerRow']}>
        <p>{t('app:footer.says')}</p>
        <ul>
          <li>
            <Anchor href="/docs/">{t('app:footer.docs')}</Anchor>
          </li>
          <li>
            <Anchor href="/openapi.json">{t('app:footer.openapi')}</Anchor>
          </li>
        </ul>
      </Container>
    </footer>
  )
}
