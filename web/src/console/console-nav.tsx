import { NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { NavLink, useNavigate } from 'react-router'
import type { Organisation } from '#web/api/wire.ts'
import styles from './console.module.css'
import { useOrganisation } from './organisation-context.ts'

interface ConsoleNavProps {
  readonly organisations: readonly Organisation[]
  readonly sections: readonly string[]
}

export function ConsoleNav({ organisations, sections }: ConsoleNavProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { slug } = useOrganisation()
  return (
    <nav aria-label={t('console:sections')} className={styles['nav']}>
      {organisations.length > 1 && (
        <NativeSelect
          aria-label={t('console:organisation')}
          mb="sm"
          value={slug}
          data={organisations.map((each) => ({ value: each.slug, label: each.name }))}
          onChange={({ currentTarget }) => void navigate(`/console/${currentTarget.value}/overview`)}
        />
      )}
      <ul>
        {sections.map((section) => (
          <li key={section}>
            <NavLink to={`/console/${slug}/${section}`}>{t(`console:nav.${section}`)}</NavLink>
          </li>
        ))}
      </ul>
    </nav>
  )
}
