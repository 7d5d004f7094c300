import { Container } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { NavLink } from 'react-router'
import { Bell } from '#web/notifications/bell.tsx'
import { useSession } from '#web/sign-in/use-session.ts'
import { AccountMenu } from './account-menu.tsx'
import { Brand } from './brand.tsx'
import { ColourSchemeSwitch } from './colour-scheme-switch.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import styles from './shell.module.css'

export function Header() {
  const { t } = useTranslation()
  const { data: session } = useSession()
  return (
    <header className={styles['header']}>
      <Container className={styles['bar']}>
        <Brand />
        <nav aria-label={t('app:navigation')} style={{ display: 'contents' }}>
          <ul className={styles['nav']}>
            <li>
              <NavLink to="/verify">{t('app:verify')}</NavLink>
            </li>
            <li>
              <NavLink to="/catalogue">{t('app:catalogue')}</NavLink>
            </li>
            {session && (
              <li>
                <NavLink to="/" end>
                  {t('app:backpack')}
                </NavLink>
              </li>
            )}
            {session && session.organisations.length > 0 && (
              <li>
                <NavLink to="/console">{t('app:console')}</NavLink>
              </li>
            )}
          </ul>
        </nav>
        <div className={styles['tools']}>
          <LanguageSwitch />
          <ColourSchemeSwitch />
          <Bell />
          <AccountMenu />
        </div>
      </Container>
    </header>
  )
}
