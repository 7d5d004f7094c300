import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import styles from './shell.module.css'

/** The hallmark and the name; leads home. */
export function Brand() {
  const { t } = useTranslation()
  return (
    <Link to="/" className={styles['brand']} aria-label={t('app:home')}>
      <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true">
        <path d="M10.2 2h11.6L30 10.2v11.6L21.8 30H10.2L2 21.8V10.2z" fill="var(--mantine-color-leaf-8)" />
        <path
          d="m9.5 16.6 4.4 4.4 8.8-9.4"
          fill="none"
          stroke="#fff"
          strokeWidth="3"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      Waarmerk
    </Link>
  )
}
