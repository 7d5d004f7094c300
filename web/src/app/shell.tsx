import { Container, Loader } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Outlet, ScrollRestoration, useLocation, useNavigation } from 'react-router'
import { Footer } from './footer.tsx'
import { Header } from './header.tsx'
import styles from './shell.module.css'

/** What stands around every page: skip link, header, the page, footer. */
export function Shell() {
  const { t } = useTranslation()
  const isLoading = useNavigation().state === 'loading'
  useFocusOnNewPage()
  return (
    <div className={styles['shell']}>
      <a className={styles['skip']} href="#content">
        {t('app:skip')}
      </a>
      <Header />
      <main id="content" tabIndex={-1} className={styles['main']} aria-busy={isLoading}>
        <Container py={{ base: 'lg', sm: 'xl' }}>
          <Outlet />
        </Container>
        {isLoading && (
          <div className={styles['loading']} role="status">
            <Loader size="sm" aria-hidden />
            <span>{t('app:loadingPage')}</span>
          </div>
        )}
      </main>
      <Footer />
      <ScrollRestoration />
    </div>
  )
}

/** After a move within the application, a screen reader begins at the new page, as it would after a full load. */
function useFocusOnNewPage(): void {
  const { pathname } = useLocation()
  const last = useRef(pathname)
  useEffect(() => {
    if (last.current === pathname) return
    last.current = pathname
    const heading = document.querySelector<HTMLElement>('main h1')
    const target = heading ?? document.querySelector<HTMLElement>('main')
    target?.focus({ preventScroll: true })
  }, [pathname])
}
