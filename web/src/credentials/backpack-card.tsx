import { Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { BackpackItem } from '#web/api/wire.ts'
import { BadgePicture } from '#web/components/badge-picture.tsx'
import { Pill } from '#web/components/pill.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import styles from './backpack.module.css'

export function BackpackCard({ item }: { readonly item: BackpackItem }) {
  const { t } = useTranslation()
  const { day } = useFormat()
  return (
    <li className={styles['card']}>
      <BadgePicture url={item.image ?? undefined} name="" size={112} />
      <div>
        <Link to={`/credentials/${item.credentialId}`} className={styles['link'] ?? ''}>
          <span lang={item.language}>{item.achievementName}</span>
        </Link>
        <Text size="sm" c="dimmed">
          {item.issuerName}
        </Text>
        <Text size="sm" c="dimmed">
          {day(item.awardedAt)}
        </Text>
      </div>
      <Group gap={6}>
        {item.test && <Pill tone="doubt">{t('components:test.title')}</Pill>}
        {item.state !== 'issued' && (
          <Pill tone={item.state === 'revoked' ? 'bad' : 'doubt'}>
            {t(`credentials:states.${item.state}`)}
          </Pill>
        )}
        <Pill tone={item.visibility === 'public' ? 'good' : 'quiet'}>
          {t(`credentials:backpack.${item.visibility}`)}
        </Pill>
      </Group>
    </li>
  )
}
