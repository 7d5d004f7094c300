import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { PublicAchievement } from '#web/api/wire.ts'
import { BadgePicture } from '#web/components/badge-picture.tsx'
import { Panel } from '#web/components/panel.tsx'
import styles from './achievement-levels.module.css'
import { textFor } from './text-for.ts'

interface AchievementLevelsProps {
  readonly levels: NonNullable<PublicAchievement['imageLevels']>
  readonly language: string
}

/** Which picture a badge has, by the level that its earner reached, lowest first. */
export function AchievementLevels({ levels, language }: AchievementLevelsProps) {
  const { t, i18n } = useTranslation()
  return (
    <Panel title={t('achievements:levels')}>
      <Text mb="md">{t('achievements:levelsLead')}</Text>
      <ol className={styles['levels']}>
        {levels.map(({ result, level, name, url, altText }) => (
          <li key={`${result} ${level}`}>
            <BadgePicture url={url} name={textFor(altText, i18n.language, language) ?? ''} size={112} />
            <Text fw={600}>{textFor(name, i18n.language, language)}</Text>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
